"""Grading by hand, as the command does it: every fault at once."""

from __future__ import annotations

import pytest

from dualprev_rules.problems import DualprevError
from dualprev_rules.risk import grade
from tests.risk.core import NATIONAL, REFERENCE


def test_factors_by_name() -> None:
    grading = grade(REFERENCE, NATIONAL, "lec", {"L": "3", "E": "6", "C": "15"})
    assert grading.grade.level == 2
    assert grading.band == ("[160..320)",)
    assert grading.bands is not None
    assert grading.bands.id == "lower_inclusive4"


def test_other_bands_than_the_profile_s() -> None:
    seventy = {"L": "10", "E": "1", "C": "7"}
    assert grade(REFERENCE, NATIONAL, "LEC", seventy).grade.level == 3
    assert grade(REFERENCE, NATIONAL, "lec", seventy, bands="upper_inclusive4").grade.level == 4


def test_a_missing_factor_leaves_the_grade_open() -> None:
    grading = grade(REFERENCE, NATIONAL, "lec", {"L": "6", "E": "10"})
    assert grading.grade.possible == (1, 2, 4)
    assert {cause.path for cause in grading.grade.causes} == {"C"}


def test_every_fault_is_reported() -> None:
    with pytest.raises(DualprevError) as raised:
        grade(REFERENCE, NATIONAL, "lec", {"L": "4", "E": "often", "X": "1"}, bands="lower4")
    assert {p.code for p in raised.value.problems} == {
        "risk.off-scale",
        "risk.not-a-number",
        "risk.unknown-factor",
        "risk.unknown-bands",
    }
    assert "10 6 3 1 0.5 0.2 0.1" in raised.value.show("zh")


def test_an_unknown_method_names_the_nearest() -> None:
    with pytest.raises(DualprevError) as raised:
        grade(REFERENCE, NATIONAL, "ls_5x6", {})
    (fault,) = raised.value.problems
    assert fault.code == "risk.unknown-method"
    assert fault.nearest == "ls_5x5"
    assert "mes_property" in fault.text("en")
