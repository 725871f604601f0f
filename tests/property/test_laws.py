"""The laws of the language over random schemas, expressions, tables, rules and facts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules.evaluate import Outcome, Reference
from dualprev_rules.facts import Facts, Record
from dualprev_rules.facts.possible import Absent, Finite, Value
from dualprev_rules.pack.model import Ruleset
from tests.cases import cases
from tests.property.generate import learn_more, settle, things_of, worlds
from tests.property.knowledge import Knowledge
from tests.property.laws import outcome_within, unchanged, within
from tests.property.plain import NONE, OPEN
from tests.property.writer import World

Findings = dict[tuple[str, str], Any]


def observe(ruleset: Ruleset, facts: Facts) -> Findings:
    """Return every derived value and outcome, by what it is of and the path of its record."""
    reference = Reference(ruleset)
    found: Findings = {}
    for record in _known(facts):
        for (entity, name), definition in ruleset.definitions.items():
            if entity == record.entity.name:
                found[name, record.path] = reference.define(definition, record)
        for rule in ruleset.rules.values():
            if rule.entity == record.entity.name:
                found[rule.id, record.path] = reference.outcome(rule, record)
    return found


def _known(facts: Facts) -> Iterator[Record]:
    return (record for record in facts.records() if not record.phantom)


def _narrowed(world: World, before: Knowledge, after: Knowledge) -> None:
    first, then = observe(world.ruleset, world.read(before)), observe(world.ruleset, world.read(after))
    for key, value in first.items():
        if isinstance(value, Outcome):
            assert outcome_within(then[key], value), (key, value.possible, then[key].possible)
        else:
            assert within(then[key], value), (key, value, then[key])


@settings(max_examples=cases(1_500))
@given(st.data(), worlds())
def test_learning_never_widens(data: st.DataObject, world: World) -> None:
    more = learn_more(data.draw, world, world.knowledge)
    _narrowed(world, world.knowledge, more)


@settings(max_examples=cases(1_500))
@given(st.data(), worlds())
def test_a_decided_outcome_holds_in_every_completion(data: st.DataObject, world: World) -> None:
    _narrowed(world, world.knowledge, settle(data.draw, world, world.knowledge))


@settings(max_examples=cases(1_500))
@given(st.data(), worlds())
def test_known_facts_give_what_plain_fractions_give(data: st.DataObject, world: World) -> None:
    knowledge = settle(data.draw, world, world.knowledge)
    found, by_id = observe(world.ruleset, world.read(knowledge)), things_of(knowledge)
    for record in _known(world.read(knowledge)):
        thing = by_id[_id(record)]
        for (entity, name), fn in world.definitions.items():
            if entity == record.entity.name:
                _same(found[name, record.path], fn({"self": thing}), (name, record.path))
        for rule, (entity, fn) in world.rules.items():
            if entity == record.entity.name:
                wanted = fn({"self": thing})
                assert wanted is OPEN or found[rule, record.path].code == wanted, (rule, record.path)


def _id(record: Record) -> str:
    return record.path.rpartition("[")[2].rstrip("]") if record.parent is not None else "E1"


def _same(found: Value, wanted: Any, where: Any) -> None:
    if wanted is OPEN:
        return
    if wanted is NONE:
        assert found.absent is Absent.SURELY, (where, found)
        return
    expected = Finite((wanted,)) if isinstance(wanted, Fraction) else frozenset((wanted,))
    assert found.absent is Absent.NEVER, (where, found, wanted)
    assert found.possible == expected, (where, found, wanted)


@settings(max_examples=cases(1_500))
@given(st.data(), worlds())
def test_what_is_no_cause_changes_nothing(data: st.DataObject, world: World) -> None:
    """Learn one fact of one record: only what names that fact as a cause may change."""
    facts = world.read()
    first = observe(world.ruleset, facts)
    more = learn_more(data.draw, world, world.knowledge)
    then = observe(world.ruleset, world.read(more))
    learned = _paths(world.knowledge, more, "enterprise")
    for key, value in first.items():
        if {cause.path for cause in value.causes} & learned:
            continue
        if isinstance(value, Outcome):
            assert then[key].possible == value.possible, (key, learned)
        else:
            assert unchanged(then[key], value), (key, learned, value, then[key])


def _paths(before: Knowledge, after: Knowledge, path: str) -> set[str]:
    """Return the paths of the facts of which more is known."""
    found: set[str] = set()
    for name, known in before.facts.items():
        now, here = after.facts[name], f"{path}.{name}"
        if known.attr.kind == "list":
            if (known.form, len(known.items), known.complete) != (now.form, len(now.items), now.complete):
                found.add(here)
            for one, other in zip(known.items, now.items, strict=False):
                found |= _paths(one, other, f"{here}[{one.id}]")
        elif known != now:
            found.add(here)
    return found


@settings(max_examples=cases(1_000))
@given(worlds())
def test_every_open_outcome_has_a_reason(world: World) -> None:
    for key, value in observe(world.ruleset, world.read()).items():
        if isinstance(value, Outcome):
            assert (value.reason is None) == (value.code != "undetermined"), key
        elif not value.known:
            assert value.causes, (key, value)


@settings(max_examples=cases(1_000))
@given(worlds())
def test_a_trace_changes_nothing(world: World) -> None:
    reference, facts = Reference(world.ruleset), world.read()
    for record in facts.records():
        for (entity, _), definition in world.ruleset.definitions.items():
            if entity == record.entity.name:
                value = reference.define(definition, record)
                tracing = Reference(world.ruleset, tracing=True)
                step = tracing.trace(definition.body, record)
                if definition.when is None and value.absent is Absent.NEVER:
                    assert unchanged(step.value, value)


@pytest.mark.parametrize("seed", range(3))
def test_worlds_are_of_some_use(seed: int) -> None:
    """Random worlds decide some things and leave others open: else the laws say little."""
    decided = still_open = 0

    @settings(max_examples=60, derandomize=True)
    @given(worlds())
    def look(world: World) -> None:
        nonlocal decided, still_open
        for value in observe(world.ruleset, world.read()).values():
            known = value.code != "undetermined" if isinstance(value, Outcome) else value.known
            decided, still_open = decided + known, still_open + (not known)

    look()
    assert min(decided, still_open) > 20 + seed
