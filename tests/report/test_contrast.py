"""Colours of the report keep the contrast that WCAG 2.2 AA wants: 4.5 to 1 for text."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import product

import pytest

from tests.engines import loaded


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


CSS = (files("dualprev_rules.report") / "templates" / "report.css").read_text("utf-8")
COLOURS = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", CSS))


@pytest.mark.parametrize(
    ("ink", "paper"),
    [*product(("ink", "soft", "link", "bad", "warn", "open"), ("paper", "wash")), ("paper", "bad")],
)
def test_text_stands_out(ink: str, paper: str) -> None:
    assert contrast(COLOURS[ink], COLOURS[paper]) >= 4.5


def test_the_ink_of_a_grade_stands_out_on_its_colour() -> None:
    profile = loaded().profile
    for swatch in (*profile.grades.values(), profile.not_assessed):
        assert contrast(swatch.ink, swatch.hex) >= 4.5, swatch
