"""Look-ups: the rows that keys fit, the conditions of rows, and what a column of them may be."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from dualprev_rules.evaluate.values import EITHER, NO_CAUSES, TRUE, make, truth
from dualprev_rules.facts.possible import EVERY_TEXT, Absent, Cause, Value, finite
from dualprev_rules.facts.types import Date, Number, Rec
from dualprev_rules.lang.tree import Column, Derived, Get, Lookup, Node, Var, walk
from dualprev_rules.pack.model import Table, TableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dualprev_rules.evaluate.reference import Reference
    from dualprev_rules.facts.record import Record
    from dualprev_rules.facts.schema import Schema


def normalise(text: str) -> str:
    """Return the form in which keys are compared: NFKC, trimmed, without case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


NO_ROW = "none"
"""What the key of a row says where none of the table is meant."""


def look_up(reference: Reference, node: Lookup, env: Mapping[str, Value]) -> Value:
    """Return the rows that are possible, as a value (semantics, *Operations*, ``lookup``)."""
    table = reference.ruleset.tables[node.table]
    if table.not_encoded is not None:
        return Value(None, Absent.SURELY, frozenset((Cause(table.not_encoded, "not_encoded"),)))
    holder = reference.value(node.of, env)
    keys = {name: reference.value(key, env) for name, key in node.keys}
    (record,) = holder.possible if holder.known else env["self"].possible
    gap = frozenset((Cause(f"{record.path}: {table.id}", "gap"),))
    row_key = keys.pop(table.row_key, None) if table.row_key is not None else None
    if row_key is not None and row_key.known:
        picked = row_named(table, next(iter(row_key.possible)), gap)
        if picked is None:
            return _searched(reference, node, keys, holder, record, gap)
        exact, met = _judged(reference, node, holder, record)
        fact = frozenset((Cause(f"{record.path}.{row_fact(table, node)}", "data_problem"),))
        if not contradicted(table, keys, picked, exact, met):
            found = with_sure(table, keys, picked, met)
            return found if found is picked else replace(found, causes=fact)
        rows = _searched(reference, node, keys, holder, record, gap)
        return both(rows, picked, fact, overruled=overruled(table, keys, exact))
    if row_key is not None and not keys and row_key.absent is not Absent.SURELY:
        return row_may_be(table, row_key)
    rows = _searched(reference, node, keys, holder, record, gap)
    if row_key is None or rows.known or rows.absent is Absent.SURELY:
        return rows
    return replace(rows, causes=rows.causes | row_key.causes)


def row_refused(
    reference: Reference, node: Lookup, env: Mapping[str, Value]
) -> Literal["both", "ignored", "tied"] | None:
    """Return what becomes of the row that a record names where it is none, or not that of its other keys."""
    table = reference.ruleset.tables[node.table]
    keys = {name: reference.value(key, env) for name, key in node.keys}
    row_key = keys.pop(table.row_key, None) if table.row_key is not None else None
    holder = reference.value(node.of, env)
    given = isinstance(dict(node.keys).get(table.row_key or ""), Get)
    if row_key is None or not given or not row_key.known or not holder.known:
        return None
    picked = row_named(table, next(iter(row_key.possible)), NO_CAUSES)
    if picked is None:
        return "ignored"
    exact, met = _judged(reference, node, holder, holder.possible[0])
    if not contradicted(table, keys, picked, exact, met):
        heard = picked.absent or with_sure(table, keys, picked, met).possible == picked.possible
        return None if heard else "tied"
    return "ignored" if picked.absent is Absent.SURELY and overruled(table, keys, exact) else "both"


def row_fact(table: Table, node: Lookup) -> str:
    """Return the name of the fact that names a row."""
    key = dict(node.keys)[table.row_key or ""]
    return key.name if isinstance(key, Get | Derived) else table.row_key or ""


def _judged(
    reference: Reference, node: Lookup, holder: Value, record: Record
) -> tuple[frozenset[str], Callable[[TableRow], bool | None]]:
    """Return the keys that identify a thing exactly, and how a row's condition is judged."""

    def met(row: TableRow) -> bool | None:
        found = truth(_condition(reference, row, holder, record))
        return None if found == EITHER else found == TRUE

    return identifiers(reference.ruleset.schema, node), met


