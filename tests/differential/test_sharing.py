"""One engine may be shared: between threads, with a process that forks, and over many assessments."""

from __future__ import annotations

import gc
import multiprocessing
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dualprev_rules import Engine
from tests.benchmarks import worlds


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(worlds.FLAT, as_of=worlds.AS_OF)


def counts(engine: Engine, facts: list[dict[str, Any]]) -> list[dict[str, int]]:
    return [dict(engine.assess(each).counts) for each in facts]


def test_eight_threads_give_the_same_answers() -> None:
    facts = worlds.flat_facts(64)
    wanted = counts(Engine.load(worlds.FLAT, as_of=worlds.AS_OF), facts)
    # A new engine: its functions are made while eight threads ask for them.
    shared = Engine.load(worlds.FLAT, as_of=worlds.AS_OF)
    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: counts(shared, facts), range(16)))
    finally:
        sys.setswitchinterval(switch)
    assert all(each == wanted for each in found)


def test_facts_read_once_are_judged_anew_each_time(engine: Engine) -> None:
    facts = engine.read(worlds.flat_facts(1)[0])
    first, then = engine.result_of(facts), engine.result_of(facts)
    assert dict(first.counts) == dict(then.counts)
    assert first.to_json() == then.to_json()


def test_nothing_is_left_between_assessments(engine: Engine) -> None:
    facts = worlds.flat_facts(64)
    counts(engine, facts)
    gc.collect()
    before = len(gc.get_objects())
    counts(engine, facts * 20)
    gc.collect()
    assert len(gc.get_objects()) - before < 100


def test_rows_are_freed_without_the_collector(engine: Engine) -> None:
    facts = worlds.flat_facts(1)[0]
    engine.assess(facts)
    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            engine.assess(facts)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_forked_process_goes_on(engine: Engine) -> None:
    if "fork" not in multiprocessing.get_all_start_methods():
        return  # Windows starts every process anew
    facts = worlds.flat_facts(8)
    wanted = counts(engine, facts)
    context = multiprocessing.get_context("fork")
    found = context.SimpleQueue()
    child = context.Process(target=lambda: found.put(counts(engine, facts)))
    child.start()
    assert found.get() == wanted
    child.join()
