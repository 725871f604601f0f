"""The tables of a slice: one for each place in the input, every row knowing its row in the table above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

import polars as pl

from dualprev_rules.evaluate.columns.classes import Coded, numbered
from dualprev_rules.evaluate.columns.things import Any_, Flag, Thing, expressions, moved
from dualprev_rules.facts.schema import Entity

UP = "^"
"""The column with the number of the row above."""
SHARED = pl.QueryOptFlags.none(comm_subexpr_elim=True, simplify_expression=True)
"""What several expressions have in common is computed once."""
MANY = 10_000
"""In fewer rows, finding what they have in common takes longer than computing it again."""


@dataclass(slots=True)
class Branch:
    """A list of records: the table that they stand in, and where more records may belong to it."""

    table: Table | None
    open: Flag
    given: pl.Series | None = None
    """Where a list was given; None: there is no such column."""
    complete: pl.Series | None = None
    """Where all that was given are records."""


@dataclass(frozen=True, slots=True)
class Fold:
    """An aggregate over the children of a record, none of whose values is null."""

    of: pl.Expr
    how: Literal["sum", "any", "least", "greatest"]
    empty: float | None = None
    """What it is where there are none; None: 0, or false."""


@dataclass(eq=False, slots=True)
class Table:
    """Records of an entity at one place: their facts as given, and whatever was computed of them."""

    entity: Entity
    place: str
    """The lists that lead to it, with dots between; empty at the top."""
    parent: Table | None
    given: pl.DataFrame
    """Attribute → what was given, and the number of the row above."""
    ends: pl.Series | None = None
    """Where the records of each row above begin and end."""
    lists: dict[str, Branch] = field(default_factory=dict[str, Branch])
    facts: dict[str, Thing] = field(default_factory=dict[str, Thing])
    odd: dict[str, pl.Series] = field(default_factory=dict[str, pl.Series])
    """Attribute → where something was given that columns do not hold."""
    derived: dict[str, Thing] = field(default_factory=dict[str, Thing])
    states: dict[str, tuple[pl.Expr, bool]] = field(default_factory=dict[str, tuple[pl.Expr, bool]])
    _columns: dict[str, pl.Series] = field(default_factory=dict[str, pl.Series])
    """What was computed, by name: thousands, of which an expression is given the few that it asks for."""
    _brought: dict[tuple[str, str], pl.Expr] = field(default_factory=dict[tuple[str, str], pl.Expr])
    _above: dict[str, pl.Series] = field(default_factory=dict[str, pl.Series])
    _numbered: dict[str, Coded] = field(default_factory=dict[str, Coded])

    @property
    def height(self) -> int:
        """How many records there are."""
        return self.given.height

    def put(self, series: pl.Series) -> pl.Expr:
        """Add a computed column and return what refers to it."""
        name = f"c{len(self._columns)}"
        self._columns[name] = series.alias(name)
        return pl.col(name)

    def computed(self, column: pl.Expr) -> pl.Series:
        """Return the column that ``hold`` or ``put`` gave."""
        return self._columns[column.meta.output_name()]

    def hold(self, expression: pl.Expr) -> pl.Expr:
        """Compute an expression once and return what refers to its column."""
        if expression.meta.is_column():
            return expression
        return self.put(self.values({"of": expression})["of"])

    def held(self, thing: Any_) -> Any_:
        """Compute the expressions of a thing once, together, and return the thing of their columns."""
        given = list(expressions(thing))
        found = dict(zip(map(id, given), self.hold_all(given), strict=True))
        return moved(thing, lambda each: found[id(each)])

    def hold_all(self, given: Sequence[pl.Expr]) -> list[pl.Expr]:
        """Compute expressions once, together, and return what refers to the column of each."""
        asked = {str(id(each)): each for each in given if not each.meta.is_column()}
        found = {values.name: self.put(values) for values in self.values(asked)} if asked else {}
        return [found.get(str(id(each)), each) for each in given]

    def numbered(self, of: pl.Expr) -> Coded:
        """Return which of its different things an expression is in each row, found once for a column."""
        if of.meta.is_literal():
            return None, [pl.select(of).item()]
        held = self.hold(of)
        name = held.meta.output_name()
        found = self._numbered.get(name)
        if found is None:
            found = self._numbered[name] = numbered(self.computed(held))
        return found

    def values(self, of: Mapping[str, pl.Expr]) -> pl.DataFrame:
        """Return expressions as columns; what is the same everywhere stands in every row."""
        named = [each.alias(name) for name, each in of.items()]
        asked = {name: None for each in of.values() for name in each.meta.root_names()}
        # A column that is there gives them its length.
        frame = pl.DataFrame([self.given[UP], *(self._columns[name] for name in asked)])
        try:
            if self.height < MANY:
                made = frame.select(UP, *named)
            else:
                made = frame.lazy().select(UP, *named).collect(optimizations=SHARED)
            made.drop_in_place(UP)
            return made
        except pl.exceptions.ShapeError:
            # Polars 2.1 makes one row of a figure compared with a choice of figures that is the same in all.
            if len(named) == 1:
                return frame.select(UP, named[0].first()).drop(UP)
            return pl.concat([self.values({name: each}) for name, each in of.items()], how="horizontal")

    def above(self) -> list[Table]:
        """Return the tables above, the nearest first."""
        found: list[Table] = []
        table = self.parent
        while table is not None:
            found.append(table)
            table = table.parent
        return found

    def row_of(self, above: Table) -> pl.Series:
        """Return for each record the row of the one above it that stands in the table ``above``."""
        found = self._above.get(above.place)
        if found is None:
            assert self.parent is not None
            found = self.given[UP]
            if self.parent is not above:
                found = self.parent.row_of(above).gather(found)
            self._above[above.place] = found
        return found

    def bring(self, above: Table, expression: pl.Expr) -> pl.Expr:
        """Return an expression of a table above for each record here."""
        held = above.hold(expression)
        key = (above.place, held.meta.output_name())
        found = self._brought.get(key)
        if found is None:
            found = self._brought[key] = self.put(above.computed(held).gather(self.row_of(above)))
        return found

    def fold(self, child: Table, folds: Mapping[str, Fold]) -> dict[str, pl.Expr]:
        """Return aggregates over the children of each record."""
        assert child.ends is not None
        values = child.values({name: fold.of for name, fold in folds.items()})
        found: dict[str, pl.Expr] = {}
        for name, fold in folds.items():
            # The children of a record stand together: their values are a list without being moved.
            lists = listed(child.ends, values[name])
            of = lists.list
            match fold.how:
                case "sum":
                    made = of.sum()
                case "any":
                    made = of.any()
                case "least":
                    made = of.min()
                case "greatest":
                    made = of.max()
            found[name] = self.put(made if fold.empty is None else made.fill_null(fold.empty))
        return found


def ends_of(counts: pl.Series) -> pl.Series:
    """Return where the children of each record begin and end, of how many there are of each."""
    return pl.Series([0], dtype=pl.Int64).append(counts.cast(pl.Int64).cum_sum())


def listed(ends: pl.Series, values: pl.Series) -> pl.Series:
    """Return the values of the children of each record as a list, by Arrow, which moves none of them."""
    arrow: Any = import_module("pyarrow")
    made: Any = arrow.LargeListArray.from_arrays(ends.to_arrow(), values.to_arrow())
    library: Any = pl
    return library.from_arrow(made)
