"""Why an outcome is what it is: the recorded trace, cut to what decided it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dualprev_rules.evaluate.members import MemberNames
from dualprev_rules.evaluate.outcome import Outcome
from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.render import render, unit_name
from dualprev_rules.evaluate.trace import Step
from dualprev_rules.evaluate.values import EITHER, truth
from dualprev_rules.facts.possible import Absent, Value
from dualprev_rules.facts.record import Fact, Facts, Record
from dualprev_rules.facts.types import Bool, Enum, Number, SetOf
from dualprev_rules.lang.tree import (
    AsOf,
    Call,
    Choose,
    Climb,
    Column,
    Const,
    Decide,
    Derived,
    Get,
    Logic,
    Node,
    Param,
    Quantify,
    RuleState,
    Scale,
    Var,
)
from dualprev_rules.pack.model import Citation, Definition, Expression, Parameter, Rule, Table, TableRow
from dualprev_rules.problems import Words

MOST_SHOWN = 30
"""A list longer than this is cut in an explanation; the outcome always rests on all of it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One node of an explanation.

    ``what`` is the text as the pack has it, ``value`` as JSON, in ``unit``. A fact has its ``path`` and
    ``fact``; a definition has ``see``, the key under which the result explains it once; a look-up its rows.
    """

    what: str
    value: Any
    unit: str = ""
    label: Words | None = None
    called: Mapping[str, Words] | None = None
    """What the members in ``value`` are called."""
    before: tuple[Any, str] | None = None
    """Value and unit of which ``value`` is the conversion."""
    path: str | None = None
    fact: Fact | None = None
    see: str | None = None
    rows: tuple[tuple[str, TableRow], ...] = ()
    citations: tuple[Citation, ...] = ()
    left_out: int = 0
    because: tuple[Reason, ...] = ()


class Explainer:
    """Explains outcomes and definitions of one reference evaluation; shares what it has computed."""

    def __init__(self, reference: Reference) -> None:
        # The copy shares what the reference has computed: only the expression asked for runs again.
        self._reference = replace(reference, tracing=True)
        self._names = MemberNames(reference.ruleset)
        self._assumed: dict[tuple[str, Record], frozenset[str]] = {}

    def evaluate(self, facts: Facts) -> None:
        """Evaluate every rule and definition of all records with their traces, where all are explained.

        Explaining what was evaluated without a trace evaluates it a second time.
        """
        rules: dict[str, list[Rule]] = {}
        definitions: dict[str, list[Definition]] = {}
        for rule in self._reference.ruleset.rules.values():
            if rule.standing != "covered":
                rules.setdefault(rule.entity, []).append(rule)
        for definition in self._reference.ruleset.definitions.values():
            definitions.setdefault(definition.entity, []).append(definition)
        for record in facts.records():
            for rule in rules.get(record.entity.name, ()):
                self._reference.outcome(rule, record)
            if not record.phantom:
                for definition in definitions.get(record.entity.name, ()):
                    self._reference.define(definition, record)

    def outcome(self, outcome: Outcome) -> tuple[Reason, ...]:
        """Return the reasons of an outcome: applicability, breach and exception, as far as each matters."""
        rule, record = outcome.rule, outcome.record
        teller = _Teller(self._names, rule.parameters)
        parts: list[Reason] = []
        for name, expression in (
            ("dated", rule.dated),
            ("applies", rule.applies),
            ("violated", rule.violated),
            ("unless", rule.unless),
        ):
            if expression is None:
                continue
            step = self._reference.trace(expression, record)
            head = "doubtful" if name == "violated" and rule.kind == "data_check" else name
            reason = _headed(teller.tell(step), expression, _PART[head])
            parts.append(reason)
            if name in ("dated", "applies") and truth(step.value) == _NO:
                return (reason,)
            if name == "violated" and truth(step.value) == _NO:
                break
        return tuple(parts)

    def definition(self, definition: Definition, record: Record) -> tuple[Reason, ...]:
        """Return the reasons of a derived value."""
        if definition.not_encoded is not None:
            return (Reason(definition.not_encoded, None, citations=definition.citations),)
        parts = [e for e in (definition.when, definition.body) if e is not None]
        teller = _Teller(self._names, {})
        return tuple(teller.tell(self._reference.trace(expression, record)) for expression in parts)

    def called(self, definition: Definition, shown: Any) -> Mapping[str, Words] | None:
        """Return what the members in a derived value are called."""
        return self._names.within(shown, definition.type, definition.member_labels)

    def assumed(self, rule: Rule, record: Record) -> tuple[str, ...]:
        """Return the paths of the lists that were taken as whole in judging ``record`` by ``rule``."""
        expressions = [e for e in (rule.applies, rule.violated, rule.unless) if e is not None]
        return tuple(sorted(self._assumed_in(expressions, record)))

    def _assumed_in(self, expressions: Iterable[Expression], record: Record) -> frozenset[str]:
        found: set[str] = set()
        for expression in expressions:
            for step in _all(self._reference.trace(expression, record)):
                node = step.node
                if isinstance(node, Get):
                    for holder in step.note or ():
                        if isinstance(holder, Record) and holder.fact(node.name).assumed_complete:
                            found.add(f"{holder.path}.{node.name}")
                elif isinstance(node, Derived) and step.note is not None:
                    found |= self._assumed_of(*step.note)
        return frozenset(found)

    def _assumed_of(self, definition: Definition, record: Record) -> frozenset[str]:
        key = (definition.id, record)
        if key not in self._assumed:
            parts = [e for e in (definition.when, definition.body) if e is not None]
            self._assumed[key] = self._assumed_in(parts, record)
        return self._assumed[key]


def _headed(reason: Reason, expression: Expression, part: Words) -> Reason:
    """Put the part of the rule above what it rests on; a condition that is the whole part stands once."""
    head = Reason(expression.text, reason.value, label=part)
    if reason.path or reason.see:
        return replace(head, because=(reason,))
    if reason.what == expression.text:
        return replace(head, because=reason.because, rows=reason.rows, citations=reason.citations)
    return replace(head, because=(reason,) if reason.because else ())


_NO = frozenset((False,))
EXCEPTION = Words("除非", "unless")
"""The label of the reason that is the exception of a rule."""
_PART = {
    "dated": Words("文件适用", "binding"),
    "applies": Words("适用", "applies"),
    "violated": Words("违反", "violated"),
    "doubtful": Words("存疑", "doubtful"),
    "unless": EXCEPTION,
}


def _all(step: Step) -> Iterable[Step]:
    waiting = [step]
    while waiting:
        found = waiting.pop()
        yield found
        waiting += found.steps


def _text(step: Step) -> str:
    text = step.expression.text if step.expression is not None else ""
    part = text[step.node.span.start : step.node.span.end]
    return part or text


def _taken(step: Step) -> list[Step]:
    """Return the operands that the value was taken from: the branch chosen, the first that has a value."""
    if isinstance(step.node, Choose):
        condition, then, otherwise = step.steps
        met = truth(condition.value)
        return step.steps if met == EITHER else [condition, then if True in met else otherwise]
    if isinstance(step.node, Call) and step.node.function == "coalesce":
        taken: list[Step] = []
        for operand in step.steps:
            taken.append(operand)
            if operand.value.absent is Absent.NEVER:
                break
        return taken
    return step.steps


def _decisive(node: Logic | Quantify, value: Value, operands: list[Step]) -> list[Step]:
    """Keep the operands that settle the result: the false ones of a false ``and``, and so on."""
    outcome = truth(value)
    given: list[Step] = []
    if isinstance(node, Quantify):
        # What it goes over matters by itself where more may come, and where no member is a record to show.
        over, *operands = operands
        alone = not operands or isinstance(over.node.type, SetOf)
        given = [over] if (not over.value.known if outcome == EITHER else alone) else []
    conditions = [step for step in operands if isinstance(step.node.type, Bool)]
    if outcome == EITHER:
        kept = [step for step in conditions if truth(step.value) == EITHER]
    else:
        kept = [step for step in conditions if truth(step.value) == outcome]
    return given + (kept or operands)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Makes reasons of the recorded steps of one expression."""

    names: MemberNames
    parameters: Mapping[str, Parameter]

    def tell(self, step: Step) -> Reason:
        """Return the reason that a step is, its operands cut to those that decided it."""
        special = _SPECIAL.get(type(step.node))
        if special is not None:
            return special(self, step)
        operands = [inner for inner in _taken(step) if not isinstance(inner.node, _SILENT)]
        if isinstance(step.node, Logic | Quantify):
            operands = _decisive(step.node, step.value, operands)
        left_out = max(0, len(operands) - MOST_SHOWN)
        return self._reason(step, because=self._all(operands[:MOST_SHOWN]), left_out=left_out)

    def _reason(
        self, step: Step, *, labels: Mapping[str, Words] | None = None, what: str = "", **more: Any
    ) -> Reason:
        kind = step.node.type
        shown = render(step.value, kind)
        if isinstance(kind, Number):
            return Reason(what or _text(step), shown, unit_name(kind), **more)
        if isinstance(kind, Enum | SetOf):
            more["called"] = self.names.within(shown, kind, labels)
        return Reason(what or _text(step), shown, **more)

    def _all(self, steps: Iterable[Step]) -> tuple[Reason, ...]:
        """Return the reasons of steps, without those that say nothing: operators over figures."""
        reasons = [self.tell(step) for step in steps]
        return tuple(r for r in reasons if r.because or r.path or r.see or r.rows or r.label)

    def _fact(self, step: Step) -> Reason:
        node = step.node
        assert isinstance(node, Get)
        holders = [record for record in step.note or () if isinstance(record, Record)]
        if len(holders) != 1:
            return self._reason(step, because=self._all(step.steps))
        (record,) = holders
        attribute = record.entity.attributes[node.name]
        return self._reason(
            step,
            labels=attribute.member_labels,
            label=attribute.label,
            path=f"{record.path}.{node.name}",
            fact=record.fact(node.name),
        )

    def _definition(self, step: Step) -> Reason:
        if step.note is None:
            return self._reason(step)
        definition, record = step.note
        return self._reason(
            step,
            labels=definition.member_labels,
            label=definition.label,
            see=f"{record.short}.{definition.name}",
            citations=definition.citations,
        )

    def _parameter(self, step: Step) -> Reason:
        """Return a figure of the rule, under the clause that states it."""
        node = step.node
        assert isinstance(node, Param)
        declared = self.parameters.get(node.name)
        label = (declared.label if declared is not None else None) or Words(node.name, node.name)
        cite = (declared.cite,) if declared is not None and declared.cite is not None else ()
        return self._reason(step, label=label, citations=cite)

    def _conversion(self, step: Step) -> Reason:
        """Return what is brought to another unit, before and after: 300 kg = 0.3 t."""
        (of,) = step.steps
        inner = self.tell(of)
        kind = step.node.type
        assert isinstance(kind, Number)
        return replace(
            inner, value=render(step.value, kind), unit=unit_name(kind), before=(inner.value, inner.unit)
        )

    def _column(self, step: Step) -> Reason:
        row = step.steps[0]
        rows: tuple[tuple[str, TableRow], ...] = ()
        citations: tuple[Citation, ...] = ()
        if row.note is not None:
            table: Table = row.note[0]
            rows = tuple((table.id, each) for each in (row.value.possible or ())[:MOST_SHOWN])
            citations = table.citations
        keys = [inner for inner in row.steps if not isinstance(inner.node, _SILENT)]
        return self._reason(step, rows=rows, citations=citations, because=self._all(keys))

    def _rule(self, step: Step) -> Reason:
        outcome: Outcome | None = step.note
        if outcome is None:
            return self._reason(step)
        rule = outcome.rule
        see = f"{outcome.record.short}: {rule.id}"
        return self._reason(step, label=rule.title, see=see, citations=rule.citations)

    def _table(self, step: Step) -> Reason:
        """Return the rows of a decision table that match, with the inputs compared and the outputs taken."""
        node = step.node
        assert isinstance(node, Decide)
        # One output may be taken by several combinations of inputs.
        shown_once = {id(each.node): each for each in step.steps if not isinstance(each.node, _SILENT)}
        fits: frozenset[frozenset[int]] = frozenset(step.note or ())
        rows: list[str] = []
        for fit in sorted(fits, key=sorted):
            for position in sorted(fit):
                cells = node.rows[position].cells.items()
                rows.append(", ".join(f"{name} {cell.text}" for name, cell in cells))
        named = " | ".join(dict.fromkeys(row for row in rows if row))
        return self._reason(step, what=named, because=self._all(shown_once.values()))


_SILENT = (Const, Var, AsOf, Climb)
_SPECIAL: dict[type[Node], Callable[[_Teller, Step], Reason]] = {
    Get: _Teller._fact,  # pyright: ignore[reportPrivateUsage]
    Derived: _Teller._definition,  # pyright: ignore[reportPrivateUsage]
    Param: _Teller._parameter,  # pyright: ignore[reportPrivateUsage]
    Scale: _Teller._conversion,  # pyright: ignore[reportPrivateUsage]
    Column: _Teller._column,  # pyright: ignore[reportPrivateUsage]
    RuleState: _Teller._rule,  # pyright: ignore[reportPrivateUsage]
    Decide: _Teller._table,  # pyright: ignore[reportPrivateUsage]
}
