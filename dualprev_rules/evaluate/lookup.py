"""Look-ups: the rows that keys fit, the conditions of rows, and what a column of them may be."""

from __future__ import annotations

import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.values import FALSE, TRUE, make, truth
from dualprev_rules.facts.possible import EVERY_NUMBER, Absent, Cause, Value, finite
from dualprev_rules.facts.types import Number
from dualprev_rules.lang.tree import Column, Lookup
from dualprev_rules.pack.model import Table, TableRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dualprev_rules.evaluate.reference import Reference


def normalise(text: str) -> str:
    """Return the form in which keys are compared: NFKC, trimmed, without case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def look_up(reference: Reference, node: Lookup, env: Mapping[str, Value]) -> Value:
    """Return the rows that are possible, as a value (semantics, *Operations*, ``lookup``)."""
    table = reference.ruleset.tables[node.table]
    if table.not_encoded is not None:
        return Value(None, Absent.SURELY, frozenset((Cause(table.not_encoded, "not_encoded"),)))
    holder = reference.value(node.of, env)
    keys = {name: reference.value(key, env) for name, key in node.keys}
    (record,) = holder.possible or env["self"].possible
    gap = frozenset((Cause(f"{record.path}: {table.id}", "gap"),))
    row_key = keys.pop(table.row_key, None) if table.row_key is not None else None
    if row_key is not None and row_key.known:
        return _picked(table, next(iter(row_key.possible)), gap)
    found, open_keys, absent = _fitting(table, keys)
    causes = frozenset[Cause]().union(*(value.causes for value in open_keys))
    if row_key is not None and causes:
        causes |= row_key.causes
    reference.note((table, found))
    if not found:
        return Value(None, Absent.SURELY, causes or gap)
    sure: list[TableRow] = []
    maybe: list[TableRow] = []
    for row in found:
        met = Value(TRUE) if row.when is None else reference.run(row.when, {"self": Value((record,))})
        if truth(met) == TRUE:
            sure.append(row)
        elif truth(met) != FALSE:
            maybe.append(row)
            causes |= met.causes | (row_key.causes if row_key is not None else frozenset())
    if open_keys:
        possible = (*sure, *maybe)
        return Value(possible, absent, causes) if possible else Value(None, Absent.SURELY, causes)
    known = {name: str(next(iter(value.possible))) for name, value in keys.items() if value.known}
    if sure and disagree(table, known):
        # Two keys name two things: what ties within one reading decides nothing between both.
        doubt = {Cause(f"{record.path}.{name}", "data_problem") for name in known}
        return make((*sure, *maybe), causes | doubt)
    if sure:
        possible = _tied(table, sure, maybe)
        return make(possible, causes)
    if maybe:
        # None of the conditions may hold in the end; what else the rows could be stays in bounds.
        return Value(tuple(maybe), Absent.POSSIBLY, causes, tuple(found))
    return Value(None, Absent.SURELY, gap, tuple(found))


def _picked(table: Table, no: str, gap: frozenset[Cause]) -> Value:
    """Return the row that was named itself; any other name says that no row of this table fits."""
    for row in table.rows:
        if normalise(row.no) == normalise(no):
            return Value((row,))
    return Value(None, Absent.SURELY, gap)


def _fitting(table: Table, keys: dict[str, Value]) -> tuple[list[TableRow], list[Value], Absent]:
    """Return the rows that the keys fit, the open keys that this rests on, and whether there may be none."""
    fits: list[set[int]] = []
    open_keys: list[Value] = []
    may_be: set[int] = set()
    may_miss = False
    for name, value in keys.items():
        index = table.index[name]
        if value.known:
            (text,) = value.possible
            rows = set(index.get(normalise(str(text)), ()))
            if rows:
                fits.append(rows)
            continue
        open_keys.append(value)
        if value.absent or not isinstance(value.possible, frozenset):
            may_be |= set(range(len(table.rows)))
            may_miss = True
            continue
        for text in value.possible:
            rows = set(index.get(normalise(str(text)), ()))
            may_be |= rows
            may_miss = may_miss or not rows
    if fits:
        chosen = set.intersection(*fits) or set.union(*fits)
        return [table.rows[i] for i in sorted(chosen)], [], Absent.NEVER
    if not open_keys:
        return [], [], Absent.SURELY
    absent = Absent.POSSIBLY if may_miss or len(keys) > 1 else Absent.NEVER
    return [table.rows[i] for i in sorted(may_be)], open_keys, absent


def disagree(table: Table, keys: dict[str, str]) -> bool:
    """True where two known keys fit rows that have none in common: name and CAS name two things."""
    fits = [set(table.index[name].get(normalise(text), ())) for name, text in keys.items()]
    found = [rows for rows in fits if rows]
    return len(found) > 1 and not set.intersection(*found)


def _tied(table: Table, sure: list[TableRow], maybe: list[TableRow]) -> tuple[TableRow, ...]:
    """Return the rows possible where one surely matches: by ``on_tie`` a further one counts if it is better."""
    if table.on_tie is None:
        return (*sure, *maybe)
    column = next(name for name, kind in table.columns.items() if isinstance(kind, Number))
    sign = 1 if table.on_tie == "min" else -1

    def figure(row: TableRow) -> Fraction:
        return sign * row.cells[column]

    best = min(sure, key=figure)
    return (best, *(row for row in maybe if figure(row) < figure(best)))


def column(node: Column, rows: Value) -> Value:
    """Return a column of the row: its figure, or all that the possible rows have there.

    Rows that were found by key and whose conditions are open or all false stay within their own
    figures; where no row was found, or any may be, the column's declared range holds.
    """
    from dualprev_rules.evaluate.reference import every_of

    numeric = isinstance(node.type, Number)
    within = _cells(rows.within, node.name, numeric) if rows.within else None
    if within is None:
        within = node.within if numeric else every_of(node.type, EVERY_NUMBER)
    possible = _cells(rows.possible, node.name, numeric) if rows.possible else None
    if possible is None:
        return Value(None, Absent.SURELY, rows.causes or frozenset((_blank(node, rows),)), within)
    absent = rows.absent
    if any(row.cells.get(node.name) is None for row in rows.possible):
        absent = max(absent, Absent.POSSIBLY)
    return make(possible, rows.causes or frozenset((_blank(node, rows),)), absent, within)


def _blank(node: Column, rows: Value) -> Cause:
    """Return the cause of a cell that the table leaves blank."""
    row = f"[{rows.possible[0].no}]" if rows.possible else ""
    return Cause(f"{getattr(node.row, 'table', '')}{row}.{node.name}", "gap")


def _cells(rows: tuple[TableRow, ...], name: str, numeric: bool) -> Any:
    cells = [row.cells[name] for row in rows if row.cells.get(name) is not None]
    if not cells:
        return None
    return finite(cells) if numeric else frozenset(cells)
