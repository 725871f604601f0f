"""Draw from Hypothesis strategies by a seed, without Hypothesis' bookkeeping: worlds many times as fast.

Only what the generators of worlds use is known here; nothing is shrunk. A test that fails by a seed is
found again by that seed.
"""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st


class Chance:
    """A ``draw`` for the generators in ``tests.property.generate``."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def __call__(self, strategy: st.SearchStrategy[Any]) -> Any:
        of: Any = strategy
        while hasattr(of, "wrapped_strategy"):
            of = of.wrapped_strategy
        match type(of).__name__:
            case "SampledFromStrategy":
                return self.random.choice(list(of.elements))
            case "BooleansStrategy":
                return self.random.random() < 0.5
            case "IntegersStrategy":
                return self.random.randint(of.start, of.end)
            case "ListStrategy" | "UniqueListStrategy" | "UniqueSampledListStrategy" as kind:
                return self._list(of, unique=kind != "ListStrategy")
            case "JustStrategy":
                return of.value
            case "CompositeStrategy":
                return of.definition(self, *of.args, **of.kwargs)
            case kind:
                raise TypeError(kind)

    def _list(self, of: Any, *, unique: bool) -> list[Any]:
        most = of.min_size + 5 if of.max_size == float("inf") else int(of.max_size)
        made: list[Any] = []
        wanted = self.random.randint(of.min_size, most)
        for _ in range(50):
            if len(made) == wanted:
                break
            one = self(of.element_strategy)
            if not unique or one not in made:
                made.append(one)
        return made
