"""No figure of the pack is typed wrongly or made up: each is compared with the reference, exactly."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from tests.packs.parts import ROOT, numbers, parts, read, same, where

PACK = ROOT / "packs/gas/dualprev_pack_gas"
REFERENCED = read(ROOT / "tests/reference/gas.yaml")
ENCODED = where(PACK)["encoded"]
PARTS = parts(PACK)
ITEMS = {item["id"]: item for item in REFERENCED["items"]}
FIGURES = [
    (item, parameter["name"])
    for item in ENCODED
    for parameter in ITEMS[item]["parameters"]
    if any(True for _ in numbers(parameter))
]
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
# None, one or several of a thing: no limit of a clause.
_STRUCTURAL = {Fraction(0), Fraction(1)}
# Figures that the reference states in the words of the clause or in its id, and the steps of its table.
_IN_WORDS = {
    "gas.neg.two-phase": {Fraction(50)},
    "gas.gb50028.8-5c": {Fraction(2)},  # a rating of 2 or better
    "gas_target.lpg_distance": {Fraction(n) for n in range(1, 8)},
}
# The first bound of the permission is the upper one of the sentence before it in the same clause.
_OF_THE_CLAUSE = {"gas.catering.1b": "catering-100kg", "gas.gb50028.8-5f": "gb50028-bottle-group-1m3"}


@pytest.mark.parametrize(("item", "name"), FIGURES)
def test_figure_of_the_reference_stands_in_the_pack(item: str, name: str) -> None:
    for parameter in (p for p in ITEMS[item]["parameters"] if p["name"] == name):
        encoding = [PARTS[part] for part in ENCODED[item]]
        named = [part for part in encoding if name in part.parameters]
        for part in named:
            [wanted] = numbers(parameter)
            unit = parameter["unit"].replace("null", "")
            assert same(part.parameters[name], part.units[name], wanted, unit), part.id
        if not named:
            held = set[Fraction]().union(*(part.figures for part in encoding))
            assert set(numbers(parameter)) - held == set()


@pytest.mark.parametrize("part", PARTS)
def test_figure_of_the_pack_stands_in_the_reference(part: str) -> None:
    allowed = _stated(part) | _of_rows(part) | _STRUCTURAL | _IN_WORDS.get(part, set())
    held = {figure for figure in PARTS[part].figures if abs(figure) not in allowed}
    assert held == set()


def _items(part: str) -> list[str]:
    others = [_OF_THE_CLAUSE[part]] if part in _OF_THE_CLAUSE else []
    return [item for item, encoding in ENCODED.items() if part in encoding] + others


def _stated(part: str) -> set[Fraction]:
    return {f for item in _items(part) for p in ITEMS[item]["parameters"] for f in numbers(p)}


def _of_rows(part: str) -> set[Fraction]:
    rows = [row for item in _items(part) for row in ITEMS[item].get("rows", [])]
    words = [word for row in rows for pair in row.items() for word in pair]
    return {Fraction(figure) for word in words for figure in _FIGURE.findall(word)}


# --- tables, row by row ----------------------------------------------------------------------------

_STEPS = (
    "V<=50,v<=20",
    "50<V<=220,v<=50",
    "220<V<=500,v<=100",
    "500<V<=1000,v<=200",
    "1000<V<=2500,v<=400",
    "2500<V<=5000,v<=1000",
    "V>5000",
)
_COLUMNS: dict[str, tuple[str, dict[str, str]]] = {
    "gb55009-protection-range": ("gb55009.protection", {"end": "to_m"}),
    "gb55009-control-range": ("gb55009.control", {"start": "from_m", "end": "to_m"}),
    "gb50028-6-3-3-1": (
        "gb50028.horizontal",
        {
            "low": "low",
            "medium_b": "medium_B",
            "medium_a": "medium_A",
            "sub_high_b": "sub_high_B",
            "sub_high_a": "sub_high_A",
        },
    ),
    "gb50028-6-3-3-2": ("gb50028.vertical", {"least": "min"}),
    "gb50028-6-3-4": ("gb50028.cover", {"least": "min"}),
    "gb50028-10-2-36": ("gb50028.indoor", {"parallel": "parallel", "crossing": "crossing"}),
    "gb50028-8-3-7": ("gb50028.lpg-tanks", {f"row_{n}": step for n, step in enumerate(_STEPS, 1)}),
    "gb50028-lpg-depot-distance": (
        "gb50028.depot",
        {"over_10": "I_10<V<=20", "over_6": "I_6<V<=10", "over_3": "II_3<V<=6", "over_1": "II_1<V<=3"},
    ),
    "gb50028-lng-tank-distance": (
        "gb50028.lng-tanks",
        {
            "up_to_10": "V<=10",
            "up_to_30": "10<V<=30",
            "up_to_50": "30<V<=50",
            "up_to_200": "50<V<=200",
            "up_to_500": "200<V<=500",
            "up_to_1000": "500<V<=1000",
            "up_to_2000": "1000<V<=2000",
        },
    ),
    "gb50028-lng-bottle-distance": ("gb50028.lng-bottles", {"up_to_2": "V<=2", "up_to_4": "2<V<=4"}),
    "gb50028-bottle-group-distance": ("gb50028.bottle-group", {"up_to_2": "V<=2", "up_to_4": "2<V<=4"}),
    "gb17905-7-3-1": ("gb17905.lives", {"life": "years"}),
}


def _cell(text: str | None) -> Fraction | None:
    """Return the figure of a cell; a word or nothing is no figure."""
    return Fraction(text) if text is not None and _FIGURE.fullmatch(text) else None


@pytest.mark.parametrize("item", _COLUMNS)
def test_table_row_by_row(item: str) -> None:
    table, columns = _COLUMNS[item]
    written = [{column: _cell(row.get(column)) for column in columns} for row in PARTS[table].source["rows"]]
    wanted = [{column: _cell(row[name]) for column, name in columns.items()} for row in ITEMS[item]["rows"]]
    assert written == wanted


def test_every_table_is_compared() -> None:
    tables = {name for name, part in PARTS.items() if "table" in part.source}
    assert tables == {table for table, _ in _COLUMNS.values()}


def test_neighbours_stand_in_the_order_of_the_reference() -> None:
    """A row moved by one would pair a figure with another neighbour."""
    rows = PARTS["gb50028.horizontal"].source["rows"]
    of = {
        "给水管": "water_pipe",
        "污水雨水排水管": "sewer",
        "热力管在管沟内(至外壁)": "heat_pipe_trench",
        "铁路路堤坡脚": "railway",
        "街树(至树中心)": "street_tree",
        "建筑物外墙面(出地面处)": "building_wall",
    }
    for row, stated in zip(rows, ITEMS["gb50028-6-3-3-1"]["rows"], strict=True):
        if stated["neighbour"] in of:
            assert row["neighbour"] == [of[stated["neighbour"]]]


# --- pressure classes and grades -------------------------------------------------------------------

_CLASSES = {
    "超高压": "super_high",
    "高压A": "high_a",
    "高压B": "high_b",
    "次高压A": "sub_high_a",
    "次高压B": "sub_high_b",
    "中压A": "medium_a",
    "中压B": "medium_b",
    "低压": "low",
}


def _interval(low: str, low_closed: bool, high: str, high_closed: bool) -> str:
    if low == "null":
        return f"{'<=' if high_closed else '<'} {high}"
    if high == "null":
        return f"{'>=' if low_closed else '>'} {low}"
    return f"{'[' if low_closed else '('}{low}..{high}{']' if high_closed else ')'}"


def test_pressure_classes_of_gb55009() -> None:
    rows = PARTS["gas_pipeline.pressure_class"].source["decide"]["rows"]
    wanted = [
        (_interval(r["p_min_exclusive"], False, r["p_max_inclusive"], True), _CLASSES[r["class"]])
        for r in ITEMS["gb55009-pressure-class"]["rows"]
    ]
    assert [(row["p"], row["then"]) for row in rows] == wanted


def test_pressure_classes_of_gb50028() -> None:
    rows = PARTS["gas_pipeline.design_class"].source["decide"]["rows"]
    wanted = [
        (
            _interval(r["min"], r["min_inclusive"] == "true", r["max"], r["max_inclusive"] == "true"),
            _CLASSES[r["class"]],
        )
        for r in ITEMS["gb50028-6-1-6"]["rows"]
    ]
    assert [(row["p"], row["then"]) for row in rows] == wanted


def test_grades_of_depots() -> None:
    rows = PARTS["gas_station.depot_grade"].source["decide"]["rows"]
    wanted = [
        _interval(r["V_min_exclusive"], False, r["V_max_inclusive"], True)
        for r in ITEMS["gb50028-lpg-depot-class"]["rows"]
    ]
    assert [row["V"] for row in rows] == wanted


@pytest.mark.parametrize(("name", "letter"), [("total_step", "V"), ("single_step", "v")])
def test_steps_of_lpg_tanks(name: str, letter: str) -> None:
    rows = PARTS[f"gas_station.{name}"].source["decide"]["rows"]
    tops = [m[1] for step in _STEPS if (m := re.search(rf"{letter}<=(\d+)", step))]
    assert [_FIGURE.findall(row[letter])[-1] for row in rows[:-1]] == tops
    assert rows[-1][letter] == f"> {tops[-1]}"
    assert [row["then"] for row in rows] == [str(n) for n in range(1, 8)]
