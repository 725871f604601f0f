"""Definitions that are declared monotone by facts: more of a substance never lowers the level.

Two sites are asked about at once, alike in everything but one fact of one record, which is higher in the
second. What the reference confirms is shown; what the solver does not settle is undecided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.render import render
from dualprev_rules.evaluate.solver import Answer, Solver, Translation
from dualprev_rules.evaluate.solver.backend import Bit, Real, all_of, either, exact, no, symbols, z3
from dualprev_rules.evaluate.solver.site import number_of
from dualprev_rules.evaluate.solver.world import Ghost, Term, UnsupportedError, World
from dualprev_rules.facts.possible import Finite, Value
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Attribute, Schema
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Type
from dualprev_rules.lang.tree import Aggregate, AsOf, Monotone, Node
from dualprev_rules.pack.model import Definition, Ruleset
from dualprev_rules.problems import Problem, problem
from dualprev_rules.standards.finding import Finding
from dualprev_rules.standards.reads import (
    MOST_COUNTED,
    adds_records,
    counts_openly,
    longest_of,
    reached_by,
    read_in,
)


def check_monotone(ruleset: Ruleset, packs: Collection[str], solver: Solver) -> Iterator[Finding]:
    """Yield where a fact rises and a definition falls, or the other way round, against what it declares."""
    for definition in ruleset.definitions.values():
        if definition.pack not in packs or definition.not_encoded is not None:
            continue
        for fact, declared in definition.monotone.items():
            found = _Pair(definition, fact, declared, solver)
            answer = found.asked()
            if answer.is_possible is not False:
                yield Finding(found.said(answer), definition.id, answer.witness, answer.path)


@dataclass(slots=True)
class _Pair:
    """Two sites that differ in one fact, and what came out for both."""

    definition: Definition
    fact: str
    declared: Monotone
    solver: Solver
    endless: bool = False
    """Whether sums are over lists without end."""
    _raised: Any = None
    """The symbol of the fact in the second site."""
    _shown: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def _schema(self) -> Schema:
        return self.solver.ruleset.schema

    @property
    def _attribute(self) -> Attribute:
        entity, _, name = self.fact.partition(".")
        return self._schema.entities[entity].attributes[name]

    def asked(self) -> Answer:
        """Return whether there are two such sites; None where longer lists, or other days, may show them."""
        nodes = list(reached_by(self.solver.ruleset, [self.definition]))
        answer = self._asked(nodes)
        if answer.is_possible is False and any(isinstance(node, AsOf) for node in nodes):
            return replace(answer, is_possible=None, because="as_of")
        return answer

    def _asked(self, nodes: Collection[Node]) -> Answer:
        ruleset = self.solver.ruleset
        # Each of the two sites has its own records for what is asked.
        longest = 2 * longest_of(nodes)
        of = self.solver = self.solver.with_records(min(longest, MOST_COUNTED))
        answer = of.ask(self.definition.entity, self.where, self.confirms)
        if answer.is_possible is not False or not answer.over_lists:
            return answer
        sums = any(adds_records(node) for node in nodes)
        if longest > MOST_COUNTED or counts_openly(ruleset, nodes):
            return replace(answer, is_possible=None, because="lists")
        if not sums:
            return answer
        # Two sites that differ in one record add up all others alike, however many these are.
        self.endless = True
        answer = of.ask(self.definition.entity, self.where, self.confirms)
        return answer if answer.is_possible is not None else replace(answer, because="lists")

    def where(self, to: Translation, record: Ghost) -> Bit:
        """Return that the fact is higher in the second site, and the definition on the wrong side."""
        holder = _holder(self._schema, to.world, record, self.fact.partition(".")[0])
        if holder is None:
            return False
        if self.endless:
            to.world.rests = []
        first = to.define(self.definition, record)
        fact = to.world.fact(holder, self._attribute.name)
        alike = [rest for rest, of in to.world.rests or () if self._is_alike(of)]
        second, raised = _copied(to.world, first, fact, alike)
        self._raised = raised.value
        kind = self.definition.type
        was, now = _height(to, first.value, kind), _height(to, second.value, kind)
        wrong = now < was if self.declared == "rising" else now > was
        higher = _height(to, raised.value, self._attribute.type) > _height(
            to, fact.value, self._attribute.type
        )
        known = [no(absent) for absent in (first.absent, second.absent, fact.absent, raised.absent)]
        return all_of(holder.present, higher, wrong, *known)

    def _is_alike(self, of: Aggregate) -> bool:
        """Tell whether further records add the same in both sites."""
        entity = self.fact.partition(".")[0]
        if (entity, self._attribute.name) not in read_in(self.solver.ruleset, of):
            return True
        return _below(of.over.type) == entity and entity not in self._schema.descend(entity)

    def confirms(self, reference: Reference, record: Record) -> bool:
        """Return whether the reference says so of both sites."""
        holder = _record(self._schema, record, self.fact.partition(".")[0])
        if holder is None or not holder.value(self._attribute.name).known:
            return False
        kind, world_value = self._attribute.type, self.solver.model.eval(self._raised, model_completion=True)
        raised = _decoded(kind, world_value, self.solver)
        higher = Reference(
            reference.ruleset, reference.functions, overlay={(holder, self._attribute.name): raised}
        )
        before, after = (each.define(self.definition, record) for each in (reference, higher))
        if not (before.known and after.known):
            return False
        heights = _rank(before, self.definition.type), _rank(after, self.definition.type)
        self._shown = {
            "before": _text(holder.value(self._attribute.name), kind),
            "after": _text(raised, kind),
            "first": _text(before, self.definition.type),
            "second": _text(after, self.definition.type),
        }
        return heights[1] < heights[0] if self.declared == "rising" else heights[1] > heights[0]

    def said(self, answer: Answer) -> Problem:
        """Return what came out, in words."""
        place = self.definition.body.place
        about, declared = self.definition.id, str(self.declared)
        if answer.is_possible:
            return problem(
                "standards.not-monotone",
                place=place,
                given=self.fact,
                about=about,
                declared=declared,
                **self._shown,  # pyright: ignore[reportArgumentType]
            )
        if answer.because == "lists":
            return problem(
                "standards.monotone-bounded",
                severity="note",
                place=place,
                given=self.fact,
                about=about,
                declared=declared,
                records=self.solver.records,
            )
        return problem(
            "standards.monotone-undecided",
            severity="note",
            place=place,
            given=self.fact,
            about=about,
            declared=declared,
            why=answer.because,
        )


# --- the record whose fact rises --------------------------------------------------------------------


def _way(schema: Schema, above: str, entity: str) -> list[str] | None:
    """Return the lists that lead from an entity down to another."""
    waiting: list[tuple[str, list[str]]] = [(above, [])]
    seen: set[str] = set()
    while waiting:
        at, way = waiting.pop(0)
        if at == entity:
            return way
        if at not in seen:
            seen.add(at)
            lists = schema.entities[at].lists()
            waiting += [(_below(attribute.type), [*way, attribute.name]) for attribute in lists]
    return None


def _below(kind: Type) -> str:
    assert isinstance(kind, ListOf)
    return kind.of.entity


def _holder(schema: Schema, world: World, record: Ghost, entity: str) -> Ghost | None:
    """Return the record whose fact rises: this one, one above, or the first of a list below."""
    if record.entity.name == entity:
        return record
    world.climbed.add(entity)
    above = record.above(entity)
    way = _way(schema, record.entity.name, entity)
    if above is not None or way is None:
        return above
    for name in way:
        if world.most == 0:
            return None
        record = world.list_of(record, record.entity.attributes[name])[0]
    return record


def _record(schema: Schema, record: Record, entity: str) -> Record | None:
    if record.entity.name == entity:
        return record
    above = record.ancestor(entity)
    way = _way(schema, record.entity.name, entity)
    if above is not None or way is None:
        return above
    for name in way:
        listed: Any = record.value(name).possible
        if not listed.records:
            return None
        record = listed.records[0]
    return record


# --- the second site --------------------------------------------------------------------------------


def _copied(world: World, value: Term, fact: Term, alike: Sequence[Any]) -> tuple[Term, Term]:
    """Return a value and a fact as they are in a second site, alike but for that fact.

    What is no fact, such as a quotient or what a table gives, is another there, and bound anew.
    """
    parts = [value.value, value.absent, fact.value, fact.absent, *world.bound, *world.sure]
    shared = {each.get_id() for each in symbols([*_facts(world.root), *alike])}
    moved = {each.get_id() for each in symbols([fact.value, fact.absent])}
    pairs = [
        (each, z3().FreshConst(each.sort()))
        for each in symbols(parts)
        if each.get_id() in moved or each.get_id() not in shared
    ]

    def again(part: Any) -> Any:
        return z3().substitute(part, *pairs) if z3().is_expr(part) else part

    world.bound += [again(part) for part in tuple(world.bound)]
    world.sure += [again(part) for part in tuple(world.sure)]
    if isinstance(value.value, dict):
        raise UnsupportedError("set")
    return Term(again(value.value), again(value.absent)), Term(again(fact.value), again(fact.absent))


def _facts(ghost: Ghost) -> Iterator[Any]:
    """Yield the symbols of every record's facts, and of whether it is there."""
    yield ghost.present
    for term in ghost.facts.values():
        value: Any = term.value
        yield from value.values() if isinstance(value, dict) else (value,)
        yield term.absent
    for below in ghost.lists.values():
        for each in below:
            yield from _facts(each)