def _condition(reference: Reference, row: TableRow, holder: Value, record: Record) -> Value:
    if row.when is None:
        return Value(TRUE)
    if holder.known:
        return reference.run(row.when, {"self": Value((record,))})
    return Value(EITHER, causes=holder.causes)


def row_named(table: Table, no: str, gap: frozenset[Cause]) -> Value | None:
    """Return the row that was named itself, or that there is none; None where the table has no such row."""
    if normalise(no) == NO_ROW:
        return Value(None, Absent.SURELY, gap)
    found = table.index[table.row_key].get(normalise(no), ()) if table.row_key is not None else ()
    return Value((table.rows[found[0]],)) if found else None


def row_may_be(table: Table, row_key: Value) -> Value:
    """Return the rows that an open row key may name where there is no other key: any of them, or none."""
    texts: Any = row_key.possible
    if row_key.absent is Absent.NEVER and texts is not EVERY_TEXT:
        named = [row_named(table, str(text), NO_CAUSES) for text in sorted(texts)]
        rows = tuple(each.possible[0] for each in named if each is not None and each.possible is not None)
        absent = Absent.NEVER if len(rows) == len(named) else Absent.POSSIBLY
        if not rows:
            return Value(None, Absent.SURELY, row_key.causes)
        return make(rows, row_key.causes, absent)
    return Value(table.rows, Absent.POSSIBLY, row_key.causes)


def contradicted(
    table: Table,
    keys: Mapping[str, Value],
    picked: Value,
    exact: frozenset[str],
    met: Callable[[TableRow], bool | None],
) -> bool:
    """Return whether what is known speaks against the row that was named, or against there being none.

    Against a row speaks that the other keys fit rows without it, that its own condition is false, or that
    no row fits an ``exact`` key of which it has its own. Against *no row*: one that fits, or is ``kin``
    to one that does, and surely holds.
    """
    known = {name: value for name, value in keys.items() if value.known}
    found, _, _ = fitting(table, known)
    if picked.absent is Absent.SURELY:
        return any(met(row) is True for row in (*found, *kin(table, found, exact)))
    (row,) = picked.possible
    if found:
        return row not in found or met(row) is False
    return any(_has_own(table, row, name) for name in exact & known.keys())


def with_sure(
    table: Table, keys: Mapping[str, Value], picked: Value, met: Callable[[TableRow], bool | None]
) -> Value:
    """Return the row that was named, beside one that ties better where that fits and surely holds as well.

    A name settles which of the open rows is meant; it takes none away that the facts themselves find.
    """
    if picked.absent is Absent.SURELY:
        return picked
    (named,) = picked.possible
    found, _, _ = fitting(table, {name: value for name, value in keys.items() if value.known})
    sure = [row for row in found if row is named or (row.when is not None and met(row) is True)]
    others = [row for row in tied(table, sure, []) if row is not named] if sure else []
    return Value((*others, named)) if others else picked


def overruled(table: Table, keys: Mapping[str, Value], exact: frozenset[str]) -> bool:
    """Return whether there cannot be *no row*: a row without a condition fits, or is kin to one that does."""
    found, _, _ = fitting(table, {name: value for name, value in keys.items() if value.known})
    return any(row.when is None for row in (*found, *kin(table, found, exact)))


def both(rows: Value, picked: Value, causes: frozenset[Cause], *, overruled: bool) -> Value:
    """Return what the other keys find and the row that was named against them: both stay possible.

    That there is *no row* is not heard where it is ``overruled``.
    """
    if picked.absent is Absent.SURELY:
        if overruled or rows.possible is None:
            return rows
        return make(rows.possible, rows.causes | causes, Absent.POSSIBLY)
    (named,) = picked.possible
    others = tuple(row for row in rows.possible or () if row is not named)
    absent = Absent.NEVER if rows.absent is Absent.NEVER else Absent.POSSIBLY
    return make((*others, named), rows.causes | causes, absent)


