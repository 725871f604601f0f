"""No figure of the pack is typed wrongly or made up: each is compared with the reference, exactly."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.packs.parts import ROOT, Part, numbers, parts, read, same, where

PACK = ROOT / "packs/mining/dualprev_pack_mining"
REFERENCED = read(ROOT / "tests/reference/mining.yaml")
WHERE = where(PACK)
PARTS = parts(PACK)
ITEMS = {item["id"]: item for item in REFERENCED["items"]}
INSTRUMENTS = {one["id"]: one for one in read(PACK / "pack.yaml")["instruments"]}
TABLES = REFERENCED["tables"]
FIGURES = [
    (item, at)
    for item in WHERE["encoded"]
    for at, parameter in enumerate(ITEMS[item]["parameters"])
    if any(True for _ in numbers(parameter))
]
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
# What a name may end in where the attribute itself already has the reference's name.
_ENDINGS = ("_limit", "_least", "_trigger", "_min", "_max", "_from", "_only", "_index")
# Counts that the reference gives for a list: the members of an enum, or the parts of the clause.
_COUNTS = {
    ("coal2026-10-03", "listed_place_types"): ("coal_place", "near_water_places"),
    ("coal2026-10-06", "listed_place_types"): ("coal_place", "barrier_due_places"),
    ("coal2026-20-07", "listed_protections_present"): ("coal_hoist", "working_protections"),
    ("coal2026-20-08", "listed_protections_present"): ("chairlift", "working_protections"),
    ("csr2025-332-048", "grades"): ("coal_place", "burst_risk"),
    ("rb2026-11", "grades"): ("coal_place", "burst_risk"),
    ("nc-risk-abcd", "grades"): ("open_pit", "regulator_grade"),
}
_NOT_A_FIGURE = {
    ("coal2026-11-07", "sub_cases"),  # four of the ten have figures; the others are members of one fact
    ("coal2026-13-04", "listed_failure_modes"),  # the casing is three facts, the other five one list
    ("noncoal-ban1-more", "items_batch1"),  # sizes of the catalogues
    ("noncoal-ban1-more", "items_both"),
    ("tail-overhead-raise", "grade_raise"),  # max(1, pond_grade - 1)
    ("tail-degree", "degrees"),  # the members of the definition
    ("rb2026-91", "repair_zone_each_way"),  # in the name of the fact
    ("csr2025-358-054", "face_zone_length"),
    ("csr2025-358-054", "heading_zone_length"),
}
# Units of the reference that are plain numbers in the pack: counts, and calendar steps of add_months.
_COUNTED = {
    "levels", "districts", "panels", "firms", "firm", "holes", "exits", "pumps", "set", "places", "faces",
    "benches", "systems", "system", "methods", "per_shift", "per_year", "rights", "class", "grade", "fans",
    "month", "year", "point", "person", "items", "",
}  # fmt: skip
_STRUCTURAL = {Fraction(n) for n in (0, 1, 2, 3)}
# Figures that a clause takes from another item or table of the reference.
_FROM = {
    "coal_district.heading_limit": {Fraction(4)},  # Regulations Article 117
    "coal_place.burst_headcount_limit": {Fraction(n) for n in (16, 40, 15, 9)},  # Article 358
    "coal_place.series_is_unlawful": {Fraction("0.5"), Fraction(10)},  # Article 169
    "coal_place.required_advance_support": {Fraction(70), Fraction(120)},  # Article 355
    "methane_sensor.calibration_overdue": {Fraction(15), Fraction(6)},  # Article 531
    "coal_mine.main_pumps_sufficient": {Fraction(n) for n in (20, 24, 70, 25)},
    "coal_mine.main_sump_sufficient": {Fraction(n) for n in (8, 1000, 3000)},  # V = 2(Q + 3000)
    "methane_sensor.cutoff_value": {Fraction(100)},  # no cut-off is due: never exceeded
    "methane_sensor.restore_value": {Fraction(100)},
    "coal_place.most_air_speed": {Fraction(1000)},  # no upper limit: never exceeded
    "mine.std2017.heads-b": {Fraction(30)},  # up to 300,000 t
    "coal_item.is_banned": {Fraction(40)},  # coal-ban-1 item 2
    "metal_item.is_banned": {Fraction("1.2"), Fraction(3)},  # noncoal-ban-1 items 2 and 8
    "tailings_pond.least_beach": {Fraction(70), Fraction(100)},  # less 30 %, in per cent
    "mine.csr2025.ch4-4": {Fraction(24)},  # hours to seal, in the words of the row
    "tailings_pond.standard_safety_factor": {Fraction(4), Fraction(5)},  # grades
    "mine.csr2025.229-034": {Fraction("0.5"), Fraction("0.8")},  # bands named in the parameters
}


def _named(part: Part, name: str) -> list[str]:
    return [n for n in part.parameters if n == name or n in {name + ending for ending in _ENDINGS}]


@pytest.mark.parametrize(("item", "at"), FIGURES)
def test_figure_of_the_reference_stands_in_the_pack(item: str, at: int) -> None:
    parameter = ITEMS[item]["parameters"][at]
    name, [wanted] = parameter["name"], numbers(parameter)
    if (item, name) in _NOT_A_FIGURE:
        return
    if name.startswith("grace"):
        rules = [PARTS[part].source for part in WHERE["encoded"][item]]
        of = [rule for rule in rules if rule["for"] in _GRACE_OF[name]]
        assert {rule.get("grace_until") for rule in of} == {_grace_until(ITEMS[item]["instrument"], wanted)}
        return
    if (item, name) in _COUNTS:
        assert _members(*_COUNTS[item, name]) == wanted
        return
    encoding = [PARTS[part] for part in WHERE["encoded"][item]]
    named = [(part, own) for part in encoding for own in _named(part, name)]
    spelling = "" if parameter["unit"] in _COUNTED else parameter["unit"]
    if named:
        assert any(same(part.parameters[own], part.units[own], wanted, spelling) for part, own in named)
    else:
        assert wanted in set[Fraction]().union(*(part.figures for part in encoding))


# Whom the days of grace are for, as the item names them.
_GRACE_OF = {
    "grace": {"coal_item", "metal_item", "pit_item"},
    "grace_open_pit": {"pit_item"},
    "grace_underground": {"metal_item"},
}


def _grace_until(instrument: str, years: Fraction) -> str | None:
    """Return the last day of grace since publication, or since the year ended where only that is known."""
    if years == 0:
        return None
    force = INSTRUMENTS[instrument]["in_force"]
    first = date.fromisoformat(force["from"])
    start = first if force.get("confirmed", "true") == "true" else first.replace(month=12, day=31)
    months = start.year * 12 + start.month - 1 + int(years * 12)
    return start.replace(year=months // 12, month=months % 12 + 1).isoformat()


def _members(entity: str, attribute: str) -> int:
    declared: Any = read(PACK / "facts.yaml")[entity]["attributes"][attribute]
    return len(declared["values"] if "values" in declared else declared["of"]["enum"])


_OPPOSITE = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "=": "=="}
BREACHES = [
    (item, parameter["name"], parameter["op"])
    for item in WHERE["encoded"]
    if ITEMS[item]["kind"] == "major_hazard"
    for parameter in ITEMS[item]["parameters"]
]
# The zone in which work must stop is 20 m (<=): cleared to less is the breach (<).
# The displacement is watched for 72 h (=): accelerating for all of them or longer is the breach (>=).
_OTHER_WAY = {("coal2026-05-05", "withdrawal_radius"), ("coal2026-15-03", "acceleration_observation_window")}


@pytest.mark.parametrize(("item", "name", "op"), BREACHES)
def test_breach_is_on_the_same_side_of_the_figure(item: str, name: str, op: str) -> None:
    """Where a condition compares with the parameter by its name, it does so with the reference's operator."""
    if (item, name) in _OTHER_WAY:
        return
    for part in (PARTS[one] for one in WHERE["encoded"][item]):
        text = " ".join(part.source.get(key, "") for key in ("applies", "violated"))
        for own in _named(part, name):
            if own.endswith(("_min", "_max")) and own.removesuffix("_min").removesuffix("_max") == name:
                continue
            for found in re.findall(rf"([<>]=?|==) {own}\b", text):
                assert found == op.replace("=", "==") if op == "=" else found == op, part.id


