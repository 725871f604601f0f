"""What else entities, attributes and definitions are called, so that a label leads to the name."""

from __future__ import annotations

from collections.abc import Iterable

from dualprev_rules.facts.schema import Schema

Called = dict[str, tuple[str, ...]]
"""Name → labels and aliases."""


def entities(schema: Schema) -> Called:
    """Return the entities with what else they are called."""
    return {e.name: (e.label.zh, e.label.en, *e.aliases) for e in schema.entities.values()}


def attributes(schema: Schema) -> Called:
    """Return every attribute as ``entity.attribute``, with its labels behind those of its entity."""
    found: Called = {}
    for entity in schema.entities.values():
        holders = (entity.name, entity.label.zh, entity.label.en)
        for attribute in entity.attributes.values():
            spellings = (attribute.name, attribute.label.zh, attribute.label.en, *attribute.aliases)
            found[f"{entity.name}.{attribute.name}"] = tuple(_joined(holders, spellings))
    return found


def _joined(holders: Iterable[str], names: Iterable[str]) -> Iterable[str]:
    listed = list(names)
    return (f"{holder}.{name}" for holder in holders for name in listed if holder and name)
