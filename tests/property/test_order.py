"""The order of keys, attributes, rules and records changes nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules.evaluate import Outcome, Reference
from dualprev_rules.facts import read_facts
from tests.cases import cases
from tests.property.generate import worlds
from tests.property.writer import AS_OF, ROOT, World


def _shuffled(draw: Any, of: Any) -> Any:
    """Shuffle the keys of mappings and the records of lists, however deep."""
    if isinstance(of, dict):
        keys = draw(st.permutations(list(of)))
        return {key: _shuffled(draw, of[key]) for key in keys}
    if isinstance(of, list) and all(isinstance(item, dict) for item in of):
        return [_shuffled(draw, item) for item in draw(st.permutations(of))]
    return of


def _seen(world: World, document: dict[str, Any]) -> dict[Any, Any]:
    ruleset = world.ruleset
    facts = read_facts({ROOT: document}, ruleset.schema, as_of=AS_OF)
    reference = Reference(ruleset)
    found: dict[Any, Any] = {}
    for record in facts.records():
        for (entity, name), definition in ruleset.definitions.items():
            if entity == record.entity.name:
                value = reference.define(definition, record)
                found[name, record.path] = (value.absent, repr(value.possible), value.causes)
        for rule in ruleset.rules.values():
            if rule.entity == record.entity.name:
                outcome: Outcome = reference.outcome(rule, record)
                found[rule.id, record.path] = (outcome.code, outcome.possible, outcome.causes, outcome.reason)
    return found


@settings(max_examples=cases(1_500))
@given(st.data(), worlds())
def test_order_of_keys_and_records(data: st.DataObject, world: World) -> None:
    document = world.knowledge.document()
    first, then = _seen(world, document), _seen(world, _shuffled(data.draw, document))
    assert {key: _plain(value) for key, value in first.items()} == {key: _plain(v) for key, v in then.items()}


def _plain(value: Any) -> Any:
    """Leave the order out in which the records of a list stand: it is that of the input."""
    return tuple("" if isinstance(part, str) and "Items(" in part else part for part in value)


@settings(max_examples=cases(1_000))
@given(st.data(), worlds())
def test_order_of_attributes_and_rules(data: st.DataObject, world: World) -> None:
    document = world.knowledge.document()
    facts = {
        name: {**entity, "attributes": _keys(data.draw, entity["attributes"])}
        for name, entity in world.head["facts"].items()
    }
    # A rule that names another stands behind it: the loader sorts them, the tests' builder does not.
    rules = world.head["rules"]
    if not any("rule('" in str(rule) for rule in rules):
        rules = data.draw(st.permutations(rules))
    other = World(world.shapes, {**world.head, "facts": _keys(data.draw, facts), "rules": rules})
    first, then = _seen(world, document), _seen(other, document)
    assert first == then


def _keys(draw: Any, of: dict[str, Any]) -> dict[str, Any]:
    return {key: of[key] for key in draw(st.permutations(list(of)))}