def _searched(
    reference: Reference,
    node: Lookup,
    keys: dict[str, Value],
    holder: Value,
    record: Record,
    gap: frozenset[Cause],
) -> Value:
    """Return the rows that the keys fit and whose conditions hold, or may."""
    table = reference.ruleset.tables[node.table]
    exact = identifiers(reference.ruleset.schema, node)
    found, open_keys, absent = fitting(table, keys, exact)
    reference.note((table, found))
    causes = NO_CAUSES.union(*(value.causes for value in open_keys))
    conditions: dict[int, Value] = {}

    def met(row: TableRow) -> bool | None:
        condition = conditions.get(id(row))
        if condition is None:
            condition = conditions[id(row)] = _condition(reference, row, holder, record)
        holds = truth(condition)
        return None if holds == EITHER else holds == TRUE

    sure = [row for row in found if met(row) is True]
    maybe = [row for row in found if met(row) is None]
    known = {name: str(next(iter(value.possible))) for name, value in keys.items() if value.known}
    disagreeing = bool(sure or maybe) and disagree(table, known, exact)
    if open_keys or disagreeing:
        causes = causes.union(*(conditions[id(row)].causes for row in maybe))
        if not sure and not maybe:
            return Value(None, Absent.SURELY, causes or gap)
        if disagreeing:
            # Two keys name two things: what ties within one reading decides nothing between both.
            causes = causes | _contradicting(reference, node, known, record)
            nowhere = any(not table.index[name].get(normalise(text)) for name, text in known.items())
            absent = Absent.POSSIBLY if nowhere else absent
        if len(sure) < len(found):
            absent = Absent.POSSIBLY
        return make((*sure, *maybe), causes, absent)
    rows, absent, narrowed, denied = meant(table, keys, found, exact, met)
    if found:
        causes = causes.union(*(each.causes for each in conditions.values() if truth(each) == EITHER))
    if narrowed:
        causes = causes.union(*(value.causes for value in keys.values()))
    if denied:
        causes = causes | _contradicting(reference, node, known, record)
    # What no row surely is stays within the rows that a known key fits, and their like.
    within = (*found, *(kin(table, found, exact) if rows else ())) if absent and found else None
    if not rows:
        return Value(None, Absent.SURELY, causes or gap, within)
    return make(rows, causes, absent) if within is None else Value(rows, absent, causes, within)


def _contradicting(
    reference: Reference, node: Lookup, known: Mapping[str, str], record: Record
) -> frozenset[Cause]:
    facts = (fact for name, key in node.keys if name in known for fact in _facts(reference, key))
    return frozenset(Cause(f"{record.path}.{fact}", "data_problem") for fact in facts)


def _facts(reference: Reference, node: Node) -> Iterator[str]:
    """Yield the facts of the record that an expression about it reads, through its definitions too."""
    for part in walk(node):
        match part:
            case Get(of=Var(), name=name):
                yield name
            case Derived(of=Var(), entity=entity, name=name):
                yield from _facts(reference, reference.ruleset.definitions[entity, name].body.node)
            case _:
                pass


def denied(reference: Reference, node: Lookup, env: Mapping[str, Value]) -> bool:
    """Return whether the facts of a record deny the rows that its keys name, and others may be meant."""
    table = reference.ruleset.tables[node.table]
    keys = {name: reference.value(key, env) for name, key in node.keys}
    row_key = keys.pop(table.row_key, None) if table.row_key is not None else None
    holder = reference.value(node.of, env)
    found, open_keys, _ = fitting(table, keys)
    if (row_key is not None and row_key.known) or not holder.known or not found or open_keys:
        return False
    exact, met = _judged(reference, node, holder, holder.possible[0])
    return meant(table, keys, found, exact, met)[3]


