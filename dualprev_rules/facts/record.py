"""The facts of one enterprise after reading: records that nest, every attribute a value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dualprev_rules.facts.possible import Absent, Cause, Items, Members, Value
from dualprev_rules.facts.schema import Attribute, Entity, Schema
from dualprev_rules.facts.types import ListOf, SetOf
from dualprev_rules.problems import Problem


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from: who saw it, when, how, and until when it holds."""

    at: date | None = None
    by: str | None = None
    source: str | None = None
    evidence: str | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as read: what is possible, what was given (as text), and where it comes from."""

    value: Value
    given: str | None = None
    provenance: Provenance | None = None
    assumed_complete: bool = False
    """A list that the input gave without saying whether it is complete."""


@dataclass(eq=False, slots=True, repr=False)
class Record:
    """One record. ``path`` is unique and full; ``short`` is ``unit[U1]`` where ids are unique.

    A *phantom* stands for the further records that an incomplete or absent list may hold: nothing
    is known of it, and whatever rests on it is open because of that list (``cause``).
    """

    entity: Entity
    path: str
    short: str
    parent: Record | None
    facts: dict[str, Fact] = field(default_factory=dict[str, Fact])
    cause: Cause | None = None
    schema: Schema | None = None

    def __repr__(self) -> str:
        return f"<Record {self.path}>"

    @property
    def phantom(self) -> bool:
        """True for the record that stands for whatever else a list may hold."""
        return self.cause is not None

    def fact(self, name: str) -> Fact:
        """Return the fact of attribute ``name``; one that was not given is unknown in its range."""
        found = self.facts.get(name)
        if found is None:
            found = self.facts[name] = self._unknown(self.entity.attributes[name])
        return found

    def value(self, name: str) -> Value:
        """Return what is possible of attribute ``name``."""
        return self.fact(name).value

    def ancestor(self, entity: str) -> Record | None:
        """Return the nearest record above that is of ``entity``."""
        above = self.parent
        while above is not None and above.entity.name != entity:
            above = above.parent
        return above

    def _has_none(self, attribute: Attribute) -> bool:
        """Return whether not mentioning the attribute says that there is none."""
        if attribute.none_beside is None:
            return attribute.absent_is_none
        beside = self.facts.get(attribute.none_beside)
        return beside is not None and beside.value.known

    def _unknown(self, attribute: Attribute) -> Fact:
        if self._has_none(attribute) and not self.phantom:
            return none(attribute)
        if attribute.inherits is not None and not self.phantom:
            above = self.ancestor(attribute.inherits)
            if above is not None and attribute.name in above.entity.attributes:
                return above.fact(attribute.name)
        return unknown(self, attribute, self.cause or Cause(f"{self.path}.{attribute.name}"))


def none(attribute: Attribute) -> Fact:
    """Return the fact that a record has none of an attribute that it does not mention."""
    if isinstance(attribute.type, ListOf):
        return Fact(Value(Items(())))
    if isinstance(attribute.type, SetOf):
        return Fact(Value(Members(frozenset(), frozenset())))
    return Fact(Value(None, Absent.SURELY, within=attribute.every))


def unknown(record: Record, attribute: Attribute, cause: Cause) -> Fact:
    """Return the fact of which nothing is known but the declared range, because of ``cause``."""
    causes = frozenset((cause,))
    if isinstance(attribute.type, ListOf):
        assert record.schema is not None
        return Fact(Value(Items((), phantom(record, attribute, record.schema, cause)), causes=causes))
    every = attribute.every
    return Fact(Value(every, causes=causes, within=every))


def phantom(parent: Record, attribute: Attribute, schema: Schema, cause: Cause) -> Record:
    """Make the record that stands for whatever else the list may hold."""
    assert isinstance(attribute.type, ListOf)
    entity = schema.entities[attribute.type.of.entity]
    return Record(
        entity, f"{parent.path}.{attribute.name}[?]", f"{entity.name}[?]", parent, {}, cause, schema
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What was read: the records at the top, and everything there is to say about the reading."""

    schema: Schema
    roots: tuple[Record, ...]
    problems: tuple[Problem, ...] = ()
    """Data problems: something was given and is wrong."""
    notes: tuple[Problem, ...] = ()
    """Readings and assumptions that a user should see; nothing is wrong."""
    source: str = ""

    def records(self) -> Iterator[Record]:
        """Yield every record, a parent before its children, with a phantom after the known ones.

        A phantom's own lists are followed only into entities that are not above it already.
        """
        for root in self.roots:
            yield from _walk(root)


def _walk(record: Record) -> Iterator[Record]:
    yield record
    for attribute in record.entity.lists():
        items: Any = record.value(attribute.name).possible
        for child in items.records:
            yield from _walk(child)
        if items.phantom is not None and not _above(record, items.phantom):
            yield from _walk(items.phantom)


def _above(record: Record, child: Record) -> bool:
    above: Record | None = record
    while above is not None:
        if above.phantom and above.entity.name == child.entity.name:
            return True
        above = above.parent
    return False
