"""GB 18218-2018 on the example site: S, R and level of every unit, computed by hand.

A part of a unit is (q in t, Q in t, β): Q from table 1, or table 2 where the substance is not named; β from
table 3 for the named toxic gases (chlorine 4, hydrogen chloride 3, ammonia 2), from table 4 by the category
of all others (W2 1.5, everything else here 1).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from dualprev_rules.facts.quantity import parse_number
from tests.examples.example import judged

Part = tuple[str, str, str]

PARTS: dict[str, list[Part]] = {
    # Chlorine dried and liquefied, 12 t. Sulphuric acid is in neither table.
    "U02": [("12", "5", "4")],
    # 120 t of liquid chlorine.
    "U03": [("120", "5", "4")],
    # 8000 kg in cylinders, 2 t in the filling system.
    "U04": [("8", "5", "4"), ("2", "5", "4")],
    # Anhydrous hydrogen chloride 400 kg, hydrogen 50 kg, chlorine 200 kg; hydrochloric acid is not anhydrous.
    "U05": [("0.4", "20", "3"), ("0.05", "5", "1.5"), ("0.2", "5", "4")],
    # Acetylene 150 kg, vinyl chloride 10 t, hydrogen chloride 2 t, mercuric chloride 5 t (J5: 500 t).
    "U06": [("0.15", "1", "1.5"), ("10", "50", "1.5"), ("2", "20", "3"), ("5", "500", "1")],
    # Vinyl chloride: 1000 m³ × 0.91 t/m³ × 0.85 = 773.5 t.
    "U07": [("773.5", "50", "1.5")],
    # Chlorine 150 kg; hypochlorite and caustic are in neither table.
    "U09": [("0.15", "5", "4")],
    # Sodium chlorate 40, potassium permanganate 20 (W9.2: 200), hydrogen peroxide 20,000 kg (W9.2: 200),
    # potassium nitrate 100, ethanol 25, acetone 25,000 kg, methanol 100: 2/5 + 3 × 1/10 + 2 × 1/20 + 1/5 = 1.
    "U10": [
        ("40", "100", "1"),
        ("20", "200", "1"),
        ("20", "200", "1"),
        ("100", "1000", "1"),
        ("25", "500", "1"),
        ("25", "500", "1"),
        ("100", "500", "1"),
    ],
    # Diesel: class 3, 30 °C below its boiling point of 180 °C, in no special process: W5.4, 5000 t.
    "U12": [("170", "5000", "1")],
    # Oxygen; nitrogen and argon are in neither table.
    "U13": [("40", "200", "1")],
    # LPG 1044 t, propane 60 t, butane 40 t, all in the row of LPG.
    "U21": [("1044", "50", "1.5"), ("60", "50", "1.5"), ("40", "50", "1.5")],
    # LPG 18 t, tetrahydrothiophene 200 kg (W5.3: 1000 t), methanol 2 t.
    "U22": [("18", "50", "1.5"), ("0.2", "1000", "1"), ("2", "500", "1")],
}
ALPHA = Fraction("1.5")
"""65 permanent residents within 500 m of the works: 50 to 99."""

# By hand once more, so that the sums above are not their own judge.
S = {
    "U02": "12/5",
    "U03": "24",
    "U04": "2",
    "U05": "7/100",
    "U06": "23/50",
    "U07": "15.47",
    "U09": "3/100",
    "U10": "1",
    "U12": "17/500",
    "U13": "1/5",
    "U21": "22.88",
    "U22": "0.3642",
}
R = {"U02": "14.4", "U03": "144", "U04": "12", "U07": "34.8075", "U10": "1.5"}
LEVEL = {"U02": "3", "U03": "1", "U04": "3", "U07": "3", "U10": "4"}
"""R ≥ 100: 1; 50 to below 100: 2; 10 to below 50: 3; below 10: 4."""
NONE = ("U01", "U05", "U06", "U08", "U09", "U12", "U13", "U22")


def derived(unit: str, name: str) -> Any:
    return judged(2026).derived[f"unit[{unit}].{name}"].value


def numbers(value: Any) -> list[Fraction]:
    found = [parse_number(each) for each in (value["values"] if isinstance(value, dict) else [value])]
    return sorted(number for number in found if number is not None)


@pytest.mark.parametrize("unit", PARTS)
def test_s_is_the_sum_of_q_over_critical_quantity(unit: str) -> None:
    by_hand = sum((Fraction(q) / Fraction(limit) for q, limit, _ in PARTS[unit]), Fraction(0))
    assert by_hand == Fraction(S[unit])
    assert numbers(derived(unit, "s_value")) == [by_hand]


@pytest.mark.parametrize("unit", R)
def test_r_is_alpha_times_the_corrected_sum_and_gives_the_level(unit: str) -> None:
    corrected = sum((Fraction(b) * Fraction(q) / Fraction(limit) for q, limit, b in PARTS[unit]), Fraction(0))
    assert ALPHA * corrected == Fraction(R[unit])
    assert numbers(derived(unit, "r_value")) == [Fraction(R[unit])]
    assert derived(unit, "is_major_hazard_installation") is True
    assert derived(unit, "hazard_level") == LEVEL[unit]


@pytest.mark.parametrize("unit", NONE)
def test_below_one_is_no_installation_and_has_no_level(unit: str) -> None:
    assert derived(unit, "is_major_hazard_installation") is False
    assert derived(unit, "r_value") is None
    assert derived(unit, "hazard_level") is None


def test_exactly_one_is_an_installation() -> None:
    assert numbers(derived("U10", "s_value")) == [1]
    assert derived("U10", "is_major_hazard_installation") is True


def test_a_wrong_check_digit_bounds_what_the_substance_can_add() -> None:
    # Chlorine 1.2/5 and hydrogen 0.3/5 are known; 100 kg of whatever it is adds nothing, or at most 0.1/0.3
    # by the smallest figure of table 1 (phosgene).
    known = Fraction("1.2") / 5 + Fraction("0.3") / 5
    found = numbers(derived("U01", "s_value"))
    assert (found[0], found[-1]) == (known, known + Fraction("0.1") / Fraction("0.3"))
    assert found[-1] < 1


def test_a_name_and_a_cas_number_that_disagree_are_both_possible() -> None:
    # Calcium carbide 60/100; 20 kg of acetylene (1 t) or of ethylene (50 t).
    carbide = Fraction(60) / 100
    acetylene, ethylene = Fraction("0.02") / 1, Fraction("0.02") / 50
    assert numbers(derived("U08", "s_value")) == [carbide + ethylene, carbide + acetylene]


def test_an_unknown_quantity_leaves_it_open_from_what_is_known() -> None:
    # 8 t of ammonia are 8/10; the charge of the lines is not known. If it is an installation, R is at least
    # 1.5 × 2 × 8/10 = 2.4 whatever is found, and every level is possible.
    s = derived("U11", "s_value")
    assert (s["low"], s["low_open"], s["high"]) == ("0.8", False, None)
    assert derived("U11", "r_value")["low"] == "2.4"
    assert derived("U11", "is_major_hazard_installation") == {"values": [False, True]}
    assert derived("U11", "hazard_level") == {"values": ["1", "2", "3", "4"], "or_none": True}


def test_an_unknown_population_leaves_the_level_open() -> None:
    corrected = Fraction("1.5") * Fraction("22.88")
    assert corrected == Fraction("34.32")
    alphas = [Fraction(alpha) for alpha in ("0.5", "1", "1.2", "1.5", "2")]
    assert numbers(derived("U21", "r_value")) == [alpha * corrected for alpha in alphas]
    assert derived("U21", "is_major_hazard_installation") is True
    # 17.16 to below 50, or 51.48 and 68.64.
    assert derived("U21", "hazard_level") == {"values": ["2", "3"]}


def test_every_unit_is_computed_here() -> None:
    units = {r.facts["id"].given for r in judged(2026).facts.records() if r.entity.name == "unit"}
    assert units == {*PARTS, "U01", "U08", "U11"}
    assert {*NONE, *R} | {"U11", "U21"} == units