def meant(
    table: Table,
    keys: Mapping[str, Value],
    found: list[TableRow],
    exact: frozenset[str],
    met: Callable[[TableRow], bool | None],
) -> tuple[tuple[TableRow, ...], Absent, bool, bool]:
    """Return which of the rows that known keys fit may be meant, and whether there may be none.

    A key that is open may narrow the rows further, so that what holds of all of them decides nothing
    between them: every such reading counts. Then, whether one did; and whether the facts deny all rows.
    """
    rows, absent, is_denied = _meant(table, found, exact, met)
    narrowed = False
    for reading in [] if is_denied else _narrower(table, keys, found):
        more, none, is_contrary = _meant(table, reading, exact, met)
        if is_contrary:
            continue
        further = tuple(row for row in more if all(row is not each for each in rows))
        narrowed = narrowed or bool(further) or none != absent
        absent = absent if absent == none else Absent.POSSIBLY
        rows = (*rows, *further)
    return rows, absent, narrowed, is_denied


def _meant(
    table: Table, found: list[TableRow], exact: frozenset[str], met: Callable[[TableRow], bool | None]
) -> tuple[tuple[TableRow, ...], Absent, bool]:
    """Return the rows of one reading, whether there may be none, and whether the facts deny the reading.

    Where no row surely holds, what its keys name may be of another row of the same identifier.
    """
    sure = [row for row in found if met(row) is True]
    maybe = [row for row in found if met(row) is None]
    if sure:
        return tied(table, sure, maybe), Absent.NEVER, False
    others = kin(table, found, exact)
    sure_others = [row for row in others if met(row) is True]
    maybe_others = [row for row in others if met(row) is None]
    if not sure_others and not maybe_others:
        return tuple(maybe), Absent.POSSIBLY if maybe else Absent.SURELY, False
    further = tied(table, sure_others, maybe_others) if sure_others else tuple(maybe_others)
    absent = Absent.NEVER if sure_others else Absent.POSSIBLY
    return (*(maybe or found), *further), absent, not maybe


def kin(table: Table, found: list[TableRow], exact: frozenset[str]) -> list[TableRow]:
    """Return the other rows that share an identifier, as a CAS number is one, with rows that were found."""
    columns = [column for name in sorted(exact) for column in table.keys[name]]

    def identifiers_of(row: TableRow) -> set[str]:
        return {normalise(text) for column in columns for text in row.cells.get(column) or ()}

    shared = set[str]().union(*(identifiers_of(row) for row in found))
    at = {i for name in exact for text in shared for i in table.index[name].get(text, ())}
    return [table.rows[i] for i in sorted(at) if all(table.rows[i] is not row for row in found)]


def _narrower(table: Table, keys: Mapping[str, Value], found: list[TableRow]) -> list[list[TableRow]]:
    """Return the sets of rows, fewer than those found, to which keys that are open may narrow them."""
    if len(found) < 2:
        return []
    position = {id(row): i for i, row in enumerate(table.rows)}
    every = frozenset(position[id(row)] for row in found)
    readings = {every}
    for name, value in keys.items():
        if value.known or value.absent is Absent.SURELY:
            continue
        index, texts = table.index[name], value.possible
        fits = index.values() if texts is EVERY_TEXT else (index.get(normalise(str(t)), ()) for t in texts)
        cuts = {every.intersection(rows) for rows in fits}
        readings |= {cut & reading for cut in cuts for reading in readings}
    return [
        [table.rows[i] for i in sorted(reading)]
        for reading in sorted(readings - {every, frozenset[int]()}, key=sorted)
    ]


