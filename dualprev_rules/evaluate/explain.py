"""Why an outcome is what it is: the recorded trace, cut to what decided it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from dualprev_rules.evaluate.outcome import Outcome
from dualprev_rules.evaluate.reference import Reference, Step
from dualprev_rules.evaluate.render import render
from dualprev_rules.evaluate.values import EITHER, truth
from dualprev_rules.facts.possible import Absent, Value
from dualprev_rules.facts.record import Fact, Record
from dualprev_rules.facts.types import Bool
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
    Var,
)
from dualprev_rules.pack.model import Citation, Definition, Expression, Rule, Table, TableRow
from dualprev_rules.problems import Words

MOST_SHOWN = 30
"""A list longer than this is cut in an explanation; the outcome always rests on all of it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One node of an explanation.

    ``what`` is the text as the pack has it, ``value`` as JSON. A fact has its ``path`` and ``fact``;
    a definition has ``see``, the key under which the result explains it once; a look-up its rows.
    """

    what: str
    value: Any
    label: Words | None = None
    called: Words | None = None
    """What the member that a fact is is called."""
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
        self._traces: dict[tuple[int, Record], Step] = {}
        self._assumed: dict[tuple[str, Record], frozenset[str]] = {}

    def outcome(self, outcome: Outcome) -> tuple[Reason, ...]:
        """Return the reasons of an outcome: applicability, breach and exception, as far as each matters."""
        rule, record = outcome.rule, outcome.record
        parts: list[Reason] = []
        for name, expression in (
            ("dated", rule.dated),
            ("applies", rule.applies),
            ("violated", rule.violated),
            ("unless", rule.unless),
        ):
            if expression is None:
                continue
            reason, value = self._trace(expression, record, name)
            parts.append(reason)
            if name in ("dated", "applies") and truth(value) == frozenset((False,)):
                return (reason,)
            if name == "violated" and truth(value) == frozenset((False,)):
                break
        return tuple(parts)

    def definition(self, definition: Definition, record: Record) -> tuple[Reason, ...]:
        """Return the reasons of a derived value."""
        if definition.not_encoded is not None:
            return (Reason(definition.not_encoded, None, citations=definition.citations),)
        parts = [e for e in (definition.when, definition.body) if e is not None]
        return tuple(self._trace(expression, record, None)[0] for expression in parts)

    def assumed(self, rule: Rule, record: Record) -> tuple[str, ...]:
        """Return the paths of the lists that were taken as whole in judging ``record`` by ``rule``."""
        expressions = [e for e in (rule.applies, rule.violated, rule.unless) if e is not None]
        return tuple(sorted(self._assumed_in(expressions, record)))

    def _assumed_in(self, expressions: Iterable[Expression], record: Record) -> frozenset[str]:
        found: set[str] = set()
        for expression in expressions:
            for step in _all(self._steps(expression, record)):
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

    def _steps(self, expression: Expression, record: Record) -> Step:
        key = (id(expression), record)
        if key not in self._traces:
            self._traces[key] = self._reference.trace(expression, record)
        return self._traces[key]

    def _trace(self, expression: Expression, record: Record, name: str | None) -> tuple[Reason, Value]:
        step = self._steps(expression, record)
        reason = _reason(step)
        if name is not None:
            shown = render(step.value, expression.node.type)
            inner = reason if reason.because or reason.path or reason.see else None
            reason = Reason(expression.text, shown, label=_PART[name], because=(inner,) if inner else ())
            if inner is not None and inner.what == expression.text and not inner.path and not inner.see:
                reason = replace(reason, because=inner.because, rows=inner.rows)
        return reason, step.value


_PART = {
    "dated": Words("适用日期", "dated"),
    "applies": Words("适用", "applies"),
    "violated": Words("违反", "violated"),
    "unless": Words("除非", "unless"),
}


def _all(step: Step) -> Iterable[Step]:
    yield step
    for inner in step.steps:
        yield from _all(inner)


def _text(step: Step) -> str:
    text = step.expression.text if step.expression is not None else ""
    part = text[step.node.span.start : step.node.span.end]
    return part or text


def _reason(step: Step) -> Reason:
    """Return the reason that a step is, its operands cut to those that decided it."""
    node, value = step.node, step.value
    shown = render(value, node.type)
    what = _text(step)
    special = _SPECIAL.get(type(node))
    if special is not None:
        return special(step, what, shown)
    operands = [inner for inner in _taken(step) if not isinstance(inner.node, _SILENT)]
    if isinstance(node, Logic | Quantify):
        operands = _decisive(node, value, operands)
    left_out = max(0, len(operands) - MOST_SHOWN)
    inner = tuple(_reason(each) for each in operands[:MOST_SHOWN])
    return Reason(what, shown, left_out=left_out, because=_folded(inner))


def _folded(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Leave out reasons that say nothing by themselves: operators over figures."""
    return tuple(
        reason
        for reason in reasons
        if reason.because or reason.path or reason.see or reason.rows or reason.label
    )


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
    still_open: list[Step] = []
    if isinstance(node, Quantify):
        # What it goes over matters by itself only where more may come.
        over, *operands = operands
        still_open = [over] if outcome == EITHER and not over.value.known else []
    conditions = [step for step in operands if isinstance(step.node.type, Bool)]
    if outcome == EITHER:
        kept = [step for step in conditions if truth(step.value) == EITHER]
    else:
        kept = [step for step in conditions if truth(step.value) == outcome]
    return still_open + (kept or operands)


