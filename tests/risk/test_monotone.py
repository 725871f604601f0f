"""No factor that is raised gives a milder grade or level: every method, by the bands of every profile."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules import Engine
from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.values import decided
from dualprev_rules.facts.possible import Finite
from dualprev_rules.pack.model import Bands, Factor, GradingMethod
from dualprev_rules.risk import grade_factors
from dualprev_rules.risk.resolve import shipped_profiles
from tests.cases import cases
from tests.risk.test_grading import POINT

PACKS = ("chemicals", "construction", "mining")
"""Those that bring methods of their own."""
AS_OF = date(2026, 11, 21)
LARGEST = Fraction(10**6)


@cache
def engine(profile: str) -> Engine:
    """Return all methods, and the bands that a profile chooses."""
    return Engine.load(PACKS, profile, as_of=AS_OF)


def methods(profile: str) -> list[tuple[GradingMethod, Bands]]:
    """Return every method that has bands, with those of the profile."""
    of = engine(profile)
    chosen = [(method, of.profile.bands_of(method)) for method in of.ruleset.methods.values()]
    return [(method, bands) for method, bands in chosen if bands is not None]


def scores(factor: Factor) -> st.SearchStrategy[Fraction]:
    """Draw a score that the factor may have."""
    within = factor.within
    if isinstance(within, Finite):
        return st.sampled_from(within.values)
    low = within.low if within.low is not None else -LARGEST
    high = within.high if within.high is not None else LARGEST
    if within.whole:
        return st.integers(ceil(low), floor(high)).map(Fraction)
    return st.fractions(low, high, max_denominator=1000).filter(
        lambda score: not (within.low_open and score == low) and not (within.high_open and score == high)
    )


def severity(of: Engine, method: GradingMethod, bands: Bands, factors: dict[str, Fraction]) -> int | None:
    """Return how bad it is, the worst being 0; None where the bands leave a gap there."""
    known = {name: decided(score) for name, score in factors.items()}
    grading = grade_factors(Reference(of.ruleset), method, bands, known, POINT)
    assert not grading.problems
    if bands.levels:
        return list(bands.levels).index(grading.levels[0].id) if len(grading.levels) == 1 else None
    return grading.grade.level


@pytest.mark.parametrize("profile", sorted(shipped_profiles()))
@settings(max_examples=cases(200))
@given(data=st.data())
def test_in_every_profile_a_worse_factor_never_gives_a_milder_grade(
    profile: str, data: st.DataObject
) -> None:
    method, bands = data.draw(st.sampled_from(methods(profile)), label="method")
    low = {name: data.draw(scores(factor), label=name) for name, factor in method.factors.items()}
    name = data.draw(st.sampled_from(sorted(method.factors)), label="raised")
    other = data.draw(scores(method.factors[name]), label="to")
    milder, worse = sorted((low[name], other), reverse=method.factors[name].monotone == "falling")
    before = severity(engine(profile), method, bands, {**low, name: milder})
    after = severity(engine(profile), method, bands, {**low, name: worse})
    if before is not None and after is not None:
        assert after <= before, (method.id, bands.id)


def test_of_which_factors_more_is_safer_is_data_of_the_method() -> None:
    every = engine("national").ruleset.methods.values()
    safer = {
        (of.id, name) for of in every for name, factor in of.factors.items() if factor.monotone == "falling"
    }
    # The frequency that is tolerable, and points for safety.
    assert safer == {("lopa", "Ft"), ("diagnosis_2018", "score"), ("park_2023", "score")}


def test_every_method_takes_part() -> None:
    brought = {method.pack for profile in shipped_profiles() for method, _ in methods(profile)}
    assert {"core", *PACKS} <= brought
