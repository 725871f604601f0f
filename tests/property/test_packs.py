"""Refinement and soundness over the shipped packs: the example sites, and the same sites with less known."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules import Engine
from dualprev_rules.evaluate import Outcome, Reference
from dualprev_rules.facts import Entity, Facts
from dualprev_rules.facts.types import ListOf
from tests.cases import cases
from tests.property.laws import outcome_within, within

ROOT = Path(__file__).parents[2]
SITES = {
    "chemicals": "chlor_alkali_lpg",
    "fire": "shopping_complex",
    "mining": "coal_mine",
}


@cache
def _engine(pack: str) -> Engine:
    return Engine.load(packs=[ROOT / "packs" / pack / f"dualprev_pack_{pack}"], as_of=date(2026, 11, 21))


@cache
def _site(pack: str) -> dict[str, Any]:
    text = (ROOT / "examples" / SITES[pack] / "site.yaml").read_text("utf-8")
    return _without_contradictions(yaml.safe_load(text))


def _without_contradictions(facts: Any) -> Any:
    """Leave out the substance whose CAS number and name contradict each other: the law excepts it."""
    if isinstance(facts, dict):
        return {key: _without_contradictions(value) for key, value in facts.items()}
    if isinstance(facts, list):
        kept = [item for item in facts if not (isinstance(item, dict) and _contradicts(item))]
        return [_without_contradictions(item) for item in kept]
    return facts


def _contradicts(record: dict[str, Any]) -> bool:
    return (record.get("cas"), record.get("name")) == ("74-85-1", "乙炔")


def _parts(pack: str) -> list[dict[str, Any]]:
    """Return the site cut into small ones: the enterprise's own facts with one record of one list each."""
    site = _site(pack)["enterprise"]
    own = {key: value for key, value in site.items() if not _records(value)}
    lists = {key: value for key, value in site.items() if _records(value)}
    return [{"enterprise": {**own, key: [record]}} for key, records in lists.items() for record in records]


def _records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _less(draw: Any, entity: Entity, engine: Engine, known: dict[str, Any]) -> dict[str, Any]:
    """Draw the same facts with some of them left out."""
    by_name = {
        spelling: a for a in entity.attributes.values() for spelling in (a.name, a.label.zh, *a.aliases)
    }
    left: dict[str, Any] = {}
    for key, value in known.items():
        attribute = by_name.get(key)
        if (
            attribute is None
            or attribute.name == entity.key
            or attribute.inherits
            or attribute.absent_is_none
        ):
            left[key] = value
        elif isinstance(attribute.type, ListOf) and isinstance(value, list):
            child = engine.ruleset.schema.entities[attribute.type.of.entity]
            # Lists that stand for one another are left whole: which of them is given says something.
            keep = len(value) if attribute.either else draw(st.integers(0, len(value)))
            items = [_less(draw, child, engine, record) for record in value[:keep]]
            whole = keep == len(value) and draw(st.booleans())
            left[key] = items if whole or attribute.either else {"items": items, "complete": False}
        elif draw(st.integers(0, 3)):
            left[key] = value
    return left


def _observe(engine: Engine, facts: Facts) -> dict[tuple[str, str], Any]:
    reference, ruleset = Reference(engine.ruleset), engine.ruleset
    found: dict[tuple[str, str], Any] = {}
    for record in facts.records():
        if record.phantom:
            continue
        for (entity, name), definition in ruleset.definitions.items():
            if entity == record.entity.name:
                found[name, record.path] = reference.define(definition, record)
        for rule in ruleset.rules.values():
            # A data check may ask what is known, and determines nothing.
            if rule.entity == record.entity.name and rule.kind != "data_check":
                found[rule.id, record.path] = reference.outcome(rule, record)
    return found


@pytest.mark.parametrize("pack", SITES)
def test_less_known_never_decides_otherwise(pack: str) -> None:
    engine, parts = _engine(pack), _parts(pack)

    @cache
    def whole(part: int) -> dict[tuple[str, str], Any]:
        return _observe(engine, engine.read(parts[part]))

    @settings(max_examples=cases(150))
    @given(st.data())
    def less(data: st.DataObject) -> None:
        part = data.draw(st.sampled_from(range(len(parts))))
        root = engine.ruleset.schema.entities["enterprise"]
        poorer = {"enterprise": _less(data.draw, root, engine, parts[part]["enterprise"])}
        before, after = _observe(engine, engine.read(poorer)), whole(part)
        for key, value in before.items():
            if isinstance(value, Outcome):
                assert outcome_within(after[key], value), (key, value.possible, after[key].possible)
            else:
                assert within(after[key], value), (key, value, after[key])

    less()