# --- what is higher ---------------------------------------------------------------------------------


def _height(to: Translation, value: Any, kind: Type) -> Real:
    """Return a value as a number: of ordered members the worse is higher, true is higher than false."""
    match kind:
        case Number() | Date():
            return value
        case Bool():
            return either(value, exact(Fraction(1)), exact(Fraction(0)))
        case Enum(members=members, ordered=True):
            found: Any = exact(Fraction(0))
            for at, member in enumerate(members):
                found = either(value == to.world.symbol(member), exact(Fraction(-at)), found)
            return found
        case _:
            raise UnsupportedError(str(kind))


def _rank(value: Value, kind: Type) -> Fraction:
    possible: Any = value.possible
    if isinstance(possible, Finite):
        return possible.low
    only = next(iter(possible))
    if isinstance(kind, Enum):
        return Fraction(-kind.members.index(only))
    return Fraction(bool(only))


def _decoded(kind: Type, value: Any, solver: Solver) -> Value:
    """Return a value of a model as the reference has it."""
    match kind:
        case Number() | Date():
            return Value(Finite((number_of(value),)))
        case Bool():
            return Value(frozenset((bool(z3().is_true(value)),)))
        case _:
            world: World = solver.world
            return Value(frozenset((world.text(value.as_long()),)))


def _text(value: Value, kind: Type) -> str:
    shown: Mapping[str, Any] | str | bool | None = render(value, kind)
    return str(shown).lower() if isinstance(shown, bool) else str(shown)
