"""Choose what to look at in the time that there is: the facts that decide most for the time they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Bundle:
    """Facts that can decide some outcomes when they are known together; as a rule it is one fact."""

    facts: frozenset[str]
    decides: frozenset[str]


def choose(bundles: Sequence[Bundle], minutes: Mapping[str, Fraction], budget: Fraction) -> frozenset[str]:
    """Return the facts to look at: a greedy cover of the outcomes, within a budget of minutes.

    Again and again the bundle is taken that can decide the most outcomes not yet covered for each
    minute that it adds; of equals the one that decides more, then the first. The end is where nothing
    that still fits in the time decides any more; then bundles are given back, the last first, that the
    others make needless. No shorter list may exist, but none is sought: the choice of the best is hard, this
    one is quick, the same each time, and easy to follow.
    """
    taken: list[Bundle] = []
    covered: frozenset[str] = frozenset()
    while True:
        chosen = _facts(taken)
        left = budget - _cost(chosen, minutes)
        best: Bundle | None = None
        worth: tuple[Fraction, int] | None = None
        for bundle in bundles:
            gain = len(bundle.decides - covered)
            cost = _cost(bundle.facts - chosen, minutes)
            if not gain or cost > left:
                continue
            # What adds no time is worth more than anything that does.
            ratio = (Fraction(gain) / cost if cost else Fraction(10**9), gain)
            if worth is None or ratio > worth:
                best, worth = bundle, ratio
        if best is None:
            return _facts(_needed(taken))
        taken.append(best)
        covered |= best.decides


def covered(bundles: Sequence[Bundle], facts: frozenset[str]) -> frozenset[str]:
    """Return the outcomes that facts can decide."""
    return frozenset(o for bundle in bundles if bundle.facts <= facts for o in bundle.decides)


def _needed(taken: list[Bundle]) -> list[Bundle]:
    kept = list(taken)
    for bundle in reversed(taken):
        others = [each for each in kept if each is not bundle]
        if bundle.decides <= covered(others, _facts(others)):
            kept = others
    return kept


def _facts(bundles: Sequence[Bundle]) -> frozenset[str]:
    return frozenset(fact for bundle in bundles for fact in bundle.facts)


def _cost(facts: frozenset[str], minutes: Mapping[str, Fraction]) -> Fraction:
    return sum((minutes[fact] for fact in facts), Fraction(0))
