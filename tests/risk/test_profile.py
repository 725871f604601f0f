"""How a profile shows grades: the one source of colour, and never milder than may be."""

from __future__ import annotations

from itertools import combinations

import pytest

from dualprev_rules.facts.possible import Cause
from dualprev_rules.risk import ControlLevel, RiskGrade
from tests.risk.core import METHODS, NATIONAL

CAUSE = frozenset((Cause("enterprise.risk_points[1].C"),))
OPEN = [RiskGrade(chosen, CAUSE) for size in (2, 3, 4) for chosen in combinations((1, 2, 3, 4), size)]


@pytest.mark.parametrize(
    ("level", "colour", "zh"),
    [(1, "red", "重大风险"), (2, "orange", "较大风险"), (3, "yellow", "一般风险"), (4, "blue", "低风险")],
)
def test_a_decided_grade_has_its_name_and_colour(level: int, colour: str, zh: str) -> None:
    shown = NATIONAL.show(RiskGrade((level,)))
    assert (shown.swatch.colour, shown.label.zh, shown.hatched) == (colour, zh, False)


@pytest.mark.parametrize("grade", OPEN, ids=lambda g: str(g.possible))
def test_an_open_grade_is_hatched_in_the_colour_of_the_worst_and_never_blue(grade: RiskGrade) -> None:
    shown = NATIONAL.show(grade)
    assert shown.hatched
    assert shown.swatch is NATIONAL.grades[grade.at_worst]
    assert shown.swatch.colour != "blue"
    assert shown.label.zh.startswith(f"不优于{NATIONAL.grades[grade.at_best].name.zh}")
    assert NATIONAL.grades[grade.at_worst].name.en in shown.label.en


def test_what_was_not_assessed_has_none_of_the_four_colours() -> None:
    for grade in (None, RiskGrade((1, 2, 3, 4), CAUSE)):
        shown = NATIONAL.show(grade, assessed=False)
        assert shown.label.zh == "未评估"
        assert shown.swatch.colour not in {swatch.colour for swatch in NATIONAL.grades.values()}


def test_text_on_every_colour_can_be_read() -> None:
    for swatch in (*NATIONAL.grades.values(), NATIONAL.not_assessed):
        assert contrast(swatch.hex, swatch.ink) >= 4.5, swatch.colour


def test_the_four_colours_differ() -> None:
    assert len({swatch.hex for swatch in (*NATIONAL.grades.values(), NATIONAL.not_assessed)}) == 5


def test_the_highest_level_that_must_act() -> None:
    levels = [NATIONAL.control_level(RiskGrade((grade,))) for grade in (1, 2, 3, 4)]
    assert levels == [
        ControlLevel.COMPANY,
        ControlLevel.COMPANY,
        ControlLevel.WORKSHOP,
        ControlLevel.TEAM,
    ]
    assert NATIONAL.control_level(RiskGrade((2, 4), CAUSE)) is ControlLevel.COMPANY


def test_the_profile_chooses_bands_of_every_method_of_four_grades_and_says_why() -> None:
    graded = {m.id: m for m in METHODS.values() if m.bands and not any(b.levels for b in m.bands.values())}
    chosen = {id_: bands.id for id_, of in graded.items() if (bands := NATIONAL.bands_of(of)) is not None}
    assert chosen == NATIONAL.choose
    assert NATIONAL.bands_of(METHODS["rpn"]) is None
    assert NATIONAL.choose_because is not None


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#RRGGBB``."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
