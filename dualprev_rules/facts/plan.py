"""How the records of an entity are read: every spelling of every key, and a reader for each attribute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from dualprev_rules.facts.kinds import Kind, kind_of, normal
from dualprev_rules.facts.schema import Attribute, Entity, Schema
from dualprev_rules.facts.types import ListOf, Rec
from dualprev_rules.problems import Words, nearest

T = TypeVar("T")


class Names(Generic[T]):
    """Things by every spelling of their names: as declared, and in any case where that is unique."""

    def __init__(self, named: Iterable[tuple[T, str, Words, tuple[str, ...]]]) -> None:
        things = tuple(named)
        self.exact: dict[str, T] = {}
        self._folded: dict[str, T | None] = {}
        # A name goes before another thing's label, a label before another's alias.
        for thing, name, _, _ in things:
            self._add(name, thing)
        for thing, _, label, _ in things:
            self._add(label.zh, thing)
            self._add(label.en, thing)
        for thing, _, _, aliases in things:
            for alias in aliases:
                self._add(alias, thing)

    def _add(self, name: str, thing: T) -> None:
        spelling = normal(name)
        if spelling and spelling not in self.exact:
            self.exact[spelling] = thing
            folded = spelling.casefold()
            self._folded[folded] = thing if self._folded.get(folded, thing) is thing else None

    def get(self, name: str) -> T | None:
        """Return what ``name`` means, or None."""
        spelling = normal(name)
        return self.exact.get(spelling) or self._folded.get(spelling.casefold())

    def near(self, name: str) -> tuple[str, T] | None:
        """Return the spelling nearest to a name that means nothing, and what it would mean."""
        like = nearest(name[:80], self.exact)
        return None if like is None else (like, self.exact[like])


@dataclass(eq=False, slots=True)
class Slot:
    """An attribute and its reader (None for a list of records, whose entity is ``child``)."""

    attribute: Attribute
    name: str
    kind: Kind | None
    child: str | None
    refers: bool


class Plan:
    """The slots of an entity, by every spelling."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.slots = {name: _slot(attribute) for name, attribute in entity.attributes.items()}
        self.names = Names(
            (slot, slot.name, slot.attribute.label, slot.attribute.aliases) for slot in self.slots.values()
        )
        self.key = self.slots.get(entity.key) if entity.key is not None else None
        self.groups = tuple(_groups(self.slots.values()))


class Plans:
    """The plans of a schema, made when first needed, and the names of its entities."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._made: dict[str, Plan] = {}

    def __getitem__(self, entity: str) -> Plan:
        plan = self._made.get(entity)
        if plan is None:
            plan = self._made[entity] = Plan(self.schema.entities[entity])
        return plan

    @cached_property
    def entities(self) -> Names[Entity]:
        """The entities by every spelling."""
        return Names((e, e.name, e.label, e.aliases) for e in self.schema.entities.values())


def _slot(attribute: Attribute) -> Slot:
    child = attribute.type.of.entity if isinstance(attribute.type, ListOf) else None
    return Slot(attribute, attribute.name, kind_of(attribute), child, isinstance(attribute.type, Rec))


def _groups(slots: Iterable[Slot]) -> Iterator[tuple[Slot, ...]]:
    groups: dict[str, list[Slot]] = {}
    for slot in slots:
        if slot.attribute.either is not None and slot.child is not None:
            groups.setdefault(slot.attribute.either, []).append(slot)
    return (tuple(group) for group in groups.values())
