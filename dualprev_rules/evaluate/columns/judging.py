"""Judge a slice of a frame: codes by columns, and by the exact evaluator where columns do not decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dualprev_rules.evaluate.columns.codes import ASK, UNDETERMINED, constant
from dualprev_rules.evaluate.columns.exact import Cell
from dualprev_rules.evaluate.columns.lower import Lowering
from dualprev_rules.evaluate.columns.nest import documents, tables_of
from dualprev_rules.evaluate.columns.shape import Shape
from dualprev_rules.evaluate.columns.tables import UP, Table
from dualprev_rules.pack.model import Rule, Ruleset

Exactly = Callable[[dict[str, Any], Sequence[Cell]], list[int]]
"""Returns the codes of cells of one document, by the exact evaluator."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of a slice: by place a column for each rule, and how many cells were asked again."""

    low: Lowering
    tables: list[Table]
    codes: dict[str, pl.DataFrame]
    cells: int
    asked: int


def judge(
    frame: pl.DataFrame,
    shape: Shape,
    ruleset: Ruleset,
    rules: Mapping[str, tuple[Rule, ...]],
    exactly: Exactly,
    *,
    stated: bool,
) -> Codes:
    """Judge the rows of a frame."""
    tables = tables_of(frame, shape, stated=stated)
    low = Lowering(ruleset, stated)
    codes: dict[str, pl.DataFrame] = {}
    asking: dict[str, list[str]] = {}
    cells = 0
    for table in tables:
        of = rules.get(table.entity.name, ())
        if not of:
            continue
        columns: dict[str, pl.Expr] = {}
        asks: list[str] = []
        for rule in of:
            if rule.standing == "guidance":
                columns[rule.id] = constant(UNDETERMINED)
                continue
            code, may_ask = low.outcome(rule, table)
            columns[rule.id] = code
            if may_ask:
                asks.append(rule.id)
        codes[table.place] = table.values(columns)
        asking[table.place] = asks
        cells += table.height * len(of)
    asked = _ask(tables, codes, asking, exactly)
    return Codes(low, tables, codes, cells, asked)


def _ask(
    tables: list[Table], codes: dict[str, pl.DataFrame], asking: Mapping[str, list[str]], exactly: Exactly
) -> int:
    """Put in the codes of cells that columns did not decide; return how many there were."""
    top = tables[0]
    wanted: dict[int, list[tuple[str, int, str]]] = {}
    for table in tables:
        for rule in asking.get(table.place, ()):
            rows = (codes[table.place][rule] == ASK).arg_true()
            for row, above in zip(rows.to_list(), _top_of(table, top).gather(rows).to_list(), strict=True):
                wanted.setdefault(above, []).append((table.place, row, rule))
    if not wanted:
        return 0
    rows = pl.Series(sorted(wanted), dtype=pl.UInt32)
    first = {table.place: _first_rows(table, top) for table in tables}
    found: dict[tuple[str, str], tuple[list[int], list[int]]] = {}
    for above, document in zip(sorted(wanted), documents(tables, rows), strict=True):
        cells = wanted[above]
        numbered = [(place, row - first[place][above], rule) for place, row, rule in cells]
        for (place, row, rule), code in zip(cells, exactly(document, numbered), strict=True):
            at, values = found.setdefault((place, rule), ([], []))
            at.append(row)
            values.append(code)
    for (place, rule), (at, values) in found.items():
        column = codes[place][rule].clone().scatter(at, pl.Series(values, dtype=pl.UInt8))
        codes[place] = codes[place].with_columns(column)
    return sum(len(cells) for cells in wanted.values())


def _top_of(table: Table, top: Table) -> pl.Series:
    """Return the row of the top table above each record."""
    return top.given[UP] if table is top else table.row_of(top)


def _first_rows(table: Table, top: Table) -> dict[int, int]:
    """Return for each row of the top table the first record under it."""
    above = _top_of(table, top)
    frame = pl.DataFrame({"above": above}).with_row_index("row").group_by("above").agg(pl.col("row").min())
    return dict(frame.rows())
