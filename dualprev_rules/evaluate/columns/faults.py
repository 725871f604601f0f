"""Faults of the data by place, attribute and kind: each cell that columns cannot hold is read again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import polars as pl

from dualprev_rules.evaluate.columns.names import fact
from dualprev_rules.evaluate.columns.tables import UP, Table
from dualprev_rules.facts.kinds import Kind, Refused
from dualprev_rules.facts.plan import Plans
from dualprev_rules.facts.types import ListOf

SAMPLE = 5
"""So many rows are named of each kind."""
_FAULTS = {
    "place": pl.String,
    "attribute": pl.String,
    "code": pl.String,
    "count": pl.UInt32,
    "sample": pl.List(pl.UInt32),
}


def faults(tables: list[Table], plans: Plans, first: int) -> pl.DataFrame:
    """Return the faults of a slice whose first row has the number ``first``."""
    parts = [no_faults()]
    for table in tables:
        plan = plans[table.entity.name]
        rows = table.given[UP] if table.parent is None else table.row_of(tables[0])
        rows = (rows + first).alias("row")
        for name, attribute in table.entity.attributes.items():
            if name not in table.given.columns or isinstance(attribute.type, ListOf):
                continue
            fact(table, attribute, stated=False)
            odd, kind = table.odd.get(name), plan.slots[name].kind
            if odd is not None and kind is not None:
                parts.append(_kinds(table, name, kind, odd, rows))
        if plan.key is not None and plan.key.name in table.given.columns and table.parent is not None:
            parts.append(_twice(table, plan.key.name, rows))
    return pl.concat(parts)


def _kinds(table: Table, name: str, kind: Kind, odd: pl.Series, rows: pl.Series) -> pl.DataFrame:
    given = table.given[name].filter(odd)
    read = _code(kind)
    spelt: dict[Any, str | None] = {}
    codes: list[str | None] = []
    for raw in given.to_list():
        key: Any = tuple(cast("list[Any]", raw)) if isinstance(raw, list) else raw
        if key not in spelt:
            spelt[key] = read(raw)
        codes.append(spelt[key])
    found = pl.DataFrame({"code": pl.Series(codes, dtype=pl.String), "row": rows.filter(odd)})
    return counted(found.drop_nulls("code"), table.place, name)


def _code(kind: Kind) -> Callable[[Any], str | None]:
    def read(raw: Any) -> str | None:
        try:
            kind.read(raw, None)
        except Refused as refused:
            return refused.code
        return None

    return read


def _twice(table: Table, key: str, rows: pl.Series) -> pl.DataFrame:
    """Return the records that have the key of another one of the same list."""
    given = table.given.select(UP, pl.col(key).alias("key")).with_columns(rows)
    again = given.filter(pl.col("key").is_not_null() & ~pl.struct(UP, "key").is_first_distinct())
    return counted(again.select(pl.lit("facts.duplicate-record").alias("code"), "row"), table.place, key)


def no_faults() -> pl.DataFrame:
    """Return the table of faults without any."""
    return pl.DataFrame(schema=_FAULTS)


def counted(found: pl.DataFrame, place: str, attribute: str) -> pl.DataFrame:
    """Return faults, of which ``found`` has the code and the row of each, by code."""
    counted = found.group_by("code", maintain_order=True).agg(
        pl.len().cast(pl.UInt32).alias("count"), pl.col("row").head(SAMPLE).cast(pl.UInt32).alias("sample")
    )
    return counted.select(
        pl.lit(place).alias("place"), pl.lit(attribute).alias("attribute"), "code", "count", "sample"
    )
