"""The memory of what came before: facts in durable-rules, in this process or in one of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, Protocol

from dualprev_rules.evaluate.events.rulesets import Pair
from dualprev_rules.problems import DualprevError, Problem, problem

Isolation = Literal["none", "process"]
_ENGINE = "durable_rules_engine"
"""The C engine of durable-rules. Its Python side is left out: that runs threads and timers by the clock."""


class Memory(Protocol):
    """Keeps numbers by pair and place, and tells whether the present one makes a pair with one of them.

    Each fact has an id that the place never uses again. A match empties its place.
    """

    def remember(self, pair: Pair, place: str, fact: int, number: int) -> None:
        """Keep a fact."""
        ...

    def forget(self, pair: Pair, place: str, fact: int, number: int) -> None:
        """Drop a fact that was kept."""
        ...

    def match(self, pair: Pair, place: str, number: int) -> bool:
        """Tell whether the present number makes a pair; where it does the place is empty afterwards."""
        ...

    def close(self) -> None:
        """Give back what the memory holds."""
        ...


def open_memory(isolation: Isolation, report: Callable[[Problem], None]) -> Memory:
    """Open a memory; with ``process`` what goes wrong in durable-rules is mended and reported.

    Raises DualprevError where durable-rules is not installed.
    """
    if find_spec(_ENGINE) is None:
        raise DualprevError(problem("evaluate.no-monitor"))
    if isolation == "process":
        from dualprev_rules.evaluate.events.process import ProcessMemory

        return ProcessMemory(report)
    return DurableMemory()


@dataclass(slots=True)
class _Place:
    """A place: its rule set, and the facts that it holds, by their ids, as durable-rules knows them."""

    handle: int
    facts: dict[int, int] = field(default_factory=dict[int, int])


class DurableMemory:
    """The memory in this process: a rule set for each place that holds facts. To be used by one thread.

    A rule set takes 150 KB and more, and durable-rules gives back no more than a part of it: one that a
    place does not need any more goes to the next place. A match costs one, about 100 KB.
    """

    def __init__(self) -> None:
        # It has no types.
        self._engine: Any = import_module(_ENGINE)
        self._places: dict[tuple[Pair, str], _Place] = {}
        self._free: dict[Pair, list[int]] = {}
        self._last = 0

    @property
    def places(self) -> int:
        """How many rule sets there are."""
        return len(self._places) + sum(map(len, self._free.values()))

    def remember(self, pair: Pair, place: str, fact: int, number: int) -> None:
        """Keep a fact."""
        held = self._places.get((pair, place))
        if held is None:
            held = self._places[pair, place] = _Place(self._handle(pair))
        # No id comes twice in a rule set, whichever places have it.
        self._last += 1
        held.facts[fact] = self._last
        self._engine.assert_fact(held.handle, _said(f"p{self._last}", "w", number))

    def forget(self, pair: Pair, place: str, fact: int, number: int) -> None:
        """Drop a fact that was kept."""
        held = self._places[pair, place]
        self._engine.retract_fact(held.handle, _said(f"p{held.facts.pop(fact)}", "w", number))
        if not held.facts:
            self._free.setdefault(pair, []).append(self._places.pop((pair, place)).handle)

    def match(self, pair: Pair, place: str, number: int) -> bool:
        """Tell whether the present number makes a pair."""
        held = self._places.get((pair, place))
        if held is None:
            return False
        now = _said("now", "v", number)
        _, state = self._engine.assert_fact(held.handle, now)
        if self._engine.start_action_for_state(held.handle, state) is None:
            self._engine.retract_fact(held.handle, now)
            return False
        while self._engine.complete_and_start_action(held.handle, state):
            pass
        # A fact that was part of a match must not be retracted: the whole place goes.
        self._engine.delete_ruleset(self._places.pop((pair, place)).handle)
        return True

    def close(self) -> None:
        """Forget the places; their rule sets stay with durable-rules until the process ends."""
        self._places.clear()
        self._free.clear()

    def _handle(self, pair: Pair) -> int:
        free = self._free.get(pair)
        return free.pop() if free else self._engine.create_ruleset("pair", json.dumps(pair.rule_set()))


def _said(fact: str, name: str, number: int) -> str:
    return f'{{"id":"{fact}","sid":"0","{name}":{number}}}'
