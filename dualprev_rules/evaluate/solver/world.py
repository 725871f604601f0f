"""A site of which every fact is known and none is given: records whose facts are symbols.

Each list holds the record that is asked about, where it stands in it, and up to so many others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import count, islice, pairwise, product
from typing import Any

from dualprev_rules.evaluate.lookup import normalise
from dualprev_rules.evaluate.solver.backend import (
    Bit,
    Real,
    all_of,
    any_of,
    either,
    exact,
    is_from,
    no,
    symbols,
    z3,
)
from dualprev_rules.facts.cas import valid_cas
from dualprev_rules.facts.possible import Finite, Numbers
from dualprev_rules.facts.schema import ROOT, Attribute, Entity, Schema
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, SetOf, Text, Type
from dualprev_rules.lang.tree import Aggregate

_LAST_DAY = date.max.toordinal()
_MILLISECONDS = 500
_SPELLINGS = 64
"""So many texts may be one key."""


class UnsupportedError(Exception):
    """The solver has no form for a part of a condition: what rests on it stays undecided."""


@dataclass(frozen=True, slots=True)
class Term:
    """A value: its symbol, and where there is *no value*. There the symbol is free within what is possible.

    ``value`` is a truth value, a number (of a day, member or text too), or for a set, a truth value
    for each member. Members and truth values that stand in a condition are plain ints and bools, so
    that what they decide is decided at once.
    """

    value: Any
    absent: Bit = False


@dataclass(frozen=True, slots=True)
class Open:
    """A symbol that stands for any value of a range somewhere: there the reference holds each possible."""

    value: Any
    kind: Type
    within: Numbers | None
    where: Bit


@dataclass(slots=True)
class _Form:
    """The numbers of texts that are one key: in what facts give they differ in case alone."""

    first: int
    size: int
    named: int = 0


@dataclass(eq=False, slots=True)
class Ghost:
    """A record of which every fact is a symbol. ``present`` tells whether it is there at all."""

    entity: Entity
    parent: Ghost | None
    via: str
    """The list of the parent that it stands in."""
    number: int
    present: Bit = True
    facts: dict[str, Term] = field(default_factory=dict[str, Term])
    lists: dict[str, list[Ghost]] = field(default_factory=dict[str, "list[Ghost]"])

    def above(self, entity: str | None) -> Ghost | None:
        """Return the holder, or the nearest record above of an entity."""
        record = self.parent
        while record is not None and entity is not None and record.entity.name != entity:
            record = record.parent
        return record


class World:
    """The symbols of one question, what binds them, and what a reader would rather see of them."""

    def __init__(
        self,
        schema: Schema,
        path: tuple[tuple[str, str], ...],
        most: int,
        day: date,
        top: str = ROOT,
    ) -> None:
        self.schema = schema
        self.most = most
        self.day = day
        self.bound: list[Bit] = []
        self.sure: list[Bit] = []
        """That nothing lacks a value."""
        self.plain: list[Bit] = []
        self.listed = False
        """Whether a list was asked about."""
        self.open: list[Open] = []
        """Columns of rows that there may not be."""
        self.rests: list[tuple[Any, Aggregate]] | None = None
        """Where lists have no end: what sums of records have beside those that are there, and the sums."""
        self.climbed: set[str | None] = set()
        self.looked_up: dict[Any, Any] = {}
        """What look-ups have found, by ruleset, table, record and keys."""
        self._numbers = count()
        self._symbols: dict[str, int] = {}
        self._forms: dict[str, _Form] = {}
        """The forms in which keys are compared, of all texts that have a number."""
        self._end = 0
        self._checked: list[Real] = []
        self._strange: dict[int, str] = {}
        """CAS numbers that stand for texts that nothing names."""
        self.root = record = Ghost(schema.entities[top], None, "", 0)
        for via, entity in path:
            child = Ghost(schema.entities[entity], record, via, 0)
            record.lists[via] = [child, *self._others(record, via, entity)]
            record = child
        self.asked = record

    # --- records and facts ------------------------------------------------------------------------

    def _others(self, parent: Ghost, via: str, entity: str) -> list[Ghost]:
        """Return the further records of a list; one is there only where those before it are."""
        made = [
            Ghost(self.schema.entities[entity], parent, via, number + 1, self.bit("there"))
            for number in range(self.most)
        ]
        for before, after in pairwise(made):
            self.bound.append(any_of(before.present, no(after.present)))
        self.plain += [no(ghost.present) for ghost in made[1:]]
        return made

    def list_of(self, record: Ghost, attribute: Attribute) -> list[Ghost]:
        """Return the records that a list may hold."""
        self.listed = True
        assert isinstance(attribute.type, ListOf)
        if attribute.name not in record.lists:
            record.lists[attribute.name] = self._others(record, attribute.name, attribute.type.of.entity)
        return record.lists[attribute.name]

    def fact(self, record: Ghost, name: str) -> Term:
        """Return a fact of a record: a symbol within its declared range."""
        found = record.facts.get(name)
        if found is None:
            attribute = record.entity.attributes.get(name)
            if attribute is None:
                raise UnsupportedError(f"{record.entity.name}.{name}")
            absent: Bit = self.bit("none") if attribute.optional else False
            if attribute.none_beside is not None:
                self.bound.append(any_of(no(absent), no(self.fact(record, attribute.none_beside).absent)))
            if isinstance(attribute.type, SetOf):
                # A set that a record does not mention is empty.
                found = Term(self.free(attribute.type))
            else:
                found = Term(self.free(attribute.type, attribute.range), absent)
                self.lacks(absent)
            if attribute.check is not None:
                self._checked.append(found.value)
            record.facts[name] = found
        return found

    # --- symbols ----------------------------------------------------------------------------------

    def bit(self, name: str) -> Bit:
        """Return a truth value that may be either."""
        return z3().Bool(f"{name}{next(self._numbers)}")

    def free(self, kind: Type, within: Numbers | None = None) -> Any:
        """Return a symbol for a value of a type, of which nothing is known but its range."""
        name = f"v{next(self._numbers)}"
        match kind:
            case Bool():
                return z3().Bool(name)
            case SetOf(of=Enum(members=members)):
                return {member: z3().Bool(f"{name}.{at}") for at, member in enumerate(members)}
            case Enum(members=members):
                value = z3().Int(name)
                self.bound.append(any_of(*(value == self.symbol(member) for member in members)))
                return value
            case Text():
                value = z3().Int(name)
                self.bound.append(value >= 0)
                return value
            case Number(whole=whole):
                value = z3().ToReal(z3().Int(name)) if whole else z3().Real(name)
                self.plain.append(value >= 0)
            case Date():
                number = z3().Int(name)
                value = z3().ToReal(number)
                self.bound += [number >= 1, number <= _LAST_DAY]
                today = self.day.toordinal()
                self.plain += [number >= today - 20_000, number <= today + 2_000]
            case _:
                raise UnsupportedError(str(kind))
        if within is not None:
            self.bound.append(inside(value, within))
        return value

    def symbol(self, text: str) -> int:
        """Return the number that stands for a member or text; texts that are one key stand together."""
        found = self._symbols.get(text)
        if found is None:
            form = self._form(text)
            if form.named == form.size:
                raise UnsupportedError("spelling")
            found = self._symbols[text] = form.first + form.named
            form.named += 1
        return found

    def _form(self, text: str) -> _Form:
        normal = normalise(text)
        found = self._forms.get(normal)
        if found is None:
            size = min(2 ** sum(each.upper() != each for each in normal), _SPELLINGS)
            found = self._forms[normal] = _Form(self._end, size)
            self._end += size
        return found

    def spells(self, value: Real, text: str) -> Bit:
        """Return whether a text, however it is spelled, is the same key as another."""
        self.symbol(text)
        form = self._form(text)
        return is_from(value, form.first, form.first + form.size)

    @property
    def symbol_count(self) -> int:
        """What is not below it, is no spelling of a member or text that has a number."""
        return self._end

    def text(self, number: int) -> str:
        """Return the member or text that a number stands for; one that nothing names has a name of ours."""
        found = next((text for text, known in self._symbols.items() if known == number), None)
        if found is None and number < self._end:
            at, normal = next(
                (at, n) for n, at in self._forms.items() if at.first <= number < at.first + at.size
            )
            others = (text for text in _spellings(normal) if text not in self._symbols)
            found = next(islice(others, number - at.first - at.named, None), None)
        if found is not None or not self._checked:
            return found or f"text-{number}"
        if number not in self._strange:
            named = {*self._symbols, *self._strange.values()}
            self._strange[number] = next(text for text in _strange() if text not in named)
        return self._strange[number]

    def lacks(self, absent: Bit) -> None:
        """Note that something has no value where ``absent`` holds."""
        if absent is not False:
            self.sure.append(no(absent))

    def surely(self, bit: Bit) -> Bit:
        """Return whether something holds whatever is open: only then may the reference say so."""
        if isinstance(bit, bool):
            return bit
        there = {each.get_id() for each in symbols([bit])}
        pairs: list[tuple[Any, Any]] = []
        fresh: list[Any] = []
        bounds, plain = len(self.bound), len(self.plain)
        for each in self.open:
            if there & {symbol.get_id() for symbol in symbols([each.value])}:
                other = self.free(each.kind, each.within)
                fresh.append(other)
                pairs.append((each.value, either(each.where, other, each.value)))
        within = self.bound[bounds:]
        del self.bound[bounds:], self.plain[plain:]
        if not pairs:
            return bit
        return z3().ForAll(symbols(fresh), any_of(no(all_of(*within)), z3().substitute(bit, *pairs)))

    def rest(self, node: Aggregate, negative: Bit) -> Any:
        """Return what further records add to a sum; nothing below 0 where none of them can be negative."""
        assert self.rests is not None
        found = self.free(Number())
        solver = z3().Solver()
        solver.set("timeout", _MILLISECONDS)
        solver.add(*(part for part in (*self.bound, negative) if part is not True))
        if str(solver.check()) == "unsat":
            self.bound.append(found >= 0)
        self.rests.append((found, node))
        return found

    def simplified(self, term: Term) -> Term:
        """Return a derived fact, simpler where that pays: here nothing is known that would decide it."""
        return term

    def checks(self) -> list[Bit]:
        """Return what binds texts with a check digit: they are right ones that are named, or any others."""
        right = [n for text, n in self._symbols.items() if valid_cas(text)]
        others = self.symbol_count
        return [any_of(value >= others, *(value == number for number in right)) for value in self._checked]


def _strange() -> Iterator[str]:
    """Yield CAS numbers that are right and that nothing is likely to have."""
    every = (f"{number}-00-{digit}" for number in range(9_000_000, 10_000_000) for digit in range(10))
    return filter(valid_cas, every)


def _spellings(normal: str) -> Iterator[str]:
    """Yield the texts that are the same key; as facts have them, they differ in case alone."""
    return map("".join, product(*(dict.fromkeys((each.upper(), each)) for each in normal)))


def inside(value: Real, within: Numbers) -> Bit:
    """Return whether a number lies within a range."""
    if isinstance(within, Finite):
        return any_of(*(value == exact(each) for each in within.values))
    parts: list[Bit] = []
    if within.low is not None:
        parts.append(value > exact(within.low) if within.low_open else value >= exact(within.low))
    if within.high is not None:
        parts.append(value < exact(within.high) if within.high_open else value <= exact(within.high))
    return all_of(*parts)


def top_of(schema: Schema, entity: str) -> str:
    """Return what a record of an entity is given under: the enterprise, or by itself where it holds none."""
    return ROOT if entity == ROOT or entity in schema.descend(ROOT) else entity


def ways(schema: Schema, entity: str) -> list[tuple[tuple[str, str], ...]]:
    """Return the ways from ``top_of`` an entity down to a record of it, the shortest first."""
    found: list[tuple[tuple[str, str], ...]] = []
    waiting: list[tuple[str, tuple[tuple[str, str], ...]]] = [(top_of(schema, entity), ())]
    while waiting:
        at, way = waiting.pop(0)
        if at == entity:
            found.append(way)
            continue
        for attribute in schema.entities[at].lists():
            assert isinstance(attribute.type, ListOf)
            child = attribute.type.of.entity
            if child != ROOT and child not in {name for _, name in way}:
                waiting.append((child, (*way, (attribute.name, child))))
    return found


def day_of(number: Fraction) -> str:
    """Return a day as text."""
    return date.fromordinal(int(number)).isoformat()


__all__ = ["Ghost", "Open", "Term", "UnsupportedError", "World", "day_of", "inside", "top_of", "ways"]

Env = Mapping[str, Any]
