"""durable-rules in a process of its own: where it dies or hangs, nothing is lost."""

from __future__ import annotations

import os
import signal
import sys
from random import Random

import pytest

from dualprev_rules.evaluate.events.memory import DurableMemory, Memory
from dualprev_rules.evaluate.events.process import ProcessMemory
from dualprev_rules.evaluate.events.rulesets import Pair
from dualprev_rules.problems import Problem
from tests.cases import FULL

pytestmark = pytest.mark.needs("durable_rules_engine")

PAIRS = [Pair(30), Pair(-5), Pair(0), Pair(4 * 10**18)]


def right(memory: Memory, seed: int, steps: int) -> None:
    """Ask a memory at random, and compare with plain lists."""
    random = Random(seed)
    kept: dict[tuple[Pair, str], dict[int, int]] = {}
    for step in range(steps):
        pair, place = random.choice(PAIRS), str(random.randrange(12))
        held = kept.setdefault((pair, place), {})
        number = random.randrange(-40, 40)
        memory.remember(pair, place, step, number)
        held[step] = number
        if len(held) > 3:
            oldest = min(held)
            memory.forget(pair, place, oldest, held.pop(oldest))
        now = random.randrange(-40, 40) + (pair.by if pair.by > 40 else 0)
        expected = any(now >= w + pair.by if pair.by >= 0 else now <= w + pair.by for w in held.values())
        assert memory.match(pair, place, now) is expected
        if expected:
            held.clear()


@pytest.mark.parametrize("seed", range(20 if FULL else 4))
def test_matches_are_exact(seed: int) -> None:
    memory = DurableMemory()
    right(memory, seed, 1_000)
    memory.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
def test_another_process_takes_over() -> None:
    reported: list[Problem] = []
    memory = ProcessMemory(reported.append, patience=2)
    memory.remember(PAIRS[0], "a", 1, 100)
    assert not memory.match(PAIRS[0], "a", 129)
    for number in (signal.SIGKILL, signal.SIGSTOP):
        assert memory.pid is not None
        os.kill(memory.pid, number)
        memory.remember(PAIRS[0], "b", 1, 0)
        assert not memory.match(PAIRS[0], "a", 129)
        memory.forget(PAIRS[0], "b", 1, 0)
    assert memory.match(PAIRS[0], "a", 130)
    memory.close()
    assert [problem.code for problem in reported] == ["evaluate.memory-lost"] * 2
