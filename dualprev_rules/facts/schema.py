"""What an enterprise is made of: entities and their attributes, as packs declare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dualprev_rules.facts.possible import (
    EVERY_NUMBER,
    EVERY_TEXT,
    Finite,
    Members,
    Numbers,
    interval,
)
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, SetOf, Text, Type
from dualprev_rules.problems import Place, Words

ROOT = "enterprise"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of an entity: its type, what it may be, how it is asked for and read."""

    name: str
    type: Type
    label: Words
    aliases: tuple[str, ...] = ()
    member_labels: Mapping[str, Words] = field(default_factory=dict[str, Words])
    """Enum member → label; the label and any alias of it are read as the member."""
    member_aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    """Further spelling → member (for a bool: spelling → ``true`` or ``false``)."""
    ask: Words | None = None
    range: Numbers = EVERY_NUMBER
    """What is possible at all for a number or date (a date as ordinals)."""
    inherits: str | None = None
    """The entity above whose attribute of this name holds where this record has none of its own."""
    either: str | None = None
    """Lists of one record with the same mark: where one is given, the others are taken as empty."""
    absent_is_none: bool = False
    """A record that does not mention it has none (no value, an empty set), instead of an unknown one."""
    none_beside: str | None = None
    """The attribute that stands for this one: a record that gives it, and not this, has none of this."""
    stated: bool = False
    """A list is complete only when the input says so."""
    accept_from: frozenset[str] = frozenset()
    """The sources that may settle it; empty: any."""
    valid_for: int | None = None
    """Days after which an observation of it is stale."""
    check: str | None = None
    """A named format that a text must have: ``cas`` verifies the check digit."""
    place: Place | None = None
    pack: str = "core"

    @property
    def optional(self) -> bool:
        """Whether a record may have none of it."""
        return self.absent_is_none or self.none_beside is not None

    @property
    def every(self) -> object:
        """Return what is possible while nothing is known, within the declared range."""
        return every(self.type, self.range)

    @property
    def whole_type(self) -> object:
        """Return what is possible while even the declared range, or list of members, is in doubt."""
        return anything(self.type)


def every(of: Type, within: Numbers) -> object:
    """Return all that a value of the type may be."""
    match of:
        case Bool():
            return frozenset((True, False))
        case Number(whole=whole):
            return _numbers(within, whole)
        case Date():
            return _numbers(within, whole=True)
        case Enum(members=members):
            return frozenset(members)
        case SetOf(of=Enum(members=members)):
            return Members(frozenset(), frozenset(members))
        case SetOf():
            return Members(frozenset(), EVERY_TEXT)
        case Text():
            return EVERY_TEXT
        case Rec():
            return ()
        case _:
            raise TypeError(of)


def anything(of: Type) -> object:
    """Return all that a value of the type may be, were it to contradict its declaration."""
    match of:
        case Enum():
            return EVERY_TEXT
        case SetOf():
            return Members(frozenset(), EVERY_TEXT)
        case _:
            return every(of, EVERY_NUMBER)


def _numbers(within: Numbers, whole: bool) -> Numbers:
    if isinstance(within, Finite):
        return within
    ends = within.low, within.high, within.low_open, within.high_open
    return interval(*ends, whole) or EVERY_NUMBER


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of record. ``key`` is the attribute whose value names a record in paths."""

    name: str
    label: Words
    key: str | None
    attributes: Mapping[str, Attribute]
    aliases: tuple[str, ...] = ()

    def lists(self) -> tuple[Attribute, ...]:
        """Return the attributes that hold lists of records."""
        return tuple(a for a in self.attributes.values() if isinstance(a.type, ListOf))


@dataclass(frozen=True, slots=True)
class Schema:
    """Every entity of the loaded packs, by name."""

    entities: Mapping[str, Entity]
    _under: dict[str, frozenset[str]] = field(
        default_factory=dict[str, frozenset[str]], init=False, repr=False, compare=False
    )
    """What ``descend`` has found."""

    def descend(self, entity: str) -> frozenset[str]:
        """Return the entities that may stand anywhere under ``entity``."""
        known = self._under.get(entity)
        if known is not None:
            return known
        seen: set[str] = set()
        waiting = [entity]
        while waiting:
            for attribute in self.entities[waiting.pop()].lists():
                assert isinstance(attribute.type, ListOf)
                child = attribute.type.of.entity
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)
        self._under[entity] = found = frozenset(seen)
        return found


__all__ = ["ROOT", "Attribute", "Entity", "Schema", "anything", "every"]