def fitting(
    table: Table, keys: dict[str, Value], exact: frozenset[str] = frozenset()
) -> tuple[list[TableRow], list[Value], Absent]:
    """Return the rows that the keys fit, the open keys that this rests on, and whether there may be none."""
    fits: list[set[int]] = []
    open_keys: list[Value] = []
    bounds: list[set[int]] = []
    any_row = False
    may_be: set[int] = set()
    may_miss = False
    for name, value in keys.items():
        index = table.index[name]
        texts: Any = value.possible
        if value.known:
            rows = set(index.get(normalise(str(*texts)), ()))
            if rows:
                fits.append(rows)
            may_miss = may_miss or (not rows and name in exact)
            continue
        open_keys.append(value)
        if value.absent or texts is EVERY_TEXT:
            any_row = True
            continue
        each = [set(index.get(normalise(str(text)), ())) for text in texts]
        may_be = may_be.union(*each)
        if all(each):
            bounds.append(set[int]().union(*each))
    if fits:
        chosen = fits[0].intersection(*fits) or fits[0].union(*fits)
        return [table.rows[i] for i in sorted(chosen)], [], Absent.NEVER
    if not open_keys:
        return [], [], Absent.SURELY
    if not bounds:
        found = table.rows if any_row else [table.rows[i] for i in sorted(may_be)]
        return list(found), open_keys, Absent.POSSIBLY
    # Whatever a key's text proves to be it fits, so that only its rows can be meant, or their like.
    agreed = bounds[0].intersection(*bounds)
    rows = [table.rows[i] for i in sorted(agreed or set[int]().union(*bounds))]
    like = kin(table, [row for row in rows if row.when is not None], exact)
    further = [row for row in like if all(row is not each for each in rows)]
    return [*rows, *further], open_keys, Absent.NEVER if agreed and not may_miss else Absent.POSSIBLY


def identifiers(schema: Schema, node: Lookup) -> frozenset[str]:
    """Return the keys that identify a thing exactly, as a CAS number does: facts of a checked format."""
    return frozenset(
        name
        for name, key in node.keys
        if isinstance(key, Get)
        and isinstance(key.of.type, Rec)
        and schema.entities[key.of.type.entity].attributes[key.name].check is not None
    )


def disagree(table: Table, keys: dict[str, str], exact: frozenset[str] = frozenset()) -> bool:
    """Return whether known keys name two things: they fit rows that have none in common.

    So does an ``exact`` key that fits no row, where every row that the others fit has its own; a name
    that fits no row may be one more synonym.
    """
    fits = {name: set(table.index[name].get(normalise(text), ())) for name, text in keys.items()}
    found = [rows for rows in fits.values() if rows]
    if len(found) > 1 and not found[0].intersection(*found):
        return True
    others = set[int]().union(*found)
    return any(
        not fits[name] and others and all(_has_own(table, table.rows[row], name) for row in others)
        for name in exact & fits.keys()
    )


def _has_own(table: Table, row: TableRow, key: str) -> bool:
    """Return whether a row has a key of its own, in the key's first column; in the others are also-knowns."""
    return bool(row.cells.get(table.keys[key][0]))


def tied(table: Table, sure: list[TableRow], maybe: list[TableRow]) -> tuple[TableRow, ...]:
    """Return the rows possible where one surely matches: by ``on_tie`` a further one that is better."""
    column = next((name for name, kind in table.columns.items() if isinstance(kind, Number)), "")
    if table.on_tie is None or any(row.cells.get(column) is None for row in (*sure, *maybe)):
        return (*sure, *maybe)
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

    numeric = isinstance(node.type, Number | Date)
    within = None
    if rows.within and not _blanks(rows.within, node.name):
        within = _cells(rows.within, node.name, numeric)
    if within is None:
        within = every_of(node.type, node.within)
    possible = _cells(rows.possible, node.name, numeric) if rows.possible else None
    if possible is None:
        return Value(None, Absent.SURELY, rows.causes or frozenset((_blank(node, rows),)), within)
    absent = rows.absent or Absent(int(_blanks(rows.possible, node.name)))
    return make(possible, rows.causes or frozenset((_blank(node, rows),)), absent, within)


def _blanks(rows: tuple[TableRow, ...], name: str) -> bool:
    return any(row.cells.get(name) is None for row in rows)


def _blank(node: Column, rows: Value) -> Cause:
    """Return the cause of a cell that the table leaves blank."""
    row = f"[{rows.possible[0].no}]" if rows.possible else ""
    return Cause(f"{getattr(node.row, 'table', '')}{row}.{node.name}", "gap")


def _cells(rows: tuple[TableRow, ...], name: str, numeric: bool) -> Any:
    cells = [row.cells[name] for row in rows if row.cells.get(name) is not None]
    if not cells:
        return None
    return finite(cells) if numeric else frozenset(cells)