def _stated(part: str) -> set[Fraction]:
    items = [item for item, encoding in WHERE["encoded"].items() if part in encoding]
    held = {figure for item in items for p in ITEMS[item]["parameters"] for figure in numbers(p)}
    for table, encoding in WHERE["tables"].items():
        if part in encoding:
            cells = [cell for row in TABLES[table]["rows"] for cell in row.values()]
            held |= {Fraction(figure) for cell in cells for figure in _FIGURE.findall(cell)}
    return held


# Output in the pack is in 10,000 t, in the reference in Mt.
_TIMES_100 = {"coal_mine.emission_for_drainage"}


@pytest.mark.parametrize("part", PARTS)
def test_figure_of_the_pack_stands_in_the_reference(part: str) -> None:
    stated = _stated(part)
    if part in _TIMES_100:
        stated |= {figure * 100 for figure in stated}
    allowed = stated | _STRUCTURAL | _FROM.get(part, set())
    assert {figure for figure in PARTS[part].figures if abs(figure) not in allowed} == set()


# --- tables, row by row ----------------------------------------------------------------------------


def _rows(definition: str) -> list[dict[str, str]]:
    return PARTS[definition].source["decide"]["rows"]


def _band(cell: str) -> tuple[str, str, str, str]:
    """Return lower end, whether it is in, upper end, whether it is in, of a band as either file writes it."""
    cell = cell.replace(" ", "")
    if found := re.fullmatch(r"([\[(])([\d.]+)\.\.([\d.]+)([\])])", cell):
        return found[2], str(found[1] == "["), found[3], str(found[4] == "]")
    if found := re.fullmatch(r"([\d.]+)(<=?)[A-Z](<=?)([\d.]+)", cell):
        return found[1], str(found[2] == "<="), found[4], str(found[3] == "<=")
    found = re.fullmatch(r"[A-Z]?(<=?|>=?)([\d.]+)", cell)
    assert found is not None, cell
    closed = str(found[1].endswith("="))
    return (found[2], closed, "", "") if found[1][0] == ">" else ("", "", found[2], closed)


