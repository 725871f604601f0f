"""Look-ups and decision tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dualprev_rules.evaluate import decision, lookup
from dualprev_rules.evaluate.compiled.exact.held import Env, Exact, Held, lift, lower, once
from dualprev_rules.evaluate.compiled.exact.maker import Exactly
from dualprev_rules.facts.possible import EVERY_NUMBER, EVERY_TEXT, Absent, Numbers, Value, meet
from dualprev_rules.facts.types import Date, Number, Rec
from dualprev_rules.lang.tree import Column, Const, Decide, Input, Lookup

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.runtime import Case
    from dualprev_rules.pack.model import TableRow


def column(maker: Exactly, node: Column) -> Exact:
    """Find a column of the row that keys find."""
    return Finder(maker, node)


class Finder:
    """Finds the rows that keys fit and whose conditions hold, or may, and what a column has there."""

    def __init__(self, maker: Exactly, node: Column) -> None:
        look = node.row
        assert isinstance(look, Lookup)
        self._node = node
        self._table = table = maker.ruleset.tables[look.table]
        self._of = maker.of(look.of)
        self._keys = {name: maker.of(key) for name, key in look.keys}
        self._row_key = self._keys.pop(table.row_key, None) if table.row_key is not None else None
        assert isinstance(look.of.type, Rec)
        self._whens = {
            i: maker.condition(look.of.type.entity, row.when)
            for i, row in enumerate(table.rows)
            if row.when is not None
        }
        self._positions = {id(row): i for i, row in enumerate(table.rows)}
        self._exact = lookup.identifiers(maker.ruleset.schema, look)
        self._one: dict[int, Held] = {}
        """The column of a row, by its position."""
        self._any: dict[tuple[bool | None, ...], Held] = {}
        """What is found by keys of which nothing is known, by what the rows' conditions are."""

    def __call__(self, case: Case, env: Env) -> Held:
        """Return the column."""
        table = self._table
        if table.not_encoded is not None:
            return self._column(Value(None, Absent.SURELY))
        holder = self._of(case, env)
        keys = {name: key(case, env) for name, key in self._keys.items()}
        if self._row_key is not None:
            row_key = lift(self._row_key(case, env))
            if row_key.known:
                named = lookup.row_named(table, next(iter(row_key.possible)), frozenset())
                if named is not None:
                    return self._named(case, holder, {name: lift(held) for name, held in keys.items()}, named)
            elif not keys and row_key.absent is not Absent.SURELY:
                return self._column(lookup.row_may_be(table, row_key))
        known = {name: held for name, held in keys.items() if held.__class__ is str}
        fits = [fit for name, text in known.items() if (fit := self._fit(name, text))]
        if len(known) == len(fits) == 1 and len(fits[0]) == 1 and self._met(case, holder, fits[0][0]):
            return self._of_row(fits[0][0])
        lifted = {name: lift(held) for name, held in keys.items()}
        still_open = [value for name, value in lifted.items() if name not in known]
        if not fits and still_open and all(value.possible is EVERY_TEXT for value in still_open):
            # Any row may be meant.
            met = tuple(self._met(case, holder, i) for i in self._whens)
            found = self._any.get(met)
            if found is None:
                found = self._column(self._searched(case, holder, lifted))
                if len(self._any) < MOST_KEPT:
                    self._any[met] = found
            return found
        return self._column(self._searched(case, holder, lifted))

    def _named(self, case: Case, holder: Held, keys: dict[str, Value], named: Value) -> Held:
        """Return the column of the row that was named, with others where its keys speak against it."""

        def met(row: TableRow) -> bool | None:
            return self._met(case, holder, self._positions[id(row)])

        if not lookup.contradicted(self._table, keys, named, self._exact, met):
            return self._column(lookup.with_sure(self._table, keys, named, met))
        overruled = lookup.overruled(self._table, keys, self._exact)
        rows = self._searched(case, holder, keys)
        return self._column(lookup.both(rows, named, frozenset(), overruled=overruled))

    def _fit(self, key: str, text: str) -> tuple[int, ...]:
        return self._table.index[key].get(lookup.normalise(text), ())

    def _met(self, case: Case, holder: Held, position: int) -> bool | None:
        """Return whether the condition of a row holds."""
        when = self._whens.get(position)
        if when is None:
            return True
        return when(case, holder) if holder.__class__ is list else None

    def _searched(self, case: Case, holder: Held, keys: dict[str, Value]) -> Value:
        """Return the rows that are possible; see ``evaluate.lookup``, which also says why."""
        table = self._table
        found, open_keys, absent = lookup.fitting(table, keys, self._exact)
        met = [self._met(case, holder, self._positions[id(row)]) for row in found]
        sure = [row for row, holds in zip(found, met, strict=True) if holds]
        maybe = [row for row, holds in zip(found, met, strict=True) if holds is None]
        known = {name: str(next(iter(value.possible))) for name, value in keys.items() if value.known}
        some = bool(sure or maybe)
        disagreeing = some and len(known) > 1 and lookup.disagree(table, known, self._exact)
        if open_keys or disagreeing:
            if not some:
                return Value(None, Absent.SURELY)
            index = table.index
            nowhere = any(not index[name].get(lookup.normalise(text)) for name, text in known.items())
            if len(sure) < len(found) or (disagreeing and nowhere):
                absent = Absent.POSSIBLY
            return Value((*sure, *maybe), absent)

        def holds_of(row: TableRow) -> bool | None:
            return self._met(case, holder, self._positions[id(row)])

        rows, absent, _, _ = lookup.meant(table, keys, found, self._exact, holds_of)
        kin = lookup.kin(table, found, self._exact) if rows and absent else []
        within = (*found, *kin) if absent and found else None
        return Value(rows or None, absent, within=within)

    def _column(self, rows: Value) -> Held:
        if rows.absent is Absent.NEVER and rows.within is None and len(rows.possible) == 1:
            return self._of_row(self._positions[id(rows.possible[0])])
        return lower(lookup.column(self._node, rows))

    def _of_row(self, position: int) -> Held:
        found = self._one.get(position)
        if found is None:
            row = Value((self._table.rows[position],))
            found = self._one[position] = lower(lookup.column(self._node, row))
        return found


