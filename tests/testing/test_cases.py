"""Running the cases of a pack: what is compared, and what is shown where something differs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dualprev_rules.engine import Engine
from dualprev_rules.pack import Case, read_cases, read_pack
from dualprev_rules.problems import DualprevError
from dualprev_rules.testing import CaseResult, run_cases
from dualprev_rules.testing.cases import same

YARD = Path(__file__).parents[1] / "cli" / "yard"
U1 = {"id": "U1", "drums": 21, "has_bund": False}


def run(expect: dict[str, Any], **facts: Any) -> CaseResult:
    [first, *_] = read_cases(read_pack(YARD))
    case = Case(
        "made here",
        first.as_of,
        "national",
        {"enterprise": {"units": [{**U1, **facts}]}},
        expect,
        first.place,
        "yard",
    )
    [result] = run_cases([case], [YARD])
    return result


def test_the_cases_of_the_pack_pass() -> None:
    results = run_cases(read_cases(read_pack(YARD)), [YARD])
    assert [result.case.name for result in results] == ["21桶，无围堰", "桶数不明", "过多，豁免不明"]
    assert all(result.passed for result in results)


@pytest.mark.parametrize(
    ("facts", "rule", "outcome"),
    [
        ({}, "01", "violated"),
        ({"has_bund": True}, "01", "compliant"),
        ({"drums": 20}, "01", "not_applicable"),
        ({"has_bund": None}, "01", "undetermined"),
        ({"drums": None, "has_bund": True}, "01", "harmless"),
        ({"drums": 101}, "02", "presumed"),
        ({"drums": 101, "is_exempt": True}, "02", "not_applicable"),
        ({"drums": None}, "02", "undetermined"),
    ],
)
def test_each_word_for_an_outcome_means_that_alone(facts: dict[str, Any], rule: str, outcome: str) -> None:
    key = f"unit[U1]: yard.2020.{rule}"
    assert run({key: outcome}, **facts).passed
    others = {"violated", "compliant", "not_applicable", "undetermined", "harmless", "presumed"} - {outcome}
    for other in others:
        [mismatch] = run({key: other}, **facts).mismatches
        assert (mismatch.key, mismatch.expected, mismatch.got) == (key, other, outcome)


def test_a_record_may_be_named_by_its_full_path() -> None:
    assert run(
        {"enterprise.units[U1]: yard.2020.01": "violated", "enterprise.units[U1].drum_load": "5.25"}
    ).passed


def test_a_mismatch_comes_with_its_reasons() -> None:
    [mismatch] = run({"unit[U1]: yard.2020.01": "compliant"}).mismatches
    assert [reason["label"]["en"] for reason in mismatch.because] == ["applies", "violated"]
    assert mismatch.derived is not None
    assert list(mismatch.derived) == ["unit[U1].drum_load"]
    [mismatch] = run({"unit[U1].drum_load": "5"}).mismatches
    assert mismatch.got == "5.25"
    assert mismatch.because[0]["what"] == "drums / 4"


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("unit[U1]: yard.2020.1", "unit[U1]: yard.2020.01"),
        ("unit[U11]: yard.2020.02", "unit[U1]: yard.2020.02"),
        ("unit[U1].drums_load", "unit[U1].drum_load"),
        ("unit[U1].drums", "unit[U1].drum_load"),
        ("drum_load", None),
    ],
)
def test_what_there_is_not_is_said_with_the_nearest_that_there_is(key: str, near: str | None) -> None:
    [mismatch] = run({key: "violated"}).mismatches
    assert mismatch.missing
    assert near is None or mismatch.nearest == near


def test_open_values_are_compared_by_what_is_named() -> None:
    key = "unit[U1].drum_load"
    assert run({key: "undetermined"}, drums=None).passed
    assert run({key: {"low": "0"}}, drums=None).passed
    assert not run({key: {"low": "1"}}, drums=None).passed
    assert not run({key: "undetermined"}).passed
    assert (
        run({key: {"values": ["25.25", "101/8", "0.25"]}}, drums={"one_of": [1, 101, 50.5]}).passed is False
    )
    assert run({key: {"values": ["25.25", "1/4"]}}, drums={"one_of": [1, 101]}).passed


@pytest.mark.parametrize(
    ("expected", "got", "equal"),
    [
        ("0.50", "1/2", True),
        (1, "1", True),
        ("true", True, True),
        (True, True, True),
        ("true", False, False),
        ("1", True, False),
        (None, None, True),
        ("none", None, True),
        ("0", None, False),
        (None, "0", False),
        ("tank_farm", "tank_farm", True),
        ({"low": "1"}, {"low": "1", "high": None}, True),
        ({"high": None}, {"low": "1", "high": None}, True),
        ({"low": "1", "hihg": "2"}, {"low": "1", "high": "2"}, False),
        ({}, {"low": "1"}, False),
        ("1", {"low": "1"}, False),
        ({"values": ["b", "a"]}, {"values": ["a", "b"]}, True),
        (["a", "a"], ["a", "b"], False),
        (["a"], ["a", "b"], False),
    ],
)
def test_same(expected: Any, got: Any, equal: bool) -> None:
    assert same(expected, got) is equal


def test_packs_are_loaded_once_for_each_day_and_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[Any] = []
    load = Engine.load

    def counted(**asked: Any) -> Engine:
        loaded.append((str(asked["as_of"]), asked["profile"]))
        return load(**asked)

    monkeypatch.setattr(Engine, "load", counted)
    run_cases(read_cases(read_pack(YARD)), [YARD])
    assert loaded == [("2026-11-21", "national"), ("2021-01-01", "national")]


def test_facts_that_cannot_be_used_fail_their_case_only() -> None:
    [first, second, *_] = read_cases(read_pack(YARD))
    broken = Case(first.name, first.as_of, "national", "no.such.file", first.expect, first.place, "yard")
    results = run_cases([broken, second], [YARD])
    assert [result.passed for result in results] == [False, True]
    assert results[0].problems


def test_a_misspelt_fact_fails_its_case_even_where_the_outcome_is_the_expected_one() -> None:
    result = run({"unit[U1]: yard.2020.01": "violated"}, is_exampt=True)
    assert not result.passed
    assert result.mismatches == ()
    assert [(fault.given, fault.nearest) for fault in result.problems] == [("is_exampt", "is_exempt")]


def test_a_pack_that_does_not_load_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DualprevError):
        run_cases(read_cases(read_pack(YARD)), [tmp_path])
