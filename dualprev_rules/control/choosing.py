"""Choose what to look at in the time that there is: the facts that decide most for the time they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm


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
    whole = lcm(budget.denominator, *(each.denominator for each in minutes.values()))
    cost = {fact: int(each * whole) for fact, each in minutes.items()}
    left = int(budget * whole)
    waiting, taken = list(bundles), list[Bundle]()
    decided: set[str] = set()
    chosen: set[str] = set()
    while True:
        # What gains nothing now gains nothing later: what is covered only grows.
        waiting = [bundle for bundle in waiting if not bundle.decides <= decided]
        best, most, least = None, 0, 1
        for bundle in waiting:
            gain = len(bundle.decides - decided)
            adds = sum(cost[fact] for fact in bundle.facts if fact not in chosen)
            if adds <= left and (gain * least, gain) > (most * adds, most):
                best, most, least = bundle, gain, adds
        if best is None:
            return _facts(_needed(taken))
        taken.append(best)
        left -= least
        decided |= best.decides
        chosen |= best.facts


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
