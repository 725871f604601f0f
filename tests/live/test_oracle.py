"""Random rule sets over random readings: the same warnings at the same times as by brute force."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from random import Random

import pytest

from dualprev_rules import Engine
from dualprev_rules.control.monitor import Monitor
from tests.cases import FULL
from tests.live.oracle import Oracle, Watched
from tests.live.worlds import SECOND, START, feed, pack, readings, said, watched, written

pytestmark = pytest.mark.needs("durable_rules_engine")

# CI has no time for the whole: `ORACLE=whole python -m pytest tests/live/test_oracle.py`.
WHOLE = os.environ.get("ORACLE") == "whole"
SETS, READINGS = (200, 10_000) if WHOLE else (200, 400) if FULL else (20, 200)
PATIENCE = timedelta(seconds=15)
Rules = dict[int, list[Watched]]


def ruleset(seed: int) -> list[Watched]:
    random = Random(seed)
    return [watched(random, f"s{seed}w{number}") for number in range(random.randint(1, 5))]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    written_down = [written(rule, f"spot{seed}") for seed in range(SETS) for rule in ruleset(seed)]
    return Engine.load(pack(tmp_path_factory.mktemp("live"), written_down), as_of="2026-11-21")


@pytest.mark.parametrize("seed", range(SETS))
def test_the_same_warnings_at_the_same_times(engine: Engine, seed: int) -> None:
    """Every third run is stopped at random and goes on from a snapshot; every second one has ticks, every
    fourth many small ones."""
    rules = ruleset(seed)
    oracle = Oracle(rules, silent_after=15 * SECOND, leap=3600 * SECOND)
    told = []
    moments = Random(seed)
    monitor = Monitor(engine, silent_after=PATIENCE)
    for reading in readings(Random(seed), READINGS, f"spot{seed}"):
        if seed % 3 == 0 and moments.random() < 0.05:
            kept = json.loads(json.dumps(monitor.snapshot()))
            monitor.close()
            monitor = Monitor(engine, silent_after=PATIENCE)
            monitor.restore(kept)
            assert monitor.snapshot() == kept
        before = len(told)
        often = seed % 4 == 3 and moments.random() < 0.3
        if seed % 2 and monitor.clock is not None and (often or moments.random() < 0.02):
            steps = [0.05, 0.25, 0.5] if often else [0, 0.3, 1, 5, 14, 16, 70]
            at = monitor.clock + timedelta(seconds=moments.choice(steps))
            told += [said(warning) for warning in monitor.tick(at).warnings]
            oracle.tick((at - START) // timedelta(microseconds=1))
        told += [said(warning) for warning in monitor.feed(reading).warnings]
        feed(oracle, reading)
        assert told[before:] == oracle.told[before:], reading
    monitor.close()
