"""The tables of the standards row by row, as exact values: scaffolds, machines, pits, fire, JGJ 59, LEC."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import chain
from typing import Any

import pytest

from tests.packs.construction.where import PACK, PARTS, TABLES
from tests.packs.parts import read

_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_FACTS: dict[str, Any] = read(PACK / "facts.yaml")


def _figures(cell: str | None) -> list[Fraction]:
    return [Fraction(figure) for figure in _FIGURE.findall(cell or "")]


def _cells(table: str, *columns: str) -> list[list[list[Fraction]]]:
    return [[_figures(row.get(column)) for column in columns] for row in PARTS[table].source["rows"]]


def _labels(values: dict[str, dict[str, str]]) -> dict[str, str]:
    return {member: label["zh"] for member, label in values.items()}


# --- one row of the pack for one of the reference, cell by cell -----------------------------------------

_ROW_BY_ROW: dict[str, tuple[str, dict[str, str]]] = {
    "jgj130-6.4.2-ties": (
        "jgj130.ties",
        {"vertical": "vertical", "horizontal": "horizontal", "area": "area_per_tie_m2_max"},
    ),
    "gb5144-10.4-power": ("gb5144.lines", {"vertical": "vertical", "horizontal": "horizontal"}),
    "gb50720-5.2-extinguisher": (
        "gb50720.extinguishers",
        {"class_a": "class_A", "area_a": "m2_per_A", "class_b": "class_B", "area_b": "m2_per_B"},
    ),
    "tunnel-step-distance": ("jtgf90.steps", {"invert": "invert_max", "lining": "lining_max"}),
    "jgj59-summary": ("jgj59.summary", {"full": "full_mark"}),
}


@pytest.mark.parametrize("name", _ROW_BY_ROW)
def test_table_row_by_row(name: str) -> None:
    table, columns = _ROW_BY_ROW[name]
    wanted = [[_figures(row[stated]) for stated in columns.values()] for row in TABLES[name]["rows"]]
    assert _cells(table, *columns) == wanted


def test_extinguisher_distances() -> None:
    """The reference joins generator and switch rooms; the pack keeps them apart."""
    columns = ("solid_fire_m", "liquid_gas_fire_m")
    rows = TABLES["gb50720-5.2.2-2-extinguisher-distance"]["rows"]
    wanted = [[_figures(row[column]) for column in columns] for row in rows]
    written = _cells("gb50720.extinguisher-distance", "solid", "liquid")
    assert written[:6] + written[7:] == wanted
    assert written[5] == written[6]


def test_spacing_of_temporary_buildings() -> None:
    kinds = _labels(_FACTS["temporary_building"]["attributes"]["kind"]["values"])
    written = {
        (one, other): row["distance"]
        for row in PARTS["gb50720.spacing"].source["rows"]
        for one in row["one"]
        for other in row["other"]
    }
    assert len(written) == len(kinds) ** 2
    for row in TABLES["gb50720-3.2.2-spacing"]["rows"]:
        for column, distance in row.items():
            if column != "m":
                ones = [kind for kind, label in kinds.items() if label in row["m"]]
                others = [kind for kind, label in kinds.items() if label in column]
                assert ones, row["m"]
                assert others, column
                assert {written[one, other] for one in ones for other in others} == {distance}


# --- ranges: both ends ----------------------------------------------------------------------------------


def _ends(cell: str) -> list[Fraction]:
    """Return both ends of a range; a single figure is both, words have none."""
    figures = _figures(cell)
    return [figures[0], figures[-1]] if figures else []


@pytest.mark.parametrize(
    ("name", "table"),
    [("gb50497-8.0.5", "gb50497.surroundings"), ("dbjt15-162-2019-3.7.3", "dbjt15-162.top")],
)
def test_warning_values_of_pits(name: str, table: str) -> None:
    wanted = [
        [_ends(row["cumulative_mm"]), _ends(row["rate_mm_per_day"])]
        if row["rate_mm_per_day"] != "developing"
        else [_ends(row["cumulative_mm"]), []]
        for row in TABLES[name]["rows"]
    ]
    written = [
        [list(chain(*row[:2])), list(chain(*row[2:]))]
        for row in _cells(table, "least", "most", "least_rate", "most_rate")
    ]
    assert written == wanted


def test_control_values_of_shields() -> None:
    *grades, heave = TABLES["gb50911-9.2.2-2"]["rows"]
    wanted = [[*_ends(row["cumulative_mm"]), *_figures(row["rate_mm_per_day"])] for row in grades]
    written = [list(chain(*row)) for row in _cells("gb50911.shield", "least", "most", "rate")]
    assert written == wanted
    parameters = PARTS["con.gb50911.9-2-2"].parameters
    assert [parameters["heave"], parameters["heave_rate"]] == [
        *_figures(heave["cumulative_mm"]),
        *_figures(heave["rate_mm_per_day"]),
    ]


# --- tables written as decisions ----------------------------------------------------------------------------


def test_fall_radius() -> None:
    rows = PARTS["height_work.fall_radius"].source["decide"]["rows"]
    written = [(_figures(row["h"]), row["then"]) for row in rows]
    stated = TABLES["jgj80-7.1.1-fall-radius"]["rows"]
    assert written == [(_figures(row["work_height_m"]), row["radius_m"]) for row in stated]


def test_verticality_of_hoists() -> None:
    _, *rows = PARTS["lifting_machine.mast_deviation_limit"].source["decide"]["rows"]
    for row, stated in zip(rows, TABLES["jgj215-verticality"]["rows"], strict=True):
        assert _figures(row["h"]) == _figures(stated["mast_height_m"])
        assert _figures(row["then"])[-1] == _figures(stated["deviation"])[-1]


@pytest.mark.parametrize(
    ("name", "instrument"),
    [("jgj46-4.1.6-barrier", "jgj-46-2005"), ("jgjt46-8.1.6-barrier", "jgjt-46-2024")],
)
def test_barriers_to_lines(name: str, instrument: str) -> None:
    part = PARTS[f"near_line.required_barrier_distance@{instrument}"]
    written = [(_figures(row["u"])[-1], Fraction(row["then"])) for row in part.source["decide"]["rows"]]
    wanted = [(_figures(row["voltage_kV"])[-1], Fraction(row["distance_m"])) for row in TABLES[name]["rows"]]
    assert written == wanted


# --- JGJ 59 and LEC -----------------------------------------------------------------------------------------

_MARK = re.compile(r"([^;]*?)(\d+)(?:;|$)")


def test_items_and_marks_of_jgj59() -> None:
    names = _labels(_FACTS["jgj59_subtable"]["attributes"]["table"]["values"])
    written: dict[str, list[tuple[str, bool, str]]] = {name: [] for name in names.values()}
    for row in PARTS["jgj59.items"].source["rows"]:
        mark = (row["item"][0], row["guarantee"] == "true", row["full"])
        written[names[row["table"][0]]].append(mark)
    for row in TABLES["jgj59-subtables"]["rows"]:
        split = "(no split)" not in row["guarantee_items"]
        first = row["guarantee_items"].replace("(no split) ", "")
        wanted = [(item, split, mark) for item, mark in _MARK.findall(first)]
        wanted += [(item, False, mark) for item, mark in _MARK.findall(row["general_items"])]
        assert written.pop(row["table"]) == wanted
    assert written == {}


def test_guarantee_items_make_sixty_marks_of_a_hundred() -> None:
    guarantee: dict[str, int] = {}
    count: dict[str, int] = {}
    full: dict[str, int] = {}
    for row in PARTS["jgj59.items"].source["rows"]:
        [table] = row["table"]
        full[table] = full.get(table, 0) + int(row["full"])
        if row["guarantee"] == "true":
            guarantee[table] = guarantee.get(table, 0) + int(row["full"])
            count[table] = count.get(table, 0) + 1
    assert set(full.values()) == {100}
    assert set(guarantee.values()) == {60}
    rows = PARTS["jgj59.tables"].source["rows"]
    assert {row["table"][0]: int(row["guarantee_items"]) for row in rows} == {
        table: count.get(table, 0) for table in full
    }


@pytest.mark.parametrize("factor", ["L", "E", "C"])
def test_scores_of_lec_on_sites(factor: str) -> None:
    method = read(PACK / "grading.yaml")[0]
    written = [(one["score"], one["meaning"]["zh"]) for one in method["factors"][factor]["scores"]]
    stated = TABLES[f"lec-{factor}"]["rows"]
    assert written == [(row["score"], row["meaning"]) for row in stated]


def test_bands_of_lec_on_sites() -> None:
    method = read(PACK / "grading.yaml")[0]
    [bands] = method["bands"]
    written = [_figures(row["D"]) for row in bands["decide"]["rows"]]
    assert [set(ends) for ends in written] == [set(_figures(row["D"])) for row in TABLES["lec-D"]["rows"]]