@pytest.mark.parametrize(
    ("table", "definition", "key", "value", "rows_before"),
    [
        ("coal2026-T1", "coal_place.desorbable_gas_limit", "daily_output_t", "desorbable_gas_m3_per_t", 0),
        (
            "coal2026-T2",
            "coal_place.required_face_drainage_rate",
            "face_emission_m3_per_min",
            "drainage_rate_percent",
            1,
        ),
        (
            "coal2026-T3",
            "coal_mine.required_mine_drainage_rate",
            "mine_emission_m3_per_min",
            "drainage_rate_percent",
            0,
        ),
        ("tail-grade", "tailings_pond.storage_grade", "storage_10k_m3", "grade", 0),
        ("tail-grade", "tailings_pond.height_grade", "dam_height_m", "grade", 0),
    ],
)
def test_bands_row_by_row(table: str, definition: str, key: str, value: str, rows_before: int) -> None:
    """``rows_before``: rows below the first band of the table, which make no demand."""
    wanted = [(_band(row[key]), _number(row[value])) for row in TABLES[table]["rows"]]
    written = [
        (_band(next(cell for name, cell in row.items() if name != "then")), Fraction(row["then"]))
        for row in _rows(definition)
    ]
    assert written[rows_before:] == wanted
    assert all(then == 0 for _, then in written[:rows_before])


