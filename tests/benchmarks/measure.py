"""Time contestants side by side: warmed up, interleaved, the collector held, ratios within a round."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from time import perf_counter
from typing import Any

from dualprev_rules.evaluate.compiled import FEW


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: rounds of each contestant, seconds of one block, seconds of a whole race."""

    rounds: int
    block: float
    limit: float
    """Once over, a race ends with its round, but not before the third."""
    warm: float = 3
    """Seconds after which a contestant is warm, however often it has run."""
    quick: bool = False
    clock: Callable[[], float] = perf_counter


FULL = Effort(rounds=21, block=0.05, limit=90)
QUICK = Effort(rounds=5, block=0.01, limit=5, quick=True)
LEAST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Contestant:
    """Something to time: ``run`` is called with each of ``inputs`` in turn, never with one of them only."""

    name: str
    run: Callable[[Any], Any]
    inputs: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one call, one figure a round; the rounds of a race run parallel."""

    name: str
    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Return the median of the rounds."""
        return statistics.median(self.rounds)

    @property
    def spread(self) -> float:
        """Return the distance of the quartiles."""
        if len(self.rounds) < 2:
            return 0.0
        low, _, high = statistics.quantiles(self.rounds, n=4, method="inclusive")
        return high - low

    def times_faster_than(self, other: Timing) -> float:
        """Return the median of the ratios, each taken within one round, so that a slow moment hits both."""
        return statistics.median(
            theirs / ours for ours, theirs in zip(self.rounds, other.rounds, strict=True)
        )


def race(contestants: Sequence[Contestant], effort: Effort) -> list[Timing]:
    """Time all contestants, a block of each in every round, beginning with another one each time."""
    batches = [_batch(each, effort) for each in contestants]
    found: list[list[float]] = [[] for _ in contestants]
    end = perf_counter() + effort.limit
    for turn in range(effort.rounds):
        if turn >= LEAST_ROUNDS and perf_counter() > end:
            break
        for place in range(len(contestants)):
            at = (place + turn) % len(contestants)
            found[at].append(_block(contestants[at].run, batches[at], effort.clock))
    return [Timing(each.name, tuple(rounds)) for each, rounds in zip(contestants, found, strict=True)]


def _batch(contestant: Contestant, effort: Effort) -> list[Any]:
    """Warm up, and return as many inputs as fill a block: whole turns of them where there is time for one."""
    seconds = effort.block
    inputs = list(contestant.inputs)
    # What is made when first needed is made now, or a block would be reckoned by it. The first few
    # records of an entity are judged without the function that is made for the others.
    spent = 0.0
    for _ in range(-(-2 * FEW // len(inputs))):
        spent += _block(contestant.run, inputs, effort.clock) * len(inputs)
        if spent > effort.warm:
            break
    count = 1
    while True:
        batch = list(islice(cycle(inputs), count))
        taken = _block(contestant.run, batch, effort.clock) * count
        if taken > seconds / 5:
            break
        count *= 4
    wanted = max(1, round(count * seconds / taken))
    turns = wanted // len(inputs)
    return list(islice(cycle(inputs), turns * len(inputs) if turns else wanted))


def _block(run: Callable[[Any], Any], batch: list[Any], clock: Callable[[], float]) -> float:
    """Return the seconds of one call, the collector held."""
    gc.collect()
    gc.disable()
    try:
        start = clock()
        for each in batch:
            run(each)
        return (clock() - start) / len(batch)
    finally:
        gc.enable()
