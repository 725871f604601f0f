"""durable-rules in a process of its own: where it dies or hangs, nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.control import Monitor
from dualprev_rules.evaluate.events import memory as memory_module
from dualprev_rules.evaluate.events.memory import DurableMemory, Memory
from dualprev_rules.evaluate.events.process import ProcessMemory
from dualprev_rules.evaluate.events.rulesets import Pair
from dualprev_rules.problems import Problem
from tests.cases import FULL
from tests.live.worlds import SECOND, moment, pack, readings, watched, written

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
    memory = ProcessMemory(reported.append, patience=5)
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


class Unasked:
    """A memory that nobody may ask."""

    def remember(self, pair: Pair, place: str, fact: int, number: int) -> None:
        raise AssertionError(place)

    forget = remember

    def match(self, pair: Pair, place: str, number: int) -> bool:
        raise AssertionError(place)

    def close(self) -> None:
        pass


def test_what_needs_no_memory_does_not_pass_through_it(tmp_path: Path) -> None:
    """A limit, silence, and two sensors that differ at once are decided without durable-rules."""
    base: dict[str, Any] = {"title": {"zh": "试", "en": "trial"}, "for": "spot", "sensor": "a"}
    base["cite"] = {"instrument": "i", "clause": "1"}
    rules: list[dict[str, Any]] = [
        {**base, "warning": "limit", "when": {"held": "0 s"}, "alarm": "a >= 2", "restore": "a < 1"},
        {**base, "warning": "quiet", "when": {"silence": "60 s"}},
        {**base, "warning": "apart", "when": {"disagreement": {"by": "2", "for": "0 s"}}},
    ]
    engine = Engine.load(pack(tmp_path / "pack", rules), as_of="2026-11-21")
    with Monitor(engine) as monitor:
        monitor.memory.close()
        monitor.memory = Unasked()
        told: list[tuple[str, str]] = []
        for second, sensor, value in ((0, "x", 3), (1, "y", 0), (2, "x", 0), (50, "y", 0), (70, "y", 0)):
            reading = {"sensor": sensor, "record": "spot[1]", "fact": "a", "value": value}
            heard = monitor.feed({**reading, "at": moment(second * SECOND)})
            told += [(each.warning, each.event) for each in heard.warnings]
    assert told == [
        ("limit", "opened"),
        ("apart", "opened"),
        ("limit", "closed"),
        ("apart", "closed"),
        ("quiet", "opened"),
    ]


class Overheard:
    """The C engine, with what it is given."""

    def __init__(self, engine: Any, given: list[tuple[str, Any]]) -> None:
        self._engine = engine
        self._given = given

    def __getattr__(self, name: str) -> Any:
        def called(*values: Any) -> Any:
            self._given.append((name, values[-1]))
            return getattr(self._engine, name)(*values)

        return called


def test_nothing_but_generated_rule_sets_and_whole_numbers_of_64_bits_reaches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever forms and readings there are: one rule, two facts, one comparison, figures that fit."""
    given: list[tuple[str, Any]] = []
    overheard = Overheard(import_module("durable_rules_engine"), given)
    monkeypatch.setattr(memory_module, "import_module", lambda _: overheard)
    random = Random(3)
    rules = [written(watched(random, f"w{number}"), "spot") for number in range(12)]
    engine = Engine.load(pack(tmp_path / "pack", rules), as_of="2026-11-21")
    with Monitor(engine) as monitor:
        for reading in readings(Random(3), 400, "spot"):
            monitor.feed(reading)
    made = [json.loads(text) for name, text in given if name == "create_ruleset"]
    facts = [json.loads(text) for name, text in given if name in ("assert_fact", "retract_fact")]
    assert made
    assert facts
    numbers = [value for fact in facts for key, value in fact.items() if key not in ("id", "sid")]
    for each in made:
        past, now = each["pair"]["all"]
        assert past == {"past": {"$ex": {"w": 1}}}
        ((sign, limit),) = now["now"].items()
        number = limit["v"]["$add"]["$r"]
        assert sign in ("$gte", "$lte")
        assert limit == {"v": {"$add": {"$l": {"past": "w"}, "$r": number}}}
        numbers.append(number)
    assert {type(number) for number in numbers} == {int}
    assert max(map(abs, numbers)) < 2**63