MOST_KEPT = 64


class Cut:
    """The input of a decision table: its range cut at the bounds of the cells, and what fits each piece."""

    def __init__(self, maker: Exactly, node: Decide, column: Input) -> None:
        self._node, self._column = node, column
        self._of = maker.of(column.node)
        self._numeric = isinstance(column.node.type, Number | Date)
        cells = [row.cells.get(column.name) for row in node.rows]
        self._blank = frozenset(i for i, cell in enumerate(cells) if cell is None)
        self._pieces: list[tuple[Numbers, decision.Fit]] = []
        self.fits: Callable[[Held], frozenset[decision.Fit]] = once(self._fits)
        """Gives the sets of rows that the input may fit."""
        if self._numeric:
            for piece in decision.pieces(EVERY_NUMBER, [cell for cell in cells if cell is not None]):
                fit = (i for i, cell in enumerate(cells) if cell is None or decision.matches(cell, piece))
                self._pieces.append((piece, frozenset(fit)))

    def __call__(self, case: Case, env: Env) -> frozenset[decision.Fit]:
        """Return the sets of rows that the input may fit."""
        return self.fits(self._of(case, env))

    def _fits(self, value: Value) -> frozenset[decision.Fit]:
        if not self._numeric:
            return frozenset(decision.pieces_fit(self._node, self._column, value))
        possible = value.possible
        found = set[decision.Fit]()
        if value.absent is not Absent.SURELY:
            found = {fit for piece, fit in self._pieces if meet(possible, piece) is not None}
        if value.absent is not Absent.NEVER:
            found.add(self._blank)
        return frozenset(found)


def decide(maker: Exactly, node: Decide) -> Exact:
    """Find what a decision table gives."""
    inputs = [Cut(maker, node, column) for column in node.inputs]
    every: decision.Fit = frozenset(range(len(node.rows)))
    rows = (*node.rows, node.default) if node.default is not None else node.rows
    outputs = {id(row): maker.of(row.then) for row in rows}
    constant = all(isinstance(row.then, Const) for row in rows)
    kept: dict[frozenset[decision.Fit], Held] = {}

    def run(case: Case, env: Env) -> Held:
        fits: frozenset[decision.Fit] = frozenset((every,))
        for cut in inputs:
            pieces = cut(case, env)
            fits = frozenset([every.intersection(fit, piece) for fit in fits for piece in pieces])
        if fits in kept:
            return kept[fits]
        found = lower(decision.outputs(node, fits, lambda row: lift(outputs[id(row)](case, env))))
        if constant and len(kept) < MOST_KEPT:
            kept[fits] = found
        return found

    return run
