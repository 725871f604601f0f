"""What the members of enums are called, wherever a value of their type stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from dualprev_rules.facts.types import Enum, SetOf, Type
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import Words


class MemberNames:
    """The labels of members, as the attributes and definitions of a ruleset declare them."""

    def __init__(self, ruleset: Ruleset) -> None:
        declared = [
            (attribute.type, attribute.member_labels)
            for entity in ruleset.schema.entities.values()
            for attribute in entity.attributes.values()
        ]
        declared += [(d.type, d.member_labels) for d in ruleset.definitions.values()]
        self._by_members: dict[tuple[str, ...], Mapping[str, Words]] = {}
        for kind, labels in declared:
            members = _members(kind)
            if members and labels and self._by_members.setdefault(members, labels) != labels:
                # Members that are spelt alike and called differently: only their own facts know how.
                self._by_members[members] = {}

    def within(
        self, shown: Any, kind: Type, labels: Mapping[str, Words] | None = None
    ) -> Mapping[str, Words] | None:
        """Return the labels of the members in a rendered value; None where there are none.

        ``labels`` are those of the fact itself; without any, the type tells where it can.
        """
        known = labels or self._by_members.get(_members(kind), {})
        return {member: known[member] for member in _shown(shown) if member in known} or None


def _members(kind: Type) -> tuple[str, ...]:
    match kind:
        case Enum(members=members) | SetOf(of=Enum(members=members)):
            return members
        case _:
            return ()


def _shown(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            yield from cast("list[str]", value)
        case {"values": values}:
            yield from values or ()
        case {"possible": possible, "sure": sure}:
            yield from sure if possible is None else possible
        case _:
            return
