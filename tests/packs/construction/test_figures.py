"""No figure of the pack is typed wrongly or made up: each is compared with the reference, exactly."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest

from tests.packs.construction.where import ENCODED, IN_TABLES, ITEMS, PACK, PARTS, TABLES
from tests.packs.parts import Part, numbers, read, same

_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def _figures(parameter: dict[str, Any]) -> set[Fraction]:
    """Return the figures of a parameter: a value, both ends of a range, or one for each grade."""
    value = parameter["value"]
    if parameter["op"] == "range" or " / " in value:
        return {Fraction(figure) for figure in _FIGURE.findall(value)}
    return set(numbers(parameter))


FIGURES = [
    (item, at)
    for item in ENCODED
    for at, parameter in enumerate(ITEMS[item]["parameters"])
    if _figures(parameter)
]
# Figures that a clause leaves to another instrument: the items that state them.
_BORROWED = {
    "con.2024.08-08": ["gb5144-10-5", "gb5144-tail"],
    "con.2024.10-01": ["jgjt46-9.2.2"],
    "con.2022.10": ["jgj46-10.2.2"],
    "con.2024.15-02a": ["gb55034-3.2.6"],
    "con.2024.15-02b": ["jgj276-3.0.12"],
    "con.2024.15-02c": ["jgj196-3.4-wind"],
}
_STRUCTURAL = {Fraction(n) for n in (0, 1, 2)}


@pytest.mark.parametrize(("item", "at"), FIGURES)
def test_figure_of_the_reference_stands_in_the_pack(item: str, at: int) -> None:
    parameter = ITEMS[item]["parameters"][at]
    wanted = _figures(parameter)
    if (item, parameter["name"]) in _LOWER_ENDS:
        wanted.discard(min(wanted))
    encoding = [PARTS[part] for part in ENCODED[item]]
    named = [part for part in encoding if parameter["name"] in part.parameters]
    for part in named:
        own, unit = part.parameters[parameter["name"]], part.units[parameter["name"]]
        assert any(same(own, unit, figure, parameter["unit"]) for figure in wanted)
    if not named:
        held = set[Fraction]().union(*(_held(part) for part in encoding))
        if parameter["unit"].startswith("%"):
            held |= {100 * figure for figure in held}
        assert wanted - held == set()


def _held(part: Part) -> set[Fraction]:
    """Return all figures of a part, those of its rows too."""
    rows = [*part.source.get("rows", []), *part.source.get("decide", {}).get("rows", [])]
    cells = [str(cell) for row in rows for cell in row.values()]
    return set(part.figures) | {Fraction(figure) for cell in cells for figure in _FIGURE.findall(cell)}


def _stated(part: str) -> set[Fraction]:
    items = [item for item, encoding in ENCODED.items() if part in encoding] + _BORROWED.get(part, [])
    stated = {figure for item in items for p in ITEMS[item]["parameters"] for figure in _figures(p)}
    cells = [
        cell
        for table, encoding in IN_TABLES.items()
        if part in encoding
        for row in TABLES[table]["rows"]
        for cell in row.values()
    ]
    return stated | {Fraction(figure) for cell in cells for figure in _FIGURE.findall(str(cell))}


# Figures that the reference gives in the words of the clause, or in another unit.
_IN_WORDS = {
    "con.dbjt15-152.17-3c": {Fraction(150)},
    "con.gb50720.3-2-2b": {Fraction(3)},
    "con.gb50720.3-3-2b": {Fraction(12)},
    "con.gb50720.3-3-3": {Fraction(12)},  # the turning area of 3.3.2
    "con.gb50720.4-2-1b": {Fraction(200)},
    "con.gb50720.5-3-4": {Fraction(150)},
    "con.gb5144.10-3a": {Fraction(4)},
    "con.gb55023.4-4-4b": {Fraction(3)},
    "con.gb55023.4-4-7a": {Fraction(4)},
    "con.jgj130.6-6a": {Fraction(4)},
    "con.jgj130.6-6b": {Fraction(24)},
    "con.jgj130.6-6c": {Fraction(24)},
    "con.jgj130.6-9-3b": {Fraction(15), Fraction(20)},
    "con.jgj202.4-4-2b": {Fraction("1/2")},
    "con.jgj202.4-5-2": {Fraction("1/4")},
    "con.jgj46.5-3-a": {Fraction(100)},
    "con.jgj80.7-2-1b": {Fraction(24)},
    "con.jgj94.6-6-7c": {Fraction("0.8")},
    "con.jgjt187.5-2a": {Fraction(30)},  # C30
    "con.jgjt46.3-5-1": {Fraction(100), Fraction(30)},
    "con.n45.points-b": {Fraction("0.5")},
    "formwork.loads_are_high_risk": {Fraction(10), Fraction(15)},
    "formwork.loads_are_over_scale": {Fraction(15), Fraction(20)},
    "jgj59_subtable.score": {Fraction(100)},
    "tunnel_point.warning_colour": {Fraction("0.7"), Fraction("0.85")},  # 70 % and 85 %
}
# The lower end of a range within which the contractor may choose is no limit.
_LOWER_ENDS = {("jgj130-6.9.3", "vertical_brace_spacing"), ("jgj130-check-times", "height_step")}


@pytest.mark.parametrize("part", PARTS)
def test_figure_of_the_pack_stands_in_the_reference(part: str) -> None:
    allowed = _stated(part) | _STRUCTURAL | _IN_WORDS.get(part, set())
    assert {figure for figure in PARTS[part].figures if abs(figure) not in allowed} == set()


# --- high-risk works: both columns of the table of thresholds -----------------------------------------

_TIERS = {
    "pit": ("excavation", "is_over_scale@jianbanzhi-2018-31"),
    "form_height": ("formwork", "is_over_scale"),
    "form_span": ("formwork", "is_over_scale"),
    "form_area_load": ("formwork", "is_over_scale"),
    "form_line_load": ("formwork", "is_over_scale"),
    "form_point": ("formwork", "is_over_scale"),
    "lift": ("lift", "is_over_scale"),
    "crane_capacity": ("lifting_machine", "is_over_scale@jianbanzhi-2018-31"),
    "crane_height": ("lifting_machine", "is_over_scale@jianbanzhi-2018-31"),
    "scaffold_ground": ("scaffold", "is_over_scale"),
    "scaffold_cantilever": ("scaffold", "is_over_scale"),
    "scaffold_attached": ("scaffold", "is_over_scale"),
    "curtain_wall": ("erection", "is_over_scale"),
    "steel": ("erection", "is_over_scale"),
    "grid_membrane": ("erection", "is_over_scale"),
    "hand_dug_pile": ("hand_dug_pile", "is_over_scale"),
    "jacking": ("erection", "is_over_scale"),
}
_ATTRIBUTE = {"depth": "pile_depth", "rated": "rated_lifting_capacity", "total": "total_erected_height"}


@pytest.mark.parametrize("row", TABLES["weida-two-tier-thresholds"]["rows"], ids=lambda row: row["id"])
def test_thresholds_of_high_risk_works(row: dict[str, str]) -> None:
    """Each figure stands beside its attribute, with a closed bound; 'any' has no figure."""
    if row["id"] not in _TIERS:
        assert {row["high_risk_min"], row["over_scale_min"]} <= {"any"}
        return
    entity, over = _TIERS[row["id"]]
    word = row["parameter"].split()[0]
    attribute = _ATTRIBUTE.get(word, word)
    for name, wanted in (
        (f"{entity}.{over}", row["over_scale_min"]),
        (f"{entity}.is_high_risk", row["high_risk_min"]),
    ):
        if wanted.isdigit():
            assert f"{attribute} >= {wanted}" in PARTS[name].source["is"]


# --- distances to external lines, row by row ----------------------------------------------------------

_CELLS = {
    "<1": "< 1",
    "1-10": "[1..10]",
    "10": "[1..10]",
    "35-110": "(10..110]",
    "220": "(110..220]",
    "330-500": "(220..500]",
    "35": "(10..35]",
}
_MACHINE = {**_CELLS, "110": "(35..110]", "330": "(220..330]", "500": "(330..500]"}


@pytest.mark.parametrize("edition", ["jgj46-4.1", "jgjt46-8.1"])
def test_distances_to_external_lines_row_by_row(edition: str) -> None:
    instrument = {"jgj46-4.1": "jgj-46-2005", "jgjt46-8.1": "jgjt-46-2024"}[edition]
    rows = PARTS[f"near_line.required_clearance@{instrument}"].source["decide"]["rows"]
    written = {(row["what"], row["u"]): row["then"] for row in rows}
    works = {
        ("works_or_scaffold", _CELLS[r["voltage_kV"]]): r["distance_m"]
        for r in TABLES[f"{edition}.2-lines"]["rows"]
    }
    roads = {
        ("site_road", _CELLS[r["voltage_kV"]]): r["distance_m"] for r in TABLES[f"{edition}.3-road"]["rows"]
    }
    cranes = TABLES[f"{edition}.4-crane"]["rows"]
    machines = {("machine", _MACHINE[r["voltage_kV"]]): r["horizontal"] for r in cranes}
    assert written == {**works, **roads, **machines}
    upright = PARTS[f"near_line.required_vertical_clearance@{instrument}"].source["decide"]["rows"]
    assert {row["u"]: row["then"] for row in upright} == {
        _MACHINE[r["voltage_kV"]]: r["vertical"] for r in cranes
    }


# --- catalogues and lists --------------------------------------------------------------------------


@pytest.mark.parametrize("item", [name for name in ENCODED if name.startswith(("neg214", "neg186"))])
def test_bans_hold_for_projects_from_their_day(item: str) -> None:
    days = {
        "neg214-pro": "2022-09-15",
        "neg214-res": "2022-06-15",
        "neg186-pro": "2025-08-08",
        "neg186-res": "2025-08-08",
    }
    [name] = ENCODED[item]
    rule = PARTS[name].source
    assert f"project.started_on >= '{days[item[:10]]}'" in rule["applies"]
    assert rule["kind"] == ("restriction" if "-res-" in item else "prohibition")


@pytest.mark.parametrize(
    ("chapter", "count"),
    [("general", 17), ("pit", 5), ("formwork", 6), ("lifting", 11), ("scaffold", 5), ("demolition", 5),
     ("underground", 8), ("curtain", 6), ("pile", 5), ("steel", 9)],
)  # fmt: skip
def test_every_listed_defect_of_a_plan_is_a_member(chapter: str, count: int) -> None:
    """As many as the clause numbers, but of the underground works only those that were seen."""
    part = PARTS[f"sub_project.has_{chapter}_plan_defect"]
    members = re.findall(r"[a-z]_\w+", part.source["is"].split("{")[1].split("}")[0])
    declared = read(PACK / "facts.yaml")["sub_project"]["attributes"]["plan_defects"]["of"]["enum"]
    assert len(members) == count
    assert set(members) <= set(declared)
    [(_, clause)] = part.cites
    assert chapter == "underground" or clause.endswith(f"（1~{count}）")


# --- LEC as used on sites: a grading method ------------------------------------------------------------


@pytest.mark.parametrize("factor", ["L", "E", "C"])
def test_scores_of_the_sites_own_lec(factor: str) -> None:
    method, *_ = read(PACK / "grading.yaml")
    written = [score["score"] for score in method["factors"][factor]["scores"]]
    assert method["method"] == "lec_construction"
    assert written == [row["score"] for row in TABLES[f"lec-{factor}"]["rows"]]


def test_bands_of_the_sites_own_lec() -> None:
    """The source leaves the bounds themselves open; the figures are its own."""
    method, *_ = read(PACK / "grading.yaml")
    [band] = method["bands"]
    written = {figure for row in band["decide"]["rows"] for figure in _FIGURE.findall(row["D"])}
    assert written == {figure for row in TABLES["lec-D"]["rows"] for figure in _FIGURE.findall(row["D"])}
