"""Rows of look-up tables and of decision tables as z3 expressions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from dualprev_rules.evaluate.lookup import NO_ROW, normalise
from dualprev_rules.evaluate.solver.backend import Bit, Real, all_of, any_of, either, exact, is_one, no
from dualprev_rules.evaluate.solver.world import Ghost, Open, Term, UnsupportedError, inside
from dualprev_rules.facts.types import Bool, Date, Enum, Number
from dualprev_rules.lang.tree import Cell, Column, Decide, Lookup, Node
from dualprev_rules.pack.model import Table, TableRow

if TYPE_CHECKING:
    from dualprev_rules.evaluate.solver.translate import Translation

Env = Mapping[str, Any]


class Found(NamedTuple):
    """The rows of a table with the condition under which each may be meant."""

    table: Table
    rows: list[tuple[Bit, TableRow]]
    nowhere: Bit = False
    """That all keys are known and none fits any row: a column may then be anything in its range."""


def look_up(to: Translation, node: Lookup, env: Env) -> Found:
    """Return the rows that keys fit and whose conditions hold."""
    table = to.ruleset.tables[node.table]
    if table.not_encoded is not None:
        return Found(table, [])
    terms = {name: to.value(key, env) for name, key in node.keys}
    holder = to.record(node.of, env)
    known = (id(to.ruleset), table.id, id(holder), *((name, _identity(term)) for name, term in terms.items()))
    # The terms are kept beside what they found: an identity is only theirs while they live.
    found, _ = to.world.looked_up.get(known) or (_look_up(to, node, terms, holder), terms)
    to.world.looked_up[known] = found, terms
    return found


def _identity(term: Term) -> object:
    return term.value if isinstance(term.value, int) else term.value.get_id()


def _look_up(to: Translation, node: Lookup, terms: Mapping[str, Term], holder: Ghost | None) -> Found:
    table = to.ruleset.tables[node.table]
    keys = {name: (key, terms[name]) for name, key in node.keys if name != table.row_key}
    fits = [_fitting(to, table, name, key, term) for name, (key, term) in keys.items()]
    every = [all_of(*row) for row in zip(*fits, strict=True)] if fits else [False] * len(table.rows)
    anyone = [any_of(*row) for row in zip(*fits, strict=True)] if fits else every
    agreed = any_of(*every) if len(fits) > 1 else True
    # Facts that contradict each other are asked for last: the reference leaves open what rests on them.
    to.world.sure.append(any_of(agreed, no(any_of(*anyone))))
    rows: list[tuple[Bit, TableRow]] = []
    for row, both, one in zip(table.rows, every, anyone, strict=True):
        fit = either(agreed, both, one)
        if row.when is not None and fit is not False:
            if holder is None:
                raise UnsupportedError("row of no record")
            fit = all_of(fit, to.bit(row.when.node, {"self": holder}))
        rows.append((fit, row))
    named = terms.get(table.row_key or "")
    if named is None:
        nowhere = all_of(no(any_of(*anyone)), *(no(term.absent) for _, term in keys.values()))
        return Found(table, rows, nowhere)
    there = no(named.absent)
    nowhere = all_of(there, to.world.spells(named.value, NO_ROW))
    found: list[tuple[Bit, TableRow]] = []
    for fit, row in rows:
        picked = all_of(there, to.world.spells(named.value, row.no))
        if fits:
            to.world.sure.append(any_of(no(picked), fit))
            to.world.sure.append(any_of(no(nowhere), no(fit)))
        found.append((any_of(picked, all_of(no(nowhere), fit)), row))
    return Found(table, found)


def _fitting(to: Translation, table: Table, name: str, key: Node, term: Term) -> list[Bit]:
    """Return for each row whether a key fits it."""
    index = table.index[name]
    members = key.type.members if isinstance(key.type, Enum) else ()
    texts = members or tuple(index)
    found: list[list[Bit]] = [[] for _ in table.rows]
    for text in texts:
        rows = index.get(normalise(text), ())
        if rows:
            is_key = (
                is_one(term.value, to.world.symbol(text)) if members else to.world.spells(term.value, text)
            )
            fits = all_of(no(term.absent), is_key)
            for row in rows:
                found[row].append(fits)
    return [any_of(*fits) for fits in found]


def column(to: Translation, node: Column, found: Found) -> Term:
    """Return a column of the rows that are meant: the figure of one of them."""
    rows = [(fit, row) for fit, row in found.rows if fit is not False]
    filled = [(fit, row.cells[node.name]) for fit, row in rows if row.cells.get(node.name) is not None]
    if len(filled) == 1 and filled[0][0] is True:
        return Term(_constant(to, filled[0][1]))
    value = to.world.free(node.type)
    if isinstance(value, dict):
        raise UnsupportedError("set in a table")
    absent = no(any_of(*(fit for fit, _ in filled)))
    one = any_of(*(all_of(fit, value == _constant(to, cell)) for fit, cell in filled))
    to.world.bound.append(either(absent, inside(value, node.within) if _numeric(node) else True, one))
    if found.nowhere is not False:
        within = node.within if isinstance(node.type, Number | Date) else None
        to.world.open.append(Open(value, node.type, within, found.nowhere))
        to.world.sure.append(no(found.nowhere))
    first = next((name for name, kind in found.table.columns.items() if isinstance(kind, Number)), "")
    if found.table.on_tie is not None and node.name == first:
        least = found.table.on_tie == "min"
        for fit, cell in filled:
            best = value <= exact(cell) if least else value >= exact(cell)
            to.world.bound.append(any_of(no(fit), best))
    to.world.lacks(absent)
    return Term(value, absent)


def _numeric(node: Column) -> bool:
    return isinstance(node.type, Number)


def _constant(to: Translation, value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return to.world.symbol(value) if isinstance(value, str) else exact(Fraction(value))


def decide(to: Translation, node: Decide, env: Env) -> Term:
    """Return what a decision table gives."""
    inputs = {column.name: (column.node, to.value(column.node, env)) for column in node.inputs}
    fits = [
        all_of(*(_matches(to, cell, *inputs[name]) for name, cell in row.cells.items())) for row in node.rows
    ]
    if node.hit == "collect" and node.collect == "count":
        return Term(_sum([either(fit, exact(Fraction(1)), exact(Fraction(0))) for fit in fits]))
    outputs = [to.value(row.then, env) for row in node.rows]
    default = to.value(node.default.then, env) if node.default is not None else None
    nowhere = no(any_of(*fits))
    if node.hit == "collect" and node.collect == "sum":
        zero = exact(Fraction(0))
        total = _sum([either(fit, o.value, zero) for fit, o in zip(fits, outputs, strict=True)])
        return _or_default(to, node, nowhere, Term(total), default)
    value = to.world.free(node.type)
    if isinstance(value, dict):
        raise UnsupportedError("set from a table")
    ones: list[Bit] = []
    before: Bit = False
    for fit, output in zip(fits, outputs, strict=True):
        first = all_of(fit, no(before)) if node.hit == "first" else fit
        ones.append(all_of(first, value == output.value))
        before = any_of(before, fit)
    to.world.bound.append(any_of(nowhere, *ones))
    if node.hit in ("collect", "priority"):
        _best(to, node, value, fits, outputs)
    absent = any_of(*(all_of(fit, output.absent) for fit, output in zip(fits, outputs, strict=True)))
    return _or_default(to, node, nowhere, Term(value, absent), default)


def _or_default(to: Translation, node: Decide, nowhere: Bit, found: Term, default: Term | None) -> Term:
    if default is not None:
        absent = either(nowhere, default.absent, found.absent)
        return Term(either(nowhere, default.value, found.value), absent)
    absent = any_of(nowhere, found.absent)
    to.world.lacks(absent)
    return Term(either(nowhere, to.world.free(node.type), found.value), absent)


def _best(to: Translation, node: Decide, value: Real, fits: list[Bit], outputs: list[Term]) -> None:
    """Bind a value to the first in order of all outputs whose rows match; ordered here are numbers only."""
    if not isinstance(node.type, Number):
        _first_member(to, node, value, fits)
        return
    for fit, output in zip(fits, outputs, strict=True):
        better = value >= output.value if node.collect == "max" else value <= output.value
        to.world.bound.append(any_of(no(fit), better))


def _first_member(to: Translation, node: Decide, value: Real, fits: list[Bit]) -> None:
    members: tuple[str, ...] = getattr(node.type, "members", ())
    order = [*node.priority, *(member for member in members if member not in node.priority)]
    if any(row.text.strip("'\"") not in order for row in node.rows) or isinstance(node.type, Bool):
        raise UnsupportedError("priority")
    for fit, row in zip(fits, node.rows, strict=True):
        allowed = order[: order.index(row.text.strip("'\"")) + 1]
        to.world.bound.append(any_of(no(fit), *(value == to.world.symbol(m) for m in allowed)))


def _sum(terms: list[Real]) -> Real:
    return reduce(lambda a, b: a + b, terms, exact(Fraction(0)))


def _matches(to: Translation, cell: Cell, of: Node, term: Term) -> Bit:
    if isinstance(of.type, Bool):
        met = any_of(*(term.value if member is True else no(term.value) for member in cell.members))
    elif cell.members or not cell.ranges:
        met = any_of(*(term.value == to.world.symbol(str(member)) for member in cell.members))
    else:
        met = any_of(*(inside(term.value, part) for part in cell.ranges))
    return all_of(no(term.absent), no(met) if cell.negated else met)
