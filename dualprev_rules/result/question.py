"""Which facts to ask for first: those that can decide the most open outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from dualprev_rules.evaluate.reference import Outcome, Reference
from dualprev_rules.evaluate.values import decided, make
from dualprev_rules.facts.possible import (
    EVERY_TEXT,
    Finite,
    Interval,
    Items,
    Members,
    Value,
    holds,
)
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Enum
from dualprev_rules.lang.tree import Column, Const, Decide, Derived, Lookup, Node, Param, RuleState, walk
from dualprev_rules.pack.model import Expression, Rule, Ruleset
from dualprev_rules.problems import Words

MOST_WORK = 100_000
"""The work that trials of values may take, about two seconds: for each outcome judged anew, its causes."""


@dataclass(frozen=True, slots=True)
class Question:
    """A fact worth asking for, and how many open outcomes it can decide or is a cause of."""

    record: Record
    attribute: Attribute
    decided: tuple[Outcome, ...]
    """The open outcomes that it can decide by itself, as far as was tried."""
    causes: int
    tried: bool = True
    """False where so much is open that the values of this fact were not tried."""

    @property
    def decides(self) -> int | None:
        """How many open outcomes it can decide; None where that was not tried."""
        return len(self.decided) if self.tried else None

    @property
    def major(self) -> int | None:
        """How many of those that it can decide are about a major hidden hazard."""
        return sum(_is_major(outcome) for outcome in self.decided) if self.tried else None

    @property
    def path(self) -> str:
        """The path under which the fact is to be given."""
        return f"{self.record.path}.{self.attribute.name}"

    @property
    def label(self) -> Words:
        """What the fact is called."""
        return self.attribute.label

    @property
    def ask(self) -> Words | None:
        """The question as the pack words it, where it does."""
        return self.attribute.ask


def questions(
    reference: Reference,
    facts: Facts,
    outcomes: Iterable[Outcome],
    classifications: Iterable[tuple[str, Record, Value]],
) -> tuple[Question, ...]:
    """Rank the facts that open outcomes and open classifications rest on (semantics, ``missing``).

    Facts that can decide the most outcomes come first, major ones counting before others; then
    those that cause the most; then in checklist order. Values are tried of those that cause the most
    first; where ``MOST_WORK`` is done, the others are ranked by what they cause alone.
    """
    where = {f"{r.path}.{a}": (r, a) for r in facts.records() for a in r.entity.attributes}
    heirs = _heirs(facts)
    still_open = [o for o in outcomes if o.code == "undetermined" and not o.harmless]
    by_path: dict[str, list[Outcome]] = {}
    for outcome in still_open:
        for cause in sorted(outcome.causes):
            if cause.reason in ("missing", "data_problem"):
                by_path.setdefault(cause.path, []).append(outcome)
    for _, _, value in classifications:
        for cause in sorted(value.causes):
            if cause.reason in ("missing", "data_problem"):
                by_path.setdefault(cause.path, [])
    order = {path: index for index, path in enumerate(where)}
    asked = [(path, rests) for path, rests in by_path.items() if path in where]
    asked.sort(key=lambda one: (-sum(map(_is_major, one[1])), -len(one[1]), order[one[0]]))
    bounds = _Bounds(reference.ruleset)
    found: list[Question] = []
    work = 0
    for path, rests in asked:
        record, name = where[path]
        attribute = record.entity.attributes[name]
        tried = work < MOST_WORK
        deciding: list[Outcome] = []
        if tried:
            holders = ((record, name), *heirs.get(path, ()))
            deciding, done = _deciding(reference, holders, path, rests, bounds)
            work += done
        found.append(Question(record, attribute, tuple(deciding), len(rests), tried))
    found.sort(key=lambda q: (-(q.major or 0), -len(q.decided), -q.causes, order[q.path]))
    return tuple(found)


def _is_major(outcome: Outcome) -> bool:
    return outcome.rule.kind == "major_hidden_hazard"


def _heirs(facts: Facts) -> dict[str, list[tuple[Record, str]]]:
    """Return for the path of a fact the records below that have none of their own and take it over."""
    found: dict[str, list[tuple[Record, str]]] = {}
    for record in facts.records():
        if record.phantom:
            continue  # a record that may yet come rests on its list, and takes nothing over from it
        for attribute in record.entity.attributes.values():
            if attribute.inherits is not None:
                for cause in record.value(attribute.name).causes:
                    if cause.path != f"{record.path}.{attribute.name}":
                        found.setdefault(cause.path, []).append((record, attribute.name))
    return found


def _deciding(
    reference: Reference,
    holders: tuple[tuple[Record, str], ...],
    path: str,
    rests: list[Outcome],
    bounds: _Bounds,
) -> tuple[list[Outcome], int]:
    """Return the open outcomes that some value of the fact decides, with all else as it is, and the work."""
    record, name = holders[0]
    still_open = list(rests)
    found: list[Outcome] = []
    work = 0
    for tried in _trials(record, record.entity.attributes[name], bounds.of(rests)):
        if not still_open:
            break
        trial = reference.trial(dict.fromkeys(holders, tried), path)
        work += sum(len(outcome.causes) for outcome in still_open)
        left: list[Outcome] = []
        for outcome in still_open:
            # Where the list is whole, the further record that it might hold is not there.
            gone = outcome.record.cause is not None and outcome.record.cause.path == path
            settled = gone or trial.outcome(outcome.rule, outcome.record).code != "undetermined"
            (found if settled else left).append(outcome)
        still_open = left
    return found, work


def _trials(record: Record, attribute: Attribute, figures: list[Fraction]) -> Iterator[Value]:
    """Yield values of the fact to try: each member, the bounds of the rules and what lies beyond them."""
    possible = record.value(attribute.name).possible
    match possible:
        case Finite(values):
            yield from (decided(v) for v in values[:8])
        case Interval():
            ends = [end for end in (possible.low, possible.high) if end is not None]
            for figure in dict.fromkeys([*ends, *figures, *(f + 1 for f in figures), Fraction(10**9)]):
                if holds(possible, figure):
                    yield decided(figure)
        case Members(_, may):
            yield Value(Members(frozenset(), frozenset()))
            if isinstance(may, frozenset):
                for member in sorted(may):
                    yield Value(Members(frozenset((member,)), frozenset((member,))))
        case Items():
            yield Value(Items(possible.records))
        case frozenset():
            for member in sorted(cast("frozenset[Any]", possible), key=str):
                yield make(frozenset((member,)), frozenset())
        case _ if possible is EVERY_TEXT:
            of = attribute.type
            yield from map(decided, of.members if isinstance(of, Enum) else ("\u0000",))
        case _:
            return


class _Bounds:
    """The figures at which the conditions of rules change: constants, parameters, cells and columns."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset = ruleset
        self._of_rule: dict[str, frozenset[Fraction]] = {}
        self._of_definition: dict[tuple[str, str], frozenset[Fraction]] = {}

    def of(self, outcomes: list[Outcome]) -> list[Fraction]:
        """Return the figures of the rules of ``outcomes``, sorted, the most telling ones."""
        rules: Mapping[str, Rule] = {outcome.rule.id: outcome.rule for outcome in outcomes}
        found: set[Fraction] = set()
        for rule in rules.values():
            found |= self._rule(rule)
        return sorted(found)[:200]

    def _rule(self, rule: Rule) -> frozenset[Fraction]:
        if rule.id not in self._of_rule:
            parts = [e for e in (rule.applies, rule.violated, rule.unless) if e is not None]
            self._of_rule[rule.id] = self._figures(parts)
        return self._of_rule[rule.id]

    def _figures(self, expressions: list[Expression]) -> frozenset[Fraction]:
        found: set[Fraction] = set()
        for expression in expressions:
            for node in walk(expression.node):
                found |= self._node(node)
        return frozenset(found)

    def _node(self, node: Node) -> set[Fraction]:
        match node:
            case Const(value=Fraction() as value) | Param(value=Fraction() as value):
                return {value}
            case Decide(rows=rows):
                ends = {
                    end
                    for row in rows
                    for cell in row.cells.values()
                    for part in cell.ranges
                    for end in (part.low, part.high)
                }
                return {end for end in ends if end is not None}
            case Column(row=Lookup(table=table), name=name):
                cells = (row.cells.get(name) for row in self._ruleset.tables[table].rows)
                return {cell for cell in cells if isinstance(cell, Fraction)}
            case Derived(entity=entity, name=name):
                return set(self._definition(entity, name))
            case RuleState(rule=rule):
                return set(self._rule(self._ruleset.rules[rule]))
            case _:
                return set()

    def _definition(self, entity: str, name: str) -> frozenset[Fraction]:
        key = (entity, name)
        if key not in self._of_definition:
            definition = self._ruleset.definitions[key]
            parts = [e for e in (definition.when, definition.body) if e is not None]
            self._of_definition[key] = self._figures(parts)
        return self._of_definition[key]