def _fact(step: Step, what: str, shown: Any) -> Reason:
    node = step.node
    assert isinstance(node, Get)
    holders = [record for record in step.note or () if isinstance(record, Record)]
    if len(holders) != 1:
        return Reason(what, shown, because=_folded(tuple(_reason(inner) for inner in step.steps)))
    (record,) = holders
    attribute = record.entity.attributes[node.name]
    called = attribute.member_labels.get(shown) if isinstance(shown, str) else None
    path = f"{record.path}.{node.name}"
    return Reason(what, shown, attribute.label, called, path, record.fact(node.name))


def _definition(step: Step, what: str, shown: Any) -> Reason:
    if step.note is None:
        return Reason(what, shown)
    definition, record = step.note
    see = f"{record.short}.{definition.name}"
    return Reason(what, shown, definition.label, see=see, citations=definition.citations)


def _column(step: Step, what: str, shown: Any) -> Reason:
    row = step.steps[0]
    rows: tuple[tuple[str, TableRow], ...] = ()
    citations: tuple[Citation, ...] = ()
    if row.note is not None:
        table: Table = row.note[0]
        rows = tuple((table.id, each) for each in (row.value.possible or ())[:MOST_SHOWN])
        citations = table.citations
    keys = [inner for inner in row.steps if not isinstance(inner.node, _SILENT)]
    inner = _folded(tuple(_reason(key) for key in keys))
    return Reason(what, shown, rows=rows, citations=citations, because=inner)


def _rule(step: Step, what: str, shown: Any) -> Reason:
    outcome: Outcome | None = step.note
    if outcome is None:
        return Reason(what, shown)
    rule = outcome.rule
    return Reason(what, shown, rule.title, see=f"{outcome.record.short}: {rule.id}", citations=rule.citations)


def _table(step: Step, what: str, shown: Any) -> Reason:
    """Return the rows of a decision table that match, with the inputs compared and the outputs taken."""
    node = step.node
    assert isinstance(node, Decide)
    # One output may be taken by several combinations of inputs.
    shown_once = {id(each.node): each for each in step.steps if not isinstance(each.node, _SILENT)}
    inner = _folded(tuple(_reason(each) for each in shown_once.values()))
    fits: frozenset[frozenset[int]] = frozenset(step.note or ())
    rows: list[str] = []
    for fit in sorted(fits, key=sorted):
        for position in sorted(fit):
            cells = node.rows[position].cells.items()
            rows.append(", ".join(f"{name} {cell.text}" for name, cell in cells))
    named = " | ".join(dict.fromkeys(row for row in rows if row))
    return Reason(named or what, shown, because=inner)


_SILENT = (Const, Var, AsOf, Climb, Param)
_SPECIAL: dict[type[Node], Callable[[Step, str, Any], Reason]] = {
    Get: _fact,
    Derived: _definition,
    Column: _column,
    RuleState: _rule,
    Decide: _table,
}
