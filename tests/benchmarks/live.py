"""Live readings: the monitor beside durable-rules by itself, on the same rules and readings."""

from __future__ import annotations

import gc
import json
import shutil
import statistics
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

from dualprev_rules import Engine
from dualprev_rules.control import Monitor
from dualprev_rules.pack.live import SECOND
from tests.benchmarks.measure import Timing
from tests.benchmarks.outcome import Promise, Row, Setting, Suite

SENSORS = 300
SECONDS = 4
"""Of the stream, in a round: more than a thousand readings."""
START = datetime.fromisoformat("2026-11-22T00:00:00+08:00")
PACK = Path(__file__).parent / "packs" / "live"
Told = tuple[str, str, int]
"""A warning: its id, the record, when."""


def stream(sensors: int = SENSORS, seed: int = 1, often: float = 0.0002) -> Iterator[list[str]]:
    """Yield the readings of each second, as JSON lines: methane that wanders, and leaps so often."""
    random = Random(seed)
    levels = [random.randint(10, 70) for _ in range(sensors)]
    at = START
    while True:
        said = at.isoformat()
        lines = []
        for number in range(sensors):
            pull = (levels[number] > 60) - (levels[number] < 20)
            level = levels[number] + random.choice((-2, -1, 0, 0, 1, 2))
            levels[number] = max(0, level - pull * random.randint(0, 1))
            if random.random() < often:
                levels[number] += random.randint(30, 120)
            reading = {"sensor": f"K{number}", "record": f"spot[{number}]", "fact": "methane"}
            lines.append(json.dumps({**reading, "value": f"{levels[number] / 100:.2f}", "at": said}))
        yield lines
        at += timedelta(seconds=1)


