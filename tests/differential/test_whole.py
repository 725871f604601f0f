"""A record that is judged as it is read: the same as facts that were read and judged one after the other."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules import DualprevError, Engine
from tests.benchmarks import worlds

CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"quantity": float("nan")},
    {"quantity": True},
    {"quantity": "5 kg"},
    {"quantity": -1},
    {"quantity": {"at_least": 3}},
    {"quantity": None},
    {"pressure": 401},
    {"pressure": 10**400},
    {"temperature": 1e-30},
    {"temperature": -273.15},
    {"hazard": "nope"},
    {"hazard": "有毒"},
    {"hazard": 3},
    {"has_alarm": None},
    {"has_alarm": 1},
    {"extra": 1},
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    engine = Engine.load(worlds.FLAT, as_of=worlds.AS_OF)
    for facts in worlds.flat_facts(64):
        engine.assess(facts)
    return engine


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_it_is_the_same(engine: Engine, change: dict[str, Any]) -> None:
    facts = worlds.flat_facts(1)[0]
    facts["enterprise"] |= change
    wanted, found = engine.result_of(engine.read(facts)), engine.assess(facts)
    assert dict(found.counts) == dict(wanted.counts)
    assert found.count("violated") == wanted.count("violated")
    assert found.to_json() == wanted.to_json()


def test_what_is_no_record_is_left_to_the_reader(engine: Engine) -> None:
    facts = worlds.flat_facts(2)
    both = {"enterprise": [each["enterprise"] for each in facts]}
    assert engine.assess(both).counts == engine.result_of(engine.read(both)).counts
    with pytest.raises(DualprevError):
        engine.assess({"enterprise": 7})


def test_facts_changed_afterwards_change_nothing(engine: Engine) -> None:
    facts = worlds.flat_facts(1)[0]
    wanted = engine.assess(facts).to_json()
    result = engine.assess(facts)
    facts["enterprise"].clear()
    assert result.to_json() == wanted
