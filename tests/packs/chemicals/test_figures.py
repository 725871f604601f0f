"""No figure of the pack is typed wrongly or made up: each is compared with the reference, exactly."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest

from tests.packs.parts import ROOT, numbers, parts, read, same, where

PACK = ROOT / "packs/chemicals/dualprev_pack_chemicals"
REFERENCED = read(ROOT / "tests/reference/chemicals.yaml")
ENCODED = where(PACK)["encoded"]
PARTS = parts(PACK)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
ITEMS = {item["id"]: item for item in REFERENCED["items"]}
FIGURES = [
    (item, parameter["name"])
    for item in ENCODED
    for parameter in ITEMS[item]["parameters"]
    if any(True for _ in numbers(parameter))
]
# Figures that only count or divide, and the width of a decision: none is a limit of a clause.
_STRUCTURAL = {Fraction(0), Fraction(1), Fraction(2), Fraction(10), Fraction(12)}
# Figures that the reference states in words beside its parameters, with where it does so.
_IN_WORDS = {
    "substance.category_quantity": {Fraction(5000)},  # the largest figure of table 2, where there is none
    "substance.ratio": {Fraction(5000)},
    "substance.in_special_process": {Fraction("1.6")},  # table 2, W5.2
    "chem.gb30871.5-3-2": {Fraction(4)},  # lel_ge_4pct
    "chem.gb30871.6-4b": {Fraction(4)},
    "chem.mh2026.5-6-1b": {Fraction(5)},  # sw-hot-wind: clause 5.2.15 of GB 30871, which the parameter cites
    "protected_target.risk_class": {
        Fraction(30),
        Fraction(100),
        Fraction(10),
    },  # table gb36894_general_targets
    "protected_target.risk_group_2014": {
        Fraction(30),
        Fraction(100),
        Fraction(2),
        Fraction(3),
    },  # gazette2014
}
# Where a figure of the reference is not a figure of the pack, and why.
_NOT_A_FIGURE = {
    ("gb18218-alpha-radius", "population_radius_from_plant_boundary"),  # in the label of exposed_people
    ("chem2017-05", "mhi_level"),
    ("sw-scope", "work_types"),
    ("sw-height-factors", "listed_factors"),  # six by their figures, the rest counted by a fact
    ("law-distance", "target_kinds"),  # in the question of targets_too_near
    ("mhi-assess", "mhi_level"),  # members of hazard_level
    ("risk-fn-curve", "log_log_slope"),  # a product of frequency and fatalities that stays the same
}


@pytest.mark.parametrize(("item", "name"), FIGURES)
def test_figure_of_the_reference_stands_in_the_pack(item: str, name: str) -> None:
    [parameter] = [p for p in ITEMS[item]["parameters"] if p["name"] == name]
    encoding = [PARTS[part] for part in ENCODED[item]]
    named = [part for part in encoding if name in part.parameters]
    for part in named:
        [wanted] = numbers(parameter)
        assert same(part.parameters[name], part.units[name], wanted, parameter["unit"]), part.id
    if not named and (item, name) not in _NOT_A_FIGURE:
        held = set[Fraction]().union(*(part.figures | _members(part.texts) for part in encoding))
        missing = [wanted for wanted in numbers(parameter) if not _holds(held, wanted, parameter["unit"])]
        assert missing == []


def _members(texts: frozenset[str]) -> set[Fraction]:
    digits = (text.removeprefix("category_") for text in texts)
    return {Fraction(text) for text in digits if text.isdigit()}


def _holds(held: set[Fraction], wanted: Fraction, unit: str) -> bool:
    # A year is twelve months where a fact is counted in months.
    return wanted in held or (unit in ("year", "per_year") and wanted * 12 in held)


def _stated(part: str) -> set[Fraction]:
    of = [item for item, encoding in ENCODED.items() if part in encoding]
    instruments = {cite[0] for cite in PARTS[part].cites}
    items = [ITEMS[item] for item in of] or [i for i in ITEMS.values() if i["instrument"] in instruments]
    found = {figure for item in items for p in item["parameters"] for figure in numbers(p)}
    for table in REFERENCED["tables"].values():
        if (table["instrument"], table["clause"]) in PARTS[part].cites:
            found |= _of_rows(table["rows"])
    return found


def _of_rows(rows: list[dict[str, Any]]) -> set[Fraction]:
    texts = [str(cell) for row in rows for cell in row.values()]
    return {Fraction(figure) for text in texts for figure in _FIGURE.findall(text)}


@pytest.mark.parametrize("part", PARTS)
def test_figure_of_the_pack_stands_in_the_reference(part: str) -> None:
    allowed = _stated(part) | _STRUCTURAL | _IN_WORDS.get(part, set())
    assert PARTS[part].figures - allowed == set()


# --- tables, row by row ----------------------------------------------------------------------------


def rows(file: str) -> list[dict[str, Any]]:
    """Return the rows of a table of the pack."""
    return read(PACK / "tables" / file)["rows"]


def stated(table: str) -> list[dict[str, Any]]:
    """Return the rows of a table of the reference."""
    return REFERENCED["tables"][table]["rows"]


def test_table_1_row_by_row() -> None:
    written = [
        (row["no"], row["name"][0], row.get("alias", []), row["cas"], Fraction(row["q"]))
        for row in rows("gb18218_table1.yaml")
    ]
    wanted = [
        (r["no"], r["name_zh"], r["alias_zh"], r["cas"], Fraction(r["Q_t"])) for r in stated("gb18218_table1")
    ]
    assert written == wanted
    assert len(written) == 85


def test_table_1_asks_only_what_its_rows_say() -> None:
    conditions = {row["no"]: row["when"] for row in rows("gb18218_table1.yaml") if "when" in row}
    names = {row["no"]: row["name_zh"] for row in stated("gb18218_table1")}
    # What row 81 leaves out, nitric acid that is red fuming, is row 80: it has the content of row 81.
    fuming = conditions.pop("80")
    assert fuming.endswith("or (content_percent > 70 and is_red_fuming)")
    printed = names["81"]
    assert conditions["81"] == f"content_percent > 70 or name == '{printed}'"
    for no, condition in conditions.items():
        for figure in _FIGURE.findall(condition):
            assert figure in names[no], (no, figure)
    qualified = {no for no, name in names.items() if any(sign in name for sign in "<>≤≥") or "无水" in name}
    # Row 44 is all ammonium nitrate that is not row 43: either is in table 1, whatever is not known of it.
    assert set(conditions) == qualified - {"44"}


@pytest.mark.parametrize(
    ("file", "table", "column", "stated_as"),
    [
        ("gb18218_table2.yaml", "gb18218_table2", "q", "Q_t"),
        ("gb18218_table4.yaml", "gb18218_table4", "beta", "beta"),
    ],
)
def test_tables_by_category(file: str, table: str, column: str, stated_as: str) -> None:
    wanted = {row["symbol"]: (row["category_zh"], Fraction(row[stated_as])) for row in stated(table)}
    written = {row["no"]: (row["class"], Fraction(row[column])) for row in rows(file)}
    assert {no: cell for no, cell in written.items() if "（" not in no} == wanted
    # W5.1 and W5.2 stand a second time for liquids of which only the class is known.
    assert {no.split("（")[0]: cell for no, cell in written.items() if "（" in no} == {
        symbol: wanted[symbol] for symbol in ("W5.1", "W5.2")
    }


def test_table_3() -> None:
    written = [(row["name"][0], row["cas"], Fraction(row["beta"])) for row in rows("gb18218_table3.yaml")]
    assert written == [(r["name_zh"], [r["cas"]], Fraction(r["beta"])) for r in stated("gb18218_table3")]


def test_rows_of_table_1_name_their_row_of_table_3() -> None:
    named = {row["gas"]: row for row in rows("gb18218_table1.yaml") if "gas" in row}
    # Carbon monoxide is part of row 13, coal gas, which has no CAS number.
    assert named.pop("1")["no"] == "13"
    others = {row["no"]: row for row in rows("gb18218_table3.yaml") if row["no"] != "1"}
    assert {no: row["cas"] for no, row in named.items()} == {no: row["cas"] for no, row in others.items()}


def test_tables_5_and_6() -> None:
    alpha = {(r["exposed"], Fraction(r["then"])) for r in PARTS["unit.alpha"].source["decide"]["rows"]}
    assert alpha == {(_people(r), Fraction(r["alpha"])) for r in stated("gb18218_table5")}
    levels = [(r["then"], r["r"]) for r in PARTS["unit.hazard_level"].source["decide"]["rows"]]
    assert levels == [(r["level"], _range(r["r_min"], r["r_max"])) for r in stated("gb18218_table6")]


def _people(row: dict[str, str]) -> str:
    if row["max"] == "null":
        return f">= {row['min']}"
    return row["min"] if row["min"] == row["max"] else f"[{row['min']}..{row['max']}]"


def _range(low: str, high: str) -> str:
    if high == "null":
        return f">= {low}"
    return f"< {high}" if low == "null" else f"[{low}..{high})"


@pytest.mark.parametrize(
    ("file", "table", "columns"),
    [
        ("individual_risk.yaml", "gb36894_individual", ("new", "in_service")),
        ("individual_risk_2014.yaml", "gazette2014_individual", ("new", "in_service")),
    ],
)
def test_individual_risk(file: str, table: str, columns: tuple[str, ...]) -> None:
    written = [tuple(Fraction(row[c]) for c in columns) for row in rows(file)]
    assert written == [tuple(Fraction(row[c]) for c in columns) for row in stated(table)]


def test_tolerable_risk_of_order_40() -> None:
    written = [Fraction(row["limit"]) for row in rows("individual_risk_order40.yaml")]
    assert written == [Fraction(row["max"]) for row in stated("order40_annex_individual")]


def test_scoring_table_of_2018() -> None:
    written = [
        (r["part"], r["subject"], r.get("max", "null"), r["points"])
        for r in rows("risk_grading_2018_score.yaml")
    ]
    assert written == [
        (r["part"], r["item"], r["max"], r["points"]) for r in stated("risk_grading_2018_score")
    ]


def test_hazardous_processes() -> None:
    unit = read(PACK / "facts.yaml")["unit"]["attributes"]["key_processes"]
    labels = [label["zh"] for label in unit["of"]["enum"].values()]
    wanted = [row["zh"].replace("（", "").replace("）", "") for row in stated("hazardous_processes_18")]
    assert labels == wanted


def test_approval_of_permits() -> None:
    labels = read(PACK / "facts.yaml")["work_permit"]["attributes"]["approver"]["values"]
    written = [(row["work"], labels[row["approver"]]["zh"]) for row in rows("gb30871_approval.yaml")]
    assert written == [(row["work"], row["approver"]) for row in stated("sw_approval")]


def test_distances_to_live_parts_and_grades_of_height() -> None:
    distances = PARTS["work_permit.safe_live_distance"].source["decide"]["rows"]
    wanted = {_voltage(row["kV"]): Fraction(row["m"]) for row in stated("sw_live_distance")}
    assert {row["voltage"]: Fraction(row["then"].strip("'").split()[0]) for row in distances} == wanted
    grades = {
        (row["height"], row.get("factor")): row["then"].removeprefix("height_")
        for row in PARTS["work_permit.needed_height_grade"].source["decide"]["rows"]
    }
    number = {"I": "1", "II": "2", "III": "3", "IV": "4"}
    for row in stated("sw_height_grades"):
        height = _height(row["h_m"])
        for column, factor in (("A", "false"), ("B", "true")):
            assert grades.get((height, factor), grades.get((height, None))) == number[row[column]]


def _voltage(text: str) -> str:
    if text.startswith("<="):
        return f"<= {text[2:]}"
    return f"[{text.replace('~', '..')}]" if "~" in text else text


def _height(text: str) -> str:
    low, _, high = text.partition("h")
    if not low:
        return high.replace(">", "> ")
    left = "[" if low.endswith("<=") else "("
    return f"{left}{low.rstrip('<=')}..{high.lstrip('<=')}]"


def test_orders_of_the_reaction_hazard_grades() -> None:
    columns = {c["name"]: c["is"] for c in PARTS["unit.reaction_hazard_grade"].source["decide"]["inputs"]}
    found = dict(zip(columns, stated("reaction_hazard_grades"), strict=True))
    for name, row in found.items():
        for order in row["condition"].split(" 或 "):
            assert _met(columns[name], order), (name, order)
            assert not any(_met(text, order) for other, text in columns.items() if other != name)


def _met(condition: str, order: str) -> bool:
    """Evaluate a condition for temperatures in the order that the reference writes."""
    names = order.replace("<=", "<").replace(" ", "").split("<")
    values = {name: 100 * place for place, name in enumerate(names)}
    spelt = {
        "process_temperature": values["Tp"],
        "mtsr": values["MTSR"],
        "mtt": values["MTT"],
        "td24": values["TD24"],
    }
    return bool(eval(condition, {"__builtins__": {}}, spelt))


@pytest.mark.parametrize(
    ("method", "definition"),
    [("diagnosis_2018", "enterprise.diagnostic_colour"), ("park_2023", "park.risk_level")],
)
def test_bands_of_the_grading_methods(method: str, definition: str) -> None:
    [found] = [one for one in read(PACK / "grading.yaml") if one["method"] == method]
    banded = {row["total"] for row in found["bands"][0]["decide"]["rows"]}
    assert banded == {row["score"] for row in PARTS[definition].source["decide"]["rows"] if "score" in row}