def _number(cell: str) -> Fraction:
    return Fraction(cell.lstrip("<>="))


def _cell(text: str | None) -> Fraction | None:
    return _number(text) if text else None


def test_methane_sensors_row_by_row() -> None:
    written = PARTS["csr2025.table19"].source["rows"]
    wanted = TABLES["csr2025-T19"]["rows"]
    assert len(written) == len(wanted) == 30
    labels = read(PACK / "facts.yaml")["methane_sensor"]["attributes"]["position"]["values"]
    for row, stated in zip(written, wanted, strict=True):
        got = [_cell(row.get(column)) for column in ("alarm", "cut_off", "restore")]
        assert got == [_cell(stated[column]) for column in ("alarm", "cut_off", "re_power")], stated["place"]
        # The label of the member begins as the place of the row does.
        label = labels[row["position"][0]]["en"].lower()
        assert stated["place"].lower().replace(",", "").split()[0] == label.split()[0], stated["place"]


def test_methane_sensors_of_2007_row_by_row() -> None:
    written = PARTS["aq1029-2007.methane"].source["rows"]
    wanted = TABLES["aq1029-2007"]["rows"]
    for row, stated in zip(written, wanted, strict=True):
        got = [_cell(row[column]) for column in ("alarm", "cut_off", "restore")]
        assert got == [_cell(stated[column]) for column in ("alarm", "cut_off", "re_power")], stated["place"]


def test_grades_of_the_composite_index_row_by_row() -> None:
    written = {row["then"]: _ends(row["x"]) for row in _rows("coal_place.burst_risk_by_composite_index")}
    members = {"none": "no_burst_risk"}
    wanted = {row["grade"]: _ends(row["index"]) for row in TABLES["burst-index"]["rows"]}
    assert written == {members.get(grade, grade): ends for grade, ends in wanted.items()}


def test_air_speeds_row_by_row() -> None:
    written = PARTS["csr2025.table6"].source["rows"]
    wanted = TABLES["csr2025-T6"]["rows"]
    for row, stated in zip(written, wanted, strict=True):
        got = [_cell(row.get("least")), _cell(row.get("most"))]
        assert got == [_cell(stated["min_m_per_s"]), _cell(stated["max_m_per_s"])], stated["place"]


@pytest.mark.parametrize(
    ("table", "definition", "column"),
    [
        ("tail-beach-up", "tailings_pond.least_freeboard", "freeboard_m"),
        ("tail-beach-up", "tailings_pond.least_beach_upstream", "beach_m"),
        ("tail-beach-down", "tailings_pond.least_beach_downstream", "beach_m"),
    ],
)
def test_beach_and_freeboard_row_by_row(table: str, definition: str, column: str) -> None:
    wanted = {row["dam_class"]: Fraction(row[column]) for row in TABLES[table]["rows"]}
    assert {row["g"]: Fraction(row["then"]) for row in _rows(definition)} == wanted


def test_flood_recurrence_is_the_lower_end_of_each_row() -> None:
    rows = TABLES["tail-flood"]["rows"]
    wanted = {row["grade"]: _FIGURE.findall(row["recurrence_years"])[0] for row in rows}
    assert {row["g"]: row["then"] for row in _rows("tailings_pond.least_flood_recurrence")} == wanted


def test_safety_factors_row_by_row() -> None:
    methods = {"bishop": "simplified Bishop", "swedish": "Swedish circle"}
    grades = {"1": "class1", "2": "class2", "3": "class3", "[4..5]": "class4_5"}
    wanted = {(row["method"], row["condition"]): row for row in TABLES["tail-sf"]["rows"]}
    rows = _rows("tailings_pond.standard_safety_factor")
    assert len(rows) == 4 * len(wanted) == 24
    for row in rows:
        assert Fraction(row["then"]) == Fraction(wanted[methods[row["m"]], row["c"]][grades[row["g"]]])


