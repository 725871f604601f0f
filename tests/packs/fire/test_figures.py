"""No figure of the pack is typed wrongly or made up: each is compared with the reference, exactly."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from tests.packs.parts import ROOT, numbers, parts, read, same, where

PACK = ROOT / "packs/fire/dualprev_pack_fire"
REFERENCED = read(ROOT / "tests/reference/fire.yaml")
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
# Counting, halving, doubling, and the ratings and floors that name a row: no limit of a clause.
_STRUCTURAL = {Fraction(n) for n in (0, 1, 2, 3, 4)}
# Figures that the reference states in the words of the clause beside its parameters.
_IN_WORDS = {
    "premises.shop_density": {Fraction(10)},  # 30 % of the table, written as 3/10
    "premises.distance_factor": {Fraction("1.25")},
    "fire.gb50016.5-5-17-4b": {Fraction("1.25")},
    "fire.gb50016.8-4-1a": {Fraction(500)},
    "fire.gb50016.8-5-2d": {Fraction(32), Fraction(40), Fraction(20)},
    "fire.gb50016.7-2-2a": {Fraction(50)},
    "fire.gb55037.7-4-1": {Fraction(25), Fraction(15)},
    "fire.gb50974.7-4-12b": {Fraction("0.5")},
    "fire.gb50974.4-3-3": {Fraction(2000)},
    "fire.gb50974.4-3-6": {Fraction(500), Fraction(1000)},
    "premises.width_row": {Fraction(10)},
    "premises.is_high_rise": {Fraction(27), Fraction(24)},
    "premises.is_in_high_building": {Fraction(24)},  # what a high-rise factory or store is
    "building.is_high_building": {Fraction(24)},  # what a high-rise factory or store is
    "fire.gb55037.7-1-4d": {Fraction(1), Fraction(18)},
    "fire.gb55037.4-3-16": {Fraction(1, 2)},
    "fire_compartment.plant_limit": {Fraction(24)},  # what a high-rise factory is
    "building.base_tank_volume": {Fraction(n) for n in (100, 150, 21, 25)},
    "building.shop_tank_volume": {Fraction(10000), Fraction(30000)},
    "building.least_insulation_class": {Fraction(n) for n in (100, 27, 50, 24)},
    "premises.is_nine_small_place": {Fraction(3)},
}
# Where a figure of the reference is not a figure of the pack, and why.
_NOT_A_FIGURE = {
    ("fire2017-5-2", "direct_items"),  # each item of chapter 6 is a rule by itself
    ("fire2017-6-3", "station_grade"),
    ("mps120-fire-hazard", "conditions"),  # the parameter of at_least
    ("law-art61", "fine"),  # an amount is no determination
    ("gb50974-hydrant", "flow"),  # 10 to 15 L/s: only the lower one is a limit
}


@pytest.mark.parametrize(("item", "name"), FIGURES)
def test_figure_of_the_reference_stands_in_the_pack(item: str, name: str) -> None:
    for parameter in (p for p in ITEMS[item]["parameters"] if p["name"] == name):
        encoding = [PARTS[part] for part in ENCODED[item]]
        named = [part for part in encoding if name in part.parameters]
        for part in named:
            [wanted] = numbers(parameter)
            unit = parameter["unit"].replace("null", "").replace("ratio of standard", "ratio")
            assert same(part.parameters[name], part.units[name], wanted, unit), part.id
        if not named and (item, name) not in _NOT_A_FIGURE:
            held = set[Fraction]().union(*(part.figures for part in encoding))
            assert set(numbers(parameter)) - held == set()


def _stated(part: str) -> set[Fraction]:
    of = [item for item, encoding in ENCODED.items() if part in encoding]
    return {figure for item in of for p in ITEMS[item]["parameters"] for figure in numbers(p)}


@pytest.mark.parametrize("part", PARTS)
def test_figure_of_the_pack_stands_in_the_reference(part: str) -> None:
    allowed = _stated(part) | _STRUCTURAL | _IN_WORDS.get(part, set()) | _of_rows(part)
    held = {figure for figure in PARTS[part].figures if abs(figure) not in allowed}
    assert held == set()


def _of_rows(part: str) -> set[Fraction]:
    cells = [
        str(cell)
        for item, encoding in ENCODED.items()
        if part in encoding
        for row in ITEMS[item].get("rows", [])
        for cell in row.values()
    ]
    return {Fraction(figure) for cell in cells for figure in _FIGURE.findall(cell)}


# --- tables, row by row ----------------------------------------------------------------------------

_COLUMNS: dict[str, tuple[str, dict[str, str]]] = {
    "gb50016-width-100": ("gb50016.width-100", {c: c for c in ("class_1_2", "class_3", "class_4")}),
    "gb50016-density-shop": ("gb50016.density-shop", {"min": "min", "max": "max"}),
    "gb50016-5-5-17": (
        "gb50016.distance",
        {c: c for c in ("between_12", "between_3", "between_4", "dead_12", "dead_3", "dead_4")},
    ),
    "gb50016-zone": ("gb50016.zone", {"max_area": "max_area"}),
    "gb50016-zone-shop": ("gb50016.zone-shop", {"max_area": "max_area"}),
    "gb50016-zone-plant": (
        "gb50016.zone-plant",
        {
            "floors": "max_floors",
            "single": "single",
            "multi": "multi",
            "high": "high",
            "basement": "basement",
        },
    ),
    "gb55037-4-3-15": ("gb55037.zone-shop", {"max_area": "max_area"}),
    "gb55037-4-3-16": ("gb55037.zone", {"max_area": "max_area"}),
    "gb50974-tank": ("gb50974.roof-tank", {"volume": "min"}),
    "gb50444-ext": ("gb50444.ages", {c: c for c in ("first_year", "repeat_year", "scrap_year")}),
    "gb50140-distance": ("gb50140.distance", {"portable": "portable", "wheeled": "wheeled"}),
    "gb50156-grade": ("gb50156.grades", {"over": "V_min_exclusive", "up_to": "V_max_inclusive"}),
}


def _cell(text: str | None) -> Fraction | None:
    return None if text in (None, "null", "不限") else Fraction(text)


@pytest.mark.parametrize("item", _COLUMNS)
def test_table_row_by_row(item: str) -> None:
    table, columns = _COLUMNS[item]
    written = [{column: _cell(row.get(column)) for column in columns} for row in PARTS[table].source["rows"]]
    wanted = [
        {column: _cell(row.get(name)) for column, name in columns.items()} for row in ITEMS[item]["rows"]
    ]
    assert written == wanted


def test_largest_tanks_of_stations() -> None:
    for row, stated in zip(
        PARTS["gb50156.grades"].source["rows"], ITEMS["gb50156-grade"]["rows"], strict=True
    ):
        if stated["single_tank_max"].isdigit():
            assert row["single"] == stated["single_tank_max"]
        else:
            figures = _FIGURE.findall(stated["single_tank_max"])
            assert [row["single_petrol"], row["single_diesel"]] == figures


@pytest.mark.parametrize(
    ("item", "table", "key"),
    [
        ("keyunit-thresholds", "fire.keyunit97", "min"),
        ("keyunit-beijing", "fire.keyunit-beijing", "min"),
        ("nine-small-sd", "fire.nine-small", "limit"),
    ],
)
def test_limits_of_key_units_and_small_places(item: str, table: str, key: str) -> None:
    written = [(_cell(row.get("area")), _cell(row.get("amount"))) for row in PARTS[table].source["rows"]]
    wanted = [
        (_cell(row[key]), None) if row["unit"] == "m2" else (None, _cell(row[key]))
        for row in ITEMS[item]["rows"]
    ]
    assert written == wanted


@pytest.mark.parametrize("item", ["gb50016-insul-6-7-5", "gb55037-6-6-6"])
def test_classes_of_insulation_by_height(item: str) -> None:
    rows = PARTS["building.least_insulation_class"].source["decide"]["rows"]
    written = {(row.get("kind", "other"), row.get("h", "").removeprefix("> ")): row["then"] for row in rows}
    for row in ITEMS[item]["rows"]:
        kind = "dwelling" if row["building"] == "住宅" else "other"
        figures = _FIGURE.findall(row["height"])
        lower = "" if row["height"].startswith("<=") else figures[0]
        assert written[kind, lower] == row["min_class"]


def test_grades_of_stations_by_volume() -> None:
    rows = [row for row in PARTS["premises.station_grade"].source["decide"]["rows"] if "station" in row]
    limits = {(row["station"], row["then"]): row.get("volume", "").removeprefix("> ") for row in rows}
    names = {"加油站": "fuel", "LPG加气站": "lpg", "LNG加气站": "lng"}
    grades = {"一级": "first", "二级": "second", "三级": "third"}
    for row in ITEMS["gb50156-grade"]["rows"]:
        lower = "" if row["V_min_exclusive"] == "null" else row["V_min_exclusive"]
        assert limits[names[row["station"]], grades[row["grade"]]] == lower
        if row["grade"] == "一级":
            assert limits[names[row["station"]], "above_first"] == row["V_max_inclusive"]
