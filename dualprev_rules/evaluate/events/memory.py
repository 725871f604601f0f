"""The memory of what came before: facts in durable-rules, in this process or in one of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
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


class DurableMemory:
    """The memory in this process: a rule set of its own for each place. To be used by one thread.

    durable-rules gives back no more than a part of what a place took, about 100 KB for each match.
    """

    def __init__(self) -> None:
        # It has no types.
        self._engine: Any = import_module(_ENGINE)
        self._places: dict[tuple[Pair, str], int] = {}

    def remember(self, pair: Pair, place: str, fact: int, number: int) -> None:
        """Keep a fact."""
        self._engine.assert_fact(self._handle(pair, place), _said(f"p{fact}", "w", number))

    def forget(self, pair: Pair, place: str, fact: int, number: int) -> None:
        """Drop a fact that was kept."""
        self._engine.retract_fact(self._handle(pair, place), _said(f"p{fact}", "w", number))

    def match(self, pair: Pair, place: str, number: int) -> bool:
        """Tell whether the present number makes a pair."""
        handle, now = self._handle(pair, place), _said("now", "v", number)
        _, state = self._engine.assert_fact(handle, now)
        if self._engine.start_action_for_state(handle, state) is None:
            self._engine.retract_fact(handle, now)
            return False
        while self._engine.complete_and_start_action(handle, state):
            pass
        # A fact that was part of a match must not be retracted: the whole place goes.
        self._engine.delete_ruleset(self._places.pop((pair, place)))
        return True

    def close(self) -> None:
        """Forget the places; their rule sets stay with durable-rules until the process ends."""
        self._places.clear()

    def _handle(self, pair: Pair, place: str) -> int:
        handle = self._places.get((pair, place))
        if handle is None:
            handle = self._engine.create_ruleset("pair", json.dumps(pair.rule_set()))
            self._places[pair, place] = handle
        return handle


def _said(fact: str, name: str, number: int) -> str:
    return f'{{"id":"{fact}","sid":"0","{name}":{number}}}'