def test_dust_limits_row_by_row() -> None:
    for column, definition in (("total", "total_dust_limit"), ("respirable", "respirable_dust_limit")):
        written = [Fraction(row["then"]) for row in _rows(f"coal_place.{definition}")]
        assert written == [Fraction(row[column]) for row in TABLES["csr2025-T26"]["rows"]]


def test_drainage_is_due_by_output() -> None:
    """Output in 10,000 t; at an end that two rows share the stricter of them is taken."""
    stated = {row["condition"]: row["value"] for row in TABLES["csr2025-202"]["rows"]}
    rows = {row["a"]: Fraction(row["then"]) for row in _rows("coal_mine.emission_for_drainage")}
    assert rows == {
        "<= 40": _number(stated["output <=0.4 Mt/a"].split()[0]),
        "(40..60]": _number(stated["output 0.4-0.6 Mt/a"].split()[0]),
        "(60..100]": _number(stated["output 0.6-1.0 Mt/a"].split()[0]),
        "(100..150]": _number(stated["output 1.0-1.5 Mt/a"].split()[0]),
        "> 150": _number(stated["mine absolute emission"].split()[0]),
    }


def test_harmful_gases_row_by_row() -> None:
    rule = PARTS["mine.csr2025.156-013b"]
    names = {"CO": "co", "NOx (as NO2)": "nox", "SO2": "so2", "H2S": "h2s", "NH3": "nh3"}
    for row in TABLES["csr2025-T5"]["rows"]:
        assert rule.parameters[names[row["gas"]]] == Fraction(row["max_percent"])


def test_safety_factors_of_slopes_are_the_lower_end_of_each_cell() -> None:
    columns = {"load_i": "load_I", "load_ii": "load_II_blasting", "load_iii": "load_III_earthquake"}
    wanted = {
        (f"grade_{row['safety_grade'].lower()}", load): min(Fraction(end) for end in row[column].split("-"))
        for row in TABLES["slope-noncoal-sf"]["rows"]
        for load, column in columns.items()
    }
    written = {
        (row["g"], row["l"]): Fraction(row["then"]) for row in _rows("pit_slope.least_design_safety_factor")
    }
    assert written == wanted


@pytest.mark.parametrize(
    ("index", "definition"),
    [
        ("dynamic failure time DT ms", "proneness_by_failure_time"),
        ("elastic energy index WET", "proneness_by_elastic_energy"),
        ("bursting energy index KE", "proneness_by_bursting_energy"),
        ("uniaxial strength Rc MPa", "proneness_by_strength"),
        (None, "roof_proneness"),
    ],
)
def test_burst_proneness_row_by_row(index: str | None, definition: str) -> None:
    table = "burst-roof" if index is None else "burst-coal"
    [wanted] = [row for row in TABLES[table]["rows"] if row.get("index") == index]
    members = {"none": "not_prone", "weak": "weakly_prone", "strong": "strongly_prone"}
    written = {row["then"]: row["x"] for row in _rows(f"coal_seam.{definition}")}
    for column, member in members.items():
        assert _ends(written[member]) == _ends(wanted[column]), column


def _ends(band: str) -> tuple[str, ...]:
    """Return the ends of a band with whether each is within, however it is written."""
    band = band.replace(" ", "")
    if band[0] in "[(":
        low, high = band[1:-1].split("..")
        return ("<=" if band[0] == "[" else "<") + low, ("<=" if band[-1] == "]" else "<") + high
    if (between := re.fullmatch(r"([\d.]+)(<=?)[A-Za-z]+(<=?)([\d.]+)", band)) is not None:
        return between[2] + between[1], between[3] + between[4]
    return (re.sub("^[A-Za-z]+", "", band),)