class Ours:
    """The monitor: from a line to warnings."""

    def __init__(self, pack: Path = PACK) -> None:
        self.monitor = Monitor(Engine.load(pack, as_of="2026-11-21"))

    def feed(self, line: str) -> list[Told]:
        """Take a reading."""
        heard = self.monitor.feed(line)
        return [(w.warning, w.record, w.at // SECOND) for w in heard.warnings if w.event == "opened"]


class Bare:
    """durable-rules by itself: limits are events, what came before are facts, and no question is left out.

    Its C engine is called without its Python side, which is slower. Nothing is checked: no unit, no mark,
    nothing that is late, unknown or silent. Without ``remembers`` it knows the two limits alone.
    """

    def __init__(self, *, remembers: bool = True) -> None:
        self.remembers = remembers
        import durable_rules_engine

        from dualprev_rules.evaluate.events import Pair
        from dualprev_rules.evaluate.events.memory import DurableMemory

        self.engine: Any = durable_rules_engine
        self.limits = {limit: self._limit(limit) for limit in (80, 90, 100, 150)}
        self.memory = DurableMemory()
        self.half_minute, self.two_more, self.rise = Pair(30), Pair(2), Pair(30)
        self.number = 0
        self.open: set[tuple[str, str]] = set()
        self.since: dict[str, tuple[int, int]] = {}
        self.hits: dict[str, deque[tuple[int, int, int]]] = defaultdict(deque)
        self.count: dict[str, int] = defaultdict(int)
        self.total: dict[str, int] = defaultdict(int)
        self.window: dict[str, deque[tuple[int, int, int]]] = defaultdict(deque)

    def _limit(self, limit: int) -> int:
        rule = {"over": {"all": [{"m": {"$gte": {"v": limit}}}]}}
        return int(self.engine.create_ruleset(f"over {limit}", json.dumps(rule)))

    def over(self, limit: int, place: str, value: int) -> bool:
        """Post an event, and tell whether it has met the limit."""
        handle = self.limits[limit]
        self.number += 1
        event = f'{{"id":"{self.number}","sid":"{place}","v":{value}}}'
        _, state = self.engine.assert_event(handle, event)
        if self.engine.start_action_for_state(handle, state) is None:
            return False
        while self.engine.complete_and_start_action(handle, state):
            pass
        return True

    def feed(self, line: str) -> list[Told]:
        """Take a reading."""
        reading = json.loads(line)
        place, value = reading["record"], round(float(reading["value"]) * 100)
        now = int(datetime.fromisoformat(reading["at"]).timestamp())
        at_once = (
            ("at-1", self.over(100, place, value), value < 100),
            ("at-1.5", self.over(150, place, value), value < 150),
        )
        with_memory = (
            (
                ("held", self.held(place, value, now), value < 80),
                ("count", self.counted(place, value), value < 80),
                ("rate", self.rising(place, value, now), value < 50),
            )
            if self.remembers
            else ()
        )
        found = [
            name for name, opens, shut in (*at_once, *with_memory) if self.turned(name, place, opens, shut)
        ]
        return [(f"live.{name}", place, now) for name in found]

    def turned(self, name: str, place: str, opens: bool, shut: bool) -> bool:
        """Open or shut a warning, and tell whether it has opened."""
        if (name, place) in self.open:
            if shut:
                self.open.discard((name, place))
            return False
        if opens:
            self.open.add((name, place))
        return opens

    def held(self, place: str, value: int, now: int) -> bool:
        """Tell whether 0.80 has been reached for half a minute."""
        start = self.since.get(place)
        if ("held", place) in self.open:
            return False
        if not self.over(80, place, value):
            if start is not None:
                self.memory.forget(self.half_minute, f"held {place}", *self.since.pop(place))
            return False
        if start is None:
            self.number += 1
            self.since[place] = (self.number, now)
            self.memory.remember(self.half_minute, f"held {place}", self.number, now)
            return False
        if self.memory.match(self.half_minute, f"held {place}", now):
            del self.since[place]
            return True
        return False

    def counted(self, place: str, value: int) -> bool:
        """Tell whether 0.90 is reached at three of the last five readings."""
        if ("count", place) in self.open:
            return False
        hits, name = self.hits[place], f"count {place}"
        self.total[place] += 1
        while hits and hits[0][0] <= self.total[place] - 5:
            self.memory.forget(self.two_more, name, *hits.popleft()[1:])
        if not self.over(90, place, value):
            return False
        self.count[place] += 1
        if self.memory.match(self.two_more, name, self.count[place]):
            hits.clear()
            return True
        self.number += 1
        hits.append((self.total[place], self.number, self.count[place]))
        self.memory.remember(self.two_more, name, self.number, self.count[place])
        return False

    def rising(self, place: str, value: int, now: int) -> bool:
        """Tell whether there were 0.30 less within the last minute."""
        if ("rate", place) in self.open:
            return False
        window, name = self.window[place], f"rate {place}"
        while window and window[0][0] < now - 60:
            self.memory.forget(self.rise, name, *window.popleft()[1:])
        if self.memory.match(self.rise, name, value):
            window.clear()
            return True
        self.number += 1
        window.append((now, self.number, value))
        self.memory.remember(self.rise, name, self.number, value)
        return False


def live(setting: Setting) -> Suite:
    """Measure throughput and latency of both."""
    suite = Suite("k", f"live readings of {SENSORS} sensors, from a line to warnings")
    if find_spec("durable_rules_engine") is None:
        suite.not_measured.append("durable-rules is not installed, and live readings need it")
        return suite
    limits = setting.folder / "limits"
    shutil.copytree(PACK, limits)
    monitoring = limits / "monitoring" / "methane.yaml"
    whole = monitoring.read_text("utf-8")
    monitoring.write_text(whole[: whole.index("- warning: live.held")], "utf-8")
    _side_by_side(suite, setting, "five warnings", Ours(), Bare())
    _side_by_side(suite, setting, "two limits alone", Ours(limits), Bare(remembers=False))
    return suite


def _side_by_side(suite: Suite, setting: Setting, called: str, ours: Ours, bare: Bare) -> None:
    clock = setting.effort.clock
    feeds: list[Callable[[str], list[Told]]] = [ours.feed, bare.feed]
    rounds: list[list[float]] = [[], []]
    single: list[list[float]] = [[], []]
    seconds = stream()
    opened = 0
    # A minute fills the windows.
    for turn in range(-15, setting.effort.rounds):
        lines = [line for _ in range(SECONDS) for line in next(seconds)]
        told: list[list[Told]] = [[], []]
        for place in (0, 1) if turn % 2 else (1, 0):
            feed, heard = feeds[place], told[place]
            gc.collect()
            gc.disable()
            start = clock()
            for line in lines:
                heard += feed(line)
            taken = clock() - start
            gc.enable()
            if turn >= 0:
                rounds[place].append(taken / len(lines))
        if sorted(told[0]) != sorted(told[1]):
            raise AssertionError(f"not the same warnings: {set(told[0]) ^ set(told[1])}")
        opened += len(told[0])
    for lines in (next(seconds) for _ in range(SECONDS)):
        for feed, found in zip(feeds, single, strict=True):
            for line in lines:
                start = clock()
                feed(line)
                found.append(clock() - start)
    assert opened
    names = (f"dualprev-rules, {called}", f"durable-rules by itself, {called}")
    times = [Timing(name, tuple(of)) for name, of in zip(names, rounds, strict=True)]
    for timing, found in zip(times, single, strict=True):
        name, tail = timing.name, statistics.quantiles(found, n=100)[98]
        suite.rows += [
            Row.of(timing, f"{name}: a reading"),
            Row(f"{name}: in a second", 1 / timing.median, 0, "readings", len(timing.rounds)),
            Row(f"{name}: latency, median", statistics.median(found), 0, "s", len(found)),
            Row(f"{name}: latency, 99th percentile", tail, 0, "s", len(found)),
        ]
    ratio = times[0].times_faster_than(times[1])
    text = f"throughput beside durable-rules by itself, {called}"
    suite.promises.append(Promise(text, 0.8, ratio, at_least=True))
