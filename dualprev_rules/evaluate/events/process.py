"""durable-rules in a process of its own: where it hangs or dies, a new one takes over what was kept."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Literal

from dualprev_rules.evaluate.events.memory import DurableMemory
from dualprev_rules.evaluate.events.rulesets import Pair
from dualprev_rules.problems import DualprevError, Problem, problem

PATIENCE = 10.0
"""Seconds without an answer after which durable-rules counts as hanging."""
MOST_MATCHES = 500
"""Matches after which a new process takes over, since durable-rules does not give memory back."""
MOST_WAITING = 500
"""Steps that wait for the next question at most."""
_Step = tuple[Literal["remember", "forget"], Pair, str, int, int]
_Question = tuple[Pair, str, int]


class ProcessMemory:
    """The memory in a process of its own, with a copy here of what it keeps.

    What is to be kept and dropped goes with the next question, or without one where much of it waits.
    Each message is answered before the next one, so that a process that hangs cannot block this one.
    """

    def __init__(self, report: Callable[[Problem], None], patience: float = PATIENCE) -> None:
        self._report = report
        self._patience = patience
        self._kept: dict[tuple[Pair, str], dict[int, int]] = {}
        self._waiting: list[_Step] = []
        self._start()

    def remember(self, pair: Pair, place: str, fact: int, number: int) -> None:
        """Keep a fact."""
        self._kept.setdefault((pair, place), {})[fact] = number
        self._step(("remember", pair, place, fact, number))

    def forget(self, pair: Pair, place: str, fact: int, number: int) -> None:
        """Drop a fact that was kept."""
        held = self._kept[pair, place]
        del held[fact]
        if not held:
            del self._kept[pair, place]
        self._step(("forget", pair, place, fact, number))

    def match(self, pair: Pair, place: str, number: int) -> bool:
        """Tell whether the present number makes a pair.

        Raises DualprevError where a new process fails at the same question.
        """
        found = self._surely((pair, place, number))
        if found:
            self._kept.pop((pair, place), None)
            self._matches += 1
            if self._matches >= MOST_MATCHES:
                self._restart()
        return found

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._line.close()

    @property
    def pid(self) -> int | None:
        """The id of the process."""
        return self._process.pid

    def _step(self, step: _Step) -> None:
        self._waiting.append(step)
        if len(self._waiting) >= MOST_WAITING:
            self._surely(None)

    def _surely(self, question: _Question | None) -> bool:
        """Ask, and once more of a new process where this one fails."""
        try:
            return self._ask(question)
        except (EOFError, OSError) as error:
            self._report(problem("evaluate.memory-lost", severity="warning", given=_said(error)))
            self._restart()
        try:
            return self._ask(question)
        except (EOFError, OSError) as again:
            self.close()
            raise DualprevError(problem("evaluate.memory-fails", given=_said(again))) from again

    def _ask(self, question: _Question | None) -> bool:
        steps, self._waiting = self._waiting, []
        self._line.send((steps, question))
        if not self._line.poll(self._patience):
            raise TimeoutError(f"{self._patience:g} s")
        return bool(self._line.recv())

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._matches = 0
        self._line, far = context.Pipe()
        self._process: Any = context.Process(target=_serve, args=(far,), daemon=True)
        self._process.start()
        far.close()

    def _restart(self) -> None:
        self.close()
        self._waiting = [
            ("remember", pair, place, fact, number)
            for (pair, place), held in self._kept.items()
            for fact, number in held.items()
        ]
        self._start()


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()


def _serve(line: Connection) -> None:
    """Answer questions until the line ends."""
    # Who stops the command stops it there; this process ends with its line.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    memory = DurableMemory()
    steps: list[_Step]
    question: _Question | None
    while True:
        try:
            steps, question = line.recv()
        except EOFError:
            return
        for what, pair, place, fact, number in steps:
            (memory.remember if what == "remember" else memory.forget)(pair, place, fact, number)
        line.send(question is not None and memory.match(*question))
