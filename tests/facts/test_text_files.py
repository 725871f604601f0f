"""JSON and YAML: every digit kept, every fault placed, nothing executed, limits held."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dualprev_rules.facts import Facts
from dualprev_rules.facts.possible import Finite
from dualprev_rules.problems import DualprevError, Problem
from tests.facts.asserts import codes, fact, notes, read, said

UNIT = "enterprise.units[U1]"


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def refusal(path: Path | str) -> Problem:
    with pytest.raises(DualprevError) as raised:
        read(path)
    return raised.value.problems[0]


def as_json(folder: Path, text: str) -> Facts:
    return read(write(folder, "site.json", text))


def as_yaml(folder: Path, text: str) -> Facts:
    return read(write(folder, "site.yaml", text))


# JSON.


def test_json_figures_keep_every_digit(tmp_path: Path) -> None:
    unit = '{"id": "U1", "pressure": 0.1000000000000000055511151231257827, "name": 5.10}'
    text = f'{{"enterprise": {{"units": [{unit}]}}}}'
    facts = as_json(tmp_path, text)
    assert facts.notes == ()
    assert fact(facts, f"{UNIT}.pressure").value.possible == Finite(
        (Fraction("0.1000000000000000055511151231257827"),)
    )
    assert said(fact(facts, f"{UNIT}.name").value) == ["5.10"]


@given(st.decimals(min_value=0, max_value=10**12, places=9))
def test_json_decimals(tmp_path_factory: pytest.TempPathFactory, number: Decimal) -> None:
    folder = tmp_path_factory.getbasetemp()
    facts = as_json(folder, f'{{"enterprise": {{"units": [{{"id": "U1", "pressure": {number:f}}}]}}}}')
    assert fact(facts, f"{UNIT}.pressure").value.possible == Finite((Fraction(number),))


def test_a_json_key_that_stands_twice_is_a_data_problem(tmp_path: Path) -> None:
    unit = '{"id": "U1", "kind": "storage", "kind": "production", "tanks": [{}], "tanks": [{}]}'
    facts = as_json(tmp_path, f'{{"enterprise": {{"units": [{unit}]}}}}')
    assert codes(facts) == ["facts.twice", "facts.twice"]
    assert facts.problems[0].given == "storage、production"
    assert not fact(facts, f"{UNIT}.kind").value.known
    tanks = fact(facts, f"{UNIT}.tanks").value.possible
    assert (len(tanks.records), tanks.complete) == (2, False)


def test_problems_in_json_are_placed(tmp_path: Path) -> None:
    facts = as_json(tmp_path, '{\n  "企业": {"units": [\n    {"id": "U1",\n     "oxygen": "约20"}]}\n}')
    (problem,) = facts.problems
    assert problem.place is not None
    assert str(problem.place) == f"{tmp_path / 'site.json'}:4:16"
    assert problem.place.source == '     "oxygen": "约20"}]}'
    assert problem.place.width == len('"约20"')


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [('{"enterprise": {]}', 1, 17), ("", 1, 1), ('{"a": 1}\n{"b": 2}', 2, 1), ("{'a': 1}", 1, 2)],
)
def test_json_that_is_none(tmp_path: Path, text: str, line: int, column: int) -> None:
    problem = refusal(write(tmp_path, "site.json", text))
    assert problem.code == "facts.syntax"
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (line, column)


def test_json_constants_are_no_numbers(tmp_path: Path) -> None:
    for constant in ("NaN", "Infinity", "-Infinity", "1e400", "9" * 5000):
        facts = as_json(tmp_path, f'{{"enterprise": {{"units": [{{"id": "U1", "pressure": {constant}}}]}}}}')
        assert codes(facts) == ["facts.too-many-digits" if constant[-1].isdigit() else "facts.not-a-number"]


def test_json_with_surrogates_is_a_problem_and_still_placed_by_file(tmp_path: Path) -> None:
    facts = as_json(tmp_path, r'{"enterprise": {"units": [{"id": "U1", "name": "\ud800"}]}}')
    assert codes(facts) == ["facts.broken-text"]
    assert facts.problems[0].place is not None
    json.dumps(facts.problems[0].to_json(), ensure_ascii=False).encode("utf-8")


def test_json_problems_of_a_large_file_are_placed_by_file(tmp_path: Path) -> None:
    text = json.dumps({"enterprise": {"units": [{"id": "U1", "oxygen": "x", "name": "n" * 5_000_000}]}})
    (problem,) = as_json(tmp_path, text).problems
    assert str(problem.place) == str(tmp_path / "site.json")


# YAML.


def test_yaml_scalars_are_typed_by_the_schema(tmp_path: Path) -> None:
    facts = as_yaml(
        tmp_path,
        """
        企业:
          units:
            - id: 010
              name: 5.10
              kind: 储存
              level: 2
              oxygen: 20.90
              has_interlock: true
              commissioned_on: 2019-03-01
              hazards: [J1, W5.1]
              pressure: ~
            - id: 12:30
              name: no
              has_interlock: no
              oxygen: "20.9"
              exposed_people: 1e3
        """,
    )
    first, second = "enterprise.units[010]", "enterprise.units[12:30]"
    assert said(fact(facts, f"{first}.name").value) == ["5.10"]
    assert said(fact(facts, f"{first}.oxygen").value) == ["20.9"]
    assert said(fact(facts, f"{first}.has_interlock").value) == ["true"]
    assert said(fact(facts, f"{first}.commissioned_on").value, days=True) == ["2019-03-01"]
    assert said(fact(facts, f"{first}.pressure").value) == "[0, ∞)"
    assert said(fact(facts, f"{second}.name").value) == ["no"]
    assert said(fact(facts, f"{second}.exposed_people").value) == ["1000"]
    assert codes(facts) == ["facts.not-a-bool"]
    assert notes(facts) == ["facts.read-number"]


def test_problems_in_yaml_are_placed_with_their_line(tmp_path: Path) -> None:
    facts = as_yaml(
        tmp_path,
        "enterprise:\n  units:\n    - id: U1\n      oxygen: {value: 35, by: 张三}\n"
        "      kindd: storage\n      substances: 5\n",
    )
    places = {p.code: (p.place.line, p.place.column, p.place.source) for p in facts.problems if p.place}
    assert places == {
        "facts.out-of-range": (4, 7, "      oxygen: {value: 35, by: 张三}"),
        "facts.unknown-key": (5, 14, "      kindd: storage"),
        "facts.not-a-list": (6, 19, "      substances: 5"),
    }
    assert "^" in facts.problems[0].show("zh")


def test_a_yaml_key_that_stands_twice(tmp_path: Path) -> None:
    facts = as_yaml(
        tmp_path, "enterprise:\n  units:\n    - {id: U1, kind: storage, kind: production, kind: storage}\n"
    )
    assert [(p.code, p.given) for p in facts.problems] == [("facts.twice", "storage、production、storage")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("enterprise: &a {units: [*a]}", "facts.yaml-alias"),
        ("a: &a [1]\nb: *a", "facts.yaml-alias"),
        ("enterprise: !!python/object/apply:os.system [x]", "facts.yaml-tag"),
        ("enterprise: !x {}", "facts.yaml-tag"),
        ("enterprise: {}\n---\nenterprise: {}", "facts.yaml-documents"),
        ("? [a]\n: b", "facts.yaml-key"),
        ("{enterprise}: 5", "facts.yaml-key"),
        ("enterprise:\n\t- a", "facts.syntax"),
        ("enterprise: [", "facts.syntax"),
        ("enterprise: 'a", "facts.syntax"),
        ("enterprise: \x07", "facts.syntax"),
        ("", "facts.not-a-mapping"),
        ("- enterprise", "facts.not-a-mapping"),
        ("enterprise: " + "[" * 40 + "]" * 40, "facts.too-deep"),
    ],
)
def test_yaml_that_is_refused(tmp_path: Path, text: str, code: str) -> None:
    problem = refusal(write(tmp_path, "site.yaml", text))
    assert problem.code == code
    assert problem.place is not None
    assert problem.text("zh")


# Files of any kind.


@pytest.mark.parametrize("name", ["site.json", "site.yaml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path: Path, name: str, encoding: str) -> None:
    text = '{"企业": {"名称": "示例化工"}}'
    facts = read(write(tmp_path, name, text.encode(encoding)))
    assert said(fact(facts, "enterprise.name").value) == ["示例化工"]
    assert notes(facts) == ([] if encoding.startswith("utf-8") else ["facts.read-encoding"])


def test_bytes_of_no_encoding(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, "site.yaml", b"\xff\xff\xff\xff")).code == "facts.encoding"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("none.json", "facts.file"),
        ("none.xlsx", "facts.file"),
        ("site.txt", "facts.file-kind"),
        ("site", "facts.file-kind"),
        ("a\x00b.json", "facts.file"),
        ("", "facts.empty-folder"),
    ],
)
def test_files_that_are_not_there_or_not_known(tmp_path: Path, name: str, code: str) -> None:
    problem = refusal(tmp_path / name if name else tmp_path)
    assert problem.code == code
    assert problem.text("en")


def test_a_path_may_be_text(tmp_path: Path) -> None:
    path = write(tmp_path, "SITE.JSON", '{"enterprise": {}}')
    assert read(str(path)).source == str(path)


def test_a_file_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dualprev_rules.facts.sources.files.MOST_BYTES", 1000)
    text = '{"enterprise": {}}'
    assert read(write(tmp_path, "site.json", text.ljust(1000))).problems == ()
    assert refusal(write(tmp_path, "site.json", text.ljust(1001))).code == "facts.too-large"


@pytest.mark.parametrize("form", ["json", "yaml", "object"])
@pytest.mark.parametrize(
    ("depth", "refused"), [(32, False), (33, True), (64, True), (900, True), (100_000, True)]
)
def test_depth(tmp_path: Path, form: str, depth: int, refused: bool) -> None:
    inner = depth - 2
    source: Any
    if form == "object":
        source = leaf = []
        for _ in range(inner - 1):
            source = [source]
        assert leaf == []
        source = {"enterprise": {"xyzzyqqq": source}}
    else:
        source = write(
            tmp_path, f"s.{form}", '{"enterprise": {"xyzzyqqq": ' + "[" * inner + "]" * inner + "}}"
        )
    if refused:
        with pytest.raises(DualprevError) as raised:
            read(source)
        assert raised.value.code == "facts.too-deep"
    else:
        assert codes(read(source)) == ["facts.unknown-key"]


def test_more_records_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dualprev_rules.facts.reading.MOST_RECORDS", 10)
    assert len(list(read({"unit": [{}] * 10}).roots)) == 10
    with pytest.raises(DualprevError) as raised:
        read({"unit": [{}] * 11})
    assert raised.value.code == "facts.too-many-records"


def test_a_shared_object_is_no_cycle_and_a_cycle_is_refused() -> None:
    shared = {"name": "氯"}
    assert read({"enterprise": {"units": [{"id": "U1", "substances": [shared, shared]}]}}).problems == ()
    loop: dict[str, Any] = {"name": "甲"}
    loop["units"] = [loop, loop]
    with pytest.raises(DualprevError) as raised:
        read({"enterprise": loop})
    assert raised.value.code == "facts.too-deep"


def test_a_file_of_wrong_names_does_not_take_hours() -> None:
    """A nearest name is sought for the first thousand only; every one of them is reported."""
    wrong = {f"wrong_{n}": n for n in range(20_000)}
    facts = read({"enterprise": {"units": [{"id": "U1", **wrong}]}})
    assert len(facts.problems) == len(wrong)
    assert facts.problems[-1].nearest is None


@pytest.mark.parametrize(("levels", "code"), [(30, "facts.not-a-record"), (31, "facts.too-deep")])
def test_json_nests_as_deep_as_objects_may(tmp_path: Path, levels: int, code: str) -> None:
    """32 levels in all, two of them mappings: the same from a file as from memory."""
    text = f'{{"enterprise": {{"units": {"[" * levels}{"]" * levels}}}}}'
    for source in (lambda: as_json(tmp_path, text), lambda: read(json.loads(text))):
        try:
            found = codes(source())
        except DualprevError as error:
            found = [problem.code for problem in error.problems]
        assert found == [code]
