"""How a draw fared: of each class, how many the weights lead one to expect, and how many were drawn.

Lots are a race in which each enterprise comes in at the rate of its weight. One is drawn where it is among
the first of its area that coverage takes, or comes in before the last of the others that are drawn.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import comb, exp, expm1, prod

from dualprev_rules.supervision.scheme import Classified

MOST_STATES = 20_000
"""Up to so many states of the race it is followed exactly."""
FEW_STATES = 500
"""The same for one area."""

Kind = tuple[str, int]
"""A class and its weight."""
Sizes = tuple[tuple[Kind, int], ...]
"""How many of each kind."""
Area = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Fairness:
    """How a class fared: how many it has, how many the weights lead one to expect, how many were drawn."""

    label: str
    enterprises: int
    expected: float
    drawn: int


def fairness(
    among: Sequence[Classified], chosen: Sequence[Classified], cover: int, level: int
) -> tuple[Fairness, ...]:
    """Return how each class fared in a draw that took ``cover`` of each area at ``level`` first."""
    sizes = Counter(one.counts.id for one in among)
    drawn = Counter(one.counts.id for one in chosen)
    weights = {one.counts.id: one.counts.visits for one in among}
    areas: dict[Area, Counter[Kind]] = {}
    for one in among:
        area = one.enterprise.area[: level + 1] if cover else ()
        areas.setdefault(area, Counter())[one.counts.id, one.counts.visits] += 1
    hopes = expected([tuple(sorted(kinds.items())) for kinds in areas.values()], len(chosen), cover)
    classes = sorted(sizes, key=lambda name: (-weights[name], name))
    return tuple(Fairness(name, sizes[name], round(hopes.get(name, 0.0), 3), drawn[name]) for name in classes)


def expected(areas: Sequence[Sizes], count: int, cover: int) -> Mapping[str, float]:
    """Return how many of each class to expect among ``count`` drawn, ``cover`` of each area first.

    Exactly for a small roster. For a large one the moment is taken as fixed at which the last is drawn;
    what coverage takes until then stays exact where an area has few kinds.

    >>> expected([((("A", 4), 1), (("B", 1), 2))], 1, 0)["A"] == 4 / 6
    True
    """
    numbers = [n for sizes in areas for _, n in sizes]
    few = comb(min(count, sum(numbers)) + len(numbers), len(numbers)) if not cover else MOST_STATES + 1
    if min(prod(n + 1 for n in numbers), few) <= MOST_STATES:
        return _exactly(tuple(areas), count, cover)
    return _about(Counter(areas), count, cover)


@lru_cache(maxsize=4096)
def _exactly(areas: tuple[Sizes, ...], count: int, cover: int) -> Mapping[str, float]:
    """Follow the race state by state: how many of each kind of each area have come in, how probably."""
    kinds = [(n, kind, size) for n, sizes in enumerate(areas) for kind, size in sizes]
    least = [min(cover, sum(size for _, size in sizes)) for sizes in areas]
    others = count - sum(least)
    hopes: defaultdict[str, float] = defaultdict(float)
    states = {(0,) * len(kinds): 1.0}
    while states:
        after: dict[tuple[int, ...], float] = {}
        for state, chance in states.items():
            came = [0] * len(areas)
            for (area, _, _), n in zip(kinds, state, strict=True):
                came[area] += n
            covered = [min(n, least[area]) for area, n in enumerate(came)]
            left = others - sum(came) + sum(covered)
            if left <= 0 and covered == least:
                continue
            rates = [weight * (size - n) for (_, (_, weight), size), n in zip(kinds, state, strict=True)]
            for at, ((area, (label, _), _), rate) in enumerate(zip(kinds, rates, strict=True)):
                if not rate:
                    continue
                next_chance = chance * rate / sum(rates)
                if left > 0 or covered[area] < least[area]:
                    hopes[label] += next_chance
                to = (*state[:at], state[at] + 1, *state[at + 1 :])
                after[to] = after.get(to, 0.0) + next_chance
        states = after
    return hopes


def _about(areas: Mapping[Sizes, int], count: int, cover: int) -> Mapping[str, float]:
    """Return what to expect with the moment as fixed at which as many have come in as are drawn."""

    def by(time: float) -> Mapping[str, float]:
        hopes: defaultdict[str, float] = defaultdict(float)
        for sizes, n in areas.items():
            for label, hope in _by(sizes, min(cover, sum(size for _, size in sizes)), time).items():
                hopes[label] += n * hope
        return hopes

    return by(_when(lambda time: sum(by(time).values()), count))


def _by(sizes: Sizes, least: int, time: float) -> Mapping[str, float]:
    """Return how many of an area to expect that came in by a time, or are taken to cover it."""
    if comb(least + len(sizes), len(sizes)) > FEW_STATES:
        alone = _when(lambda t: sum(n * _in_by(w, t) for (_, w), n in sizes), least)
        time, least = max(time, alone), 0
    hopes: defaultdict[str, float] = defaultdict(float)
    for (label, weight), size in sizes:
        hopes[label] += size * _in_by(weight, time)
    for state, chance in _short(sizes, least, time):
        left = tuple((kind, size - n) for (kind, size), n in zip(sizes, state, strict=True))
        for label, hope in _exactly((left,), least - sum(state), 0).items():
            hopes[label] += chance * hope
    return hopes


def _short(sizes: Sizes, least: int, time: float) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield the states of an area with fewer than ``least`` in by a time, and how probable each is."""
    for state in product(*(range(min(size, least - 1) + 1) for _, size in sizes)) if least else ():
        if sum(state) < least:
            yield (
                state,
                prod(
                    comb(size, n) * _in_by(w, time) ** n * exp(-w * time * (size - n))
                    for ((_, w), size), n in zip(sizes, state, strict=True)
                ),
            )


def _in_by(weight: int, time: float) -> float:
    """Return the chance of one to have come in by a time."""
    return -expm1(-weight * time)


def _when(come: Callable[[float], float], count: int) -> float:
    """Return when ``count`` are to be expected to have come in."""
    low, high = 0.0, 1.0
    while come(high) < count - 1e-9 and high < 2**20:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if come(middle) < count else (low, middle)
    return high
