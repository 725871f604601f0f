"""A name or a CAS number that fits several rows decides nothing that the other, or the facts, would undo."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules import Result
from tests.engines import loaded

ENGINE = loaded("chemicals")
NITRATE = "6484-52-2"
PRINTED_43 = "硝酸铵(含可燃物>0.2%,包括以碳计算的任何有机物,但不包括任何其他添加剂)"
PRINTED_44 = "硝酸铵(含可燃物≤0.2%)"


def _assess(**substance: Any) -> Result:
    facts = {"unit": {"id": "U1", "substances": [{"quantity": 100, "categories": [], **substance}]}}
    return ENGINE.assess(facts)


def _s(result: Result) -> Any:
    return result.derived["unit[U1].s_value"].value


def _codes(result: Result) -> set[str]:
    return {problem.code for problem in result.data_problems}


@pytest.mark.parametrize(
    ("percent", "expected"), [("0.1", ["0.5", "2"]), ("0.3", ["0.5", "20"]), ("0.5", "20")]
)
def test_a_number_of_several_substances_leaves_all_of_them_possible(percent: str, expected: Any) -> None:
    found = _s(_assess(cas=NITRATE, combustible_percent=percent))
    assert found == ({"values": expected} if isinstance(expected, list) else expected)


def test_the_name_decides_between_them() -> None:
    facts = {"cas": NITRATE, "combustible_percent": "0.1"}
    assert _s(_assess(name="硝酸铵肥料", **facts)) == "0.5"
    assert _s(_assess(name="硝酸铵", **facts)) == "2"
    alone = _assess(**facts)
    assert "unit[U1].substances[1].name" in {each.path for each in alone.questions}


def test_a_solution_may_hide_behind_the_number_of_nitrocellulose() -> None:
    facts = {"cas": "9004-70-0", "quantity": 5, "water_percent": 48, "ethanol_percent": 48}
    facts |= {"nitrogen_percent": 12, "plasticiser_percent": "0.2", "nitrocellulose_percent": "0.4"}
    alone = _assess(**facts)
    assert alone.derived["unit[U1].is_major_hazard_installation"].open
    assert _s(_assess(name="硝化纤维素溶液", **facts)) == "0.1"


@pytest.mark.parametrize("more", [{}, {"cas": NITRATE}, {"entry": "none"}])
def test_fertiliser_with_more_combustibles_falls_back_to_ammonium_nitrate(more: dict[str, Any]) -> None:
    result = _assess(name="硝酸铵肥料", combustible_percent="0.5", **more)
    if "entry" not in more:
        assert _s(result) == {"values": ["0.5", "20"]}
        assert _codes(result) == {"result.facts-deny"}
    assert result.derived["unit[U1].is_major_hazard_installation"].value is not False


def test_fertiliser_of_unknown_combustibles_may_be_ammonium_nitrate() -> None:
    assert _s(_assess(name="硝酸铵肥料")) == {"values": ["0.5", "2", "20"]}


@pytest.mark.parametrize(
    ("facts", "s"),
    [
        ({"name": PRINTED_43, "cas": NITRATE, "combustible_percent": "0.1"}, {"values": ["2", "20"]}),
        ({"name": PRINTED_44, "cas": NITRATE, "combustible_percent": "0.3"}, "20"),
        (
            {
                "name": "硝化纤维素(含水≥25%)",
                "cas": "9004-70-0",
                "water_percent": 10,
                "ethanol_percent": 0,
                "plasticiser_percent": 0,
                "nitrogen_percent": 13,
            },
            {"values": ["2", "100"]},
        ),
        (
            {
                "name": "硝酸(发红烟的除外,含硝酸>70%)",
                "cas": "7697-37-2",
                "content_percent": 80,
                "is_red_fuming": True,
            },
            "5",
        ),
        ({"name": "硝酸(发红烟的除外,含硝酸>70%)", "cas": "7697-37-2"}, {"values": ["1", "5"]}),
        ({"name": "甲醛(含量>90%)", "cas": "50-00-0", "content_percent": 30}, "20"),
        ({"name": "氯化氢(无水)", "cas": "7647-01-0", "is_anhydrous": False}, "5"),
    ],
)
def test_a_printed_name_never_decides_a_substance_out(facts: dict[str, Any], s: Any) -> None:
    assert _s(_assess(**facts)) == s


@pytest.mark.parametrize("name", ["CO", "一氧化碳", None])
def test_carbon_monoxide_is_found_by_its_number(name: str | None) -> None:
    result = _assess(cas="630-08-0", quantity=20, **({"name": name} if name else {}))
    assert _s(result) == "1"


@pytest.mark.parametrize("cas", ["97-93-8", "75-24-1", "100-99-2", "102-67-0", "1116-70-7"])
def test_aluminium_alkyls_are_found_by_their_numbers(cas: str) -> None:
    assert _s(_assess(name="Triethylaluminum", cas=cas, quantity=1)) == "1"


def test_coal_gas_may_have_a_number_of_its_own() -> None:
    result = _assess(name="焦炉煤气", cas="65996-81-8", quantity=20)
    assert (_s(result), _codes(result)) == ("1", set())


def test_a_row_beside_a_stricter_one_is_told_and_both_stay() -> None:
    result = _assess(name="硝酸铵", cas=NITRATE, entry="44", combustible_percent="0.3")
    assert (_codes(result), _s(result)) == ({"result.row-tied"}, {"values": ["2", "20"]})


@pytest.mark.parametrize("more", [{}, {"entry": "none"}])
def test_strong_nitric_acid_is_in_table_1_whether_it_fumes_or_not(more: dict[str, Any]) -> None:
    result = _assess(name="硝酸", cas="7697-37-2", content_percent=98, quantity=200, **more)
    denied = ["0", "0.04"] if more else []
    assert _s(result) == {"values": [*denied, "2", "10"]}
    decided = result.derived["unit[U1].is_major_hazard_installation"]
    assert decided.open if more else decided.value is True


@pytest.mark.parametrize(
    ("facts", "learned"),
    [
        ({"name": "氯化氢", "cas": "7647-01-0", "quantity": 20}, {"is_anhydrous": True}),
        (
            {"name": "硝化纤维素", "cas": "9004-70-0", "quantity": 1},
            {"water_percent": 10, "ethanol_percent": 0},
        ),
    ],
)
def test_none_never_turns_into_its_opposite(facts: dict[str, Any], learned: dict[str, Any]) -> None:
    before = _assess(entry="none", **facts)
    after = _assess(entry="none", **facts, **learned)
    assert _s(before) == "0"
    assert after.derived["unit[U1].is_major_hazard_installation"].open
    assert _codes(after) == {"result.row-both"}
