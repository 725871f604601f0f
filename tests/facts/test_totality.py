"""Any input is read into facts with problems, or refused with the one error of this library."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from dualprev_rules.facts import Facts
from dualprev_rules.facts.plan import Plans
from dualprev_rules.problems import DualprevError
from tests.cases import FULL, cases
from tests.facts.asserts import at, read
from tests.facts.schema import SCHEMA
from tests.facts.sites import SITES

# At least so many also in a plain run.
MANY = settings(max_examples=5_000 if FULL else 500)

NAMES = sorted(
    {spelling for e in SCHEMA.entities for spelling in Plans(SCHEMA)[e].names.exact}
    | {*Plans(SCHEMA).entities.exact}
)
PARTS = [
    "value",
    "unit",
    "at",
    "by",
    "source",
    "valid_until",
    "items",
    "complete",
    "at_least",
    "at_most",
    "between",
    "one_of",
    "值",
]
KEYS = st.one_of(st.sampled_from(NAMES), st.sampled_from(PARTS), st.text(max_size=8))
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            " ",
            "约200",
            "200",
            "1 000 kg",
            "500 kg",
            "<0.5",
            "≥",
            "<",
            "是",
            "no",
            "2019-02-30",
            "储存",
            "7782-50-5",
            "\ud800",
            "J1、J9",
            "无",
            "NaN",
            "1e99",
            "1/0",
            "9" * 41,
            "true",
            "null",
            "P1",
            "1.6 MPa(G)",
            "]",
            "\x00",
            "U" * 300,
        ]
    ),
    st.text(st.characters(categories=["Cs", "Cc", "Lo", "Nd"]), max_size=4),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXTS,
    st.integers(10**39, 10**45),
    st.just(10**4000),
    st.decimals(),
    st.fractions(),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=3),
    st.complex_numbers(),
    st.just(object()),
    st.timedeltas(),
)


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(KEYS, inner, max_size=5),
        st.dictionaries(st.one_of(SCALARS.filter(_hashable), KEYS), inner, max_size=3),
        st.tuples(inner, inner),
    ),
    max_leaves=25,
)


def settle(source: Any, **options: Any) -> Facts | DualprevError:
    """Read a source, and make sure of all that must hold whatever it is."""
    try:
        facts = read(source, **options)
    except DualprevError as refused:
        for problem in (refused.problems[0], *refused.problems):
            sayable(problem)
        return refused
    paths = [record.path for record in facts.records() if not record.phantom]
    assert len(paths) == len(set(paths))
    shorts = [record.short for record in facts.records() if not record.phantom]
    assert len(shorts) == len(set(shorts))
    for record in facts.records():
        for name in record.entity.attributes:
            value = record.value(name)
            assert value.known or value.causes
    for problem in facts.problems + facts.notes:
        sayable(problem)
    return facts


def sayable(problem: Any) -> None:
    for lang in ("zh", "en"):
        assert problem.show(lang)
    json.dumps(problem.to_json(), ensure_ascii=False).encode("utf-8")


@given(
    st.one_of(
        TREES,
        st.dictionaries(st.sampled_from(["enterprise", "企业", "unit", "substance"]), TREES, max_size=3),
    )
)
@MANY
def test_any_object(tree: Any) -> None:
    settle(tree)


@given(st.dictionaries(KEYS, TREES, max_size=8))
@MANY
def test_any_record(record: dict[str, Any]) -> None:
    settle({"enterprise": {"units": [{"id": "U1", **record}], "persons": [record]}}, lists="stated")


JSON_TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=25,
)


@given(JSON_TREES, st.booleans())
@settings(max_examples=cases(4000))
def test_any_json(tmp_path_factory: pytest.TempPathFactory, tree: Any, ascii_only: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    text = json.dumps({"enterprise": tree}, ensure_ascii=ascii_only)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    settle(path)


@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass"))
    )
)
@settings(max_examples=cases(4000))
@pytest.mark.parametrize("name", ["any.json", "any.yaml", "unit.csv", "any.xlsx"])
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    settle(path)


YAML_PIECES = [
    "enterprise:",
    "units:",
    "- ",
    "  ",
    "\n",
    "id: U1",
    "oxygen: ",
    "{",
    "}",
    "[",
    "]",
    "&a",
    "*a",
    "!!str",
    "'",
    '"',
    "|",
    ">",
    ": ",
    "#",
    "---",
    "...",
    "%YAML 1.1",
    "? ",
    "<<: ",
    "\t",
    "35",
    "约20",
    "null",
    "~",
    ",",
]


@given(st.lists(st.sampled_from(YAML_PIECES), max_size=30))
@settings(max_examples=cases(8000))
def test_any_yaml(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "pieces.yaml"
    path.write_text("".join(pieces), "utf-8")
    settle(path)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([*NAMES, "本表已填全", "否", "U1", "T1", "#N/A", "=1+1", "容积(L)", "unit.tanks"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=["Cs"]), max_size=6),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.timedeltas(timedelta(0), timedelta(1)),
)


@given(
    st.dictionaries(
        st.sampled_from(["enterprise", "单元", "储罐", "物质", "person", "厂区", "Sheet1"]),
        st.lists(st.lists(CELLS, max_size=5), max_size=5),
        min_size=1,
    )
)
@settings(max_examples=cases(1500))
def test_any_workbook(tmp_path_factory: pytest.TempPathFactory, sheets: dict[str, list[list[Any]]]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    settle(path)


# A seed costs Hypothesis one draw; a random object, one for every number that is taken of it.
CHANCES = st.integers(0, 2**32).map(random.Random)


def _mutations(tree: Any) -> list[Callable[[random.Random], Any]]:
    """Return the ways in which one part of a site may be spoilt."""
    places: list[tuple[Any, Any]] = []

    def walk(part: Any) -> None:
        for key, value in list(part.items() if isinstance(part, dict) else enumerate(part)):
            places.append((part, key))
            if isinstance(value, (dict, list)):
                walk(value)

    walk(tree)

    def spoil(chance: random.Random) -> None:
        part, key = chance.choice(places)
        match chance.randrange(5):
            case 0:
                part[key] = chance.choice(
                    [None, True, "", "约5", [], {}, {"value": part[key]}, 1e300, -1, "no", b""]
                )
            case 1 if isinstance(part, dict):
                part[key[:-1] + "x"] = part.pop(key)
            case 2 if isinstance(part, list):
                part.append(deepcopy(part[key]))
            case 3:
                part[key] = {"items": part[key], "complete": False}
            case _:
                part[key] = [part[key]]

    return [spoil]


@given(SITES, CHANCES, st.integers(1, 4))
@MANY
def test_spoilt_sites(site: dict[str, Any], chance: random.Random, times: int) -> None:
    for _ in range(times):
        (spoil,) = _mutations(site)
        try:
            spoil(chance)
        except (KeyError, IndexError):
            continue
    settle(site)


@given(SITES, CHANCES)
@settings(max_examples=cases(2000))
def test_order_of_keys_changes_nothing(site: dict[str, Any], chance: random.Random) -> None:
    def shuffled(part: Any) -> Any:
        if isinstance(part, dict):
            items = list(part.items())
            chance.shuffle(items)
            return {key: shuffled(value) for key, value in items}
        return [shuffled(value) for value in part] if isinstance(part, list) else part

    one, other = read(site), read(shuffled(site))
    assert sorted(r.path for r in one.records()) == sorted(r.path for r in other.records())
    for record in one.records():
        if not record.phantom:
            twin = at(other, record.path)
            for name, found in record.facts.items():
                assert repr(twin.fact(name).value) == repr(found.value)


@pytest.mark.parametrize(
    "odd",
    [
        float("nan"),
        float("inf"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        Fraction(1, 3**200),
        -(10**5000),
        b"\xff",
        bytearray(b"x"),
        range(3),
        iter([1]),
        (x for x in "ab"),
        {1, "a"},
        frozenset(),
        memoryview(b"a"),
        Ellipsis,
        NotImplemented,
        type,
        print,
        date.min,
        timedelta.max,
        1j,
        "\udfff",
        "\x00" * 100,
        "a" * 10**6,
    ],
    ids=lambda odd: type(odd).__name__,
)
def test_odd_objects_everywhere(odd: Any) -> None:
    for name in SCHEMA.entities["unit"].attributes:
        for given_as in (
            odd,
            [odd],
            {"value": odd},
            {"at_least": odd},
            {"one_of": [odd]},
            {"items": [odd]},
            {"value": True, "at": odd},
        ):
            settle({"enterprise": {"units": [{name: given_as}]}})
    settle(odd)
    settle({"enterprise": odd})
    try:
        settle({odd: {}, "enterprise": {odd: odd}})
    except TypeError:
        assert not _hashable(odd)


def test_every_settled_example_of_yaml_dumps_too(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(yaml.safe_dump({"enterprise": {"units": [{"oxygen": [{"a": [1]}]}]}}), "utf-8")
    settle(path)
