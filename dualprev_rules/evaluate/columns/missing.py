"""Facts and lists that are not known: counted by entity and attribute, and the rows with such lists."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from dualprev_rules.evaluate.columns.tables import Table
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import ListOf

_MISSING = {"entity": pl.String, "attribute": pl.String, "missing": pl.UInt32, "records": pl.UInt32}


def missing(tables: list[Table]) -> pl.DataFrame:
    """Return of how many records each fact, or list, was not given; those that need not be are left out."""
    rows: list[tuple[str, str, int, int]] = []
    for table in tables:
        for name, attribute in table.entity.attributes.items():
            if attribute.optional:
                continue
            if isinstance(attribute.type, ListOf):
                # A list that is taken as empty, or that stands empty when it is not mentioned, is known.
                branch = table.lists[name]
                unknown = pl.lit(False) if branch.open is None else branch.open
                nulls = int(_everywhere(table, unknown, ~_given(table, branch.given)).sum())
            elif name in table.given.columns:
                nulls = table.given[name].null_count()
            else:
                nulls = table.height
            rows.append((table.entity.name, name, nulls, table.height))
    return pl.DataFrame(rows, schema=_MISSING, orient="row")


def lists_about(schema: Schema, entities: Collection[str]) -> frozenset[tuple[str, str]]:
    """Return the entity and name of every list that holds records of some entities, at any depth."""
    reached, before = set(entities), 0
    found: set[tuple[str, str]] = set()
    while len(reached) > before:
        before = len(reached)
        for entity in schema.entities.values():
            names = [a.name for a in entity.lists() if _holds(a.type, reached)]
            found.update((entity.name, name) for name in names)
            if names:
                reached.add(entity.name)
    return frozenset(found)


def _holds(type_: object, entities: set[str]) -> bool:
    return isinstance(type_, ListOf) and type_.of.entity in entities


def rows_open(tables: list[Table], lists: Collection[tuple[str, str]]) -> pl.Series:
    """Return the rows of the top table with one of these lists, at any depth, to which more may belong."""
    found = [pl.Series(dtype=pl.UInt32)]
    for table in tables:
        for name, branch in table.lists.items():
            if branch.open is not None and (table.entity.name, name) in lists:
                at = _everywhere(table, branch.open).arg_true()
                found.append(
                    (at if table.parent is None else table.row_of(tables[0]).gather(at)).cast(pl.UInt32)
                )
    return pl.concat(found).unique(maintain_order=True)


def _given(table: Table, given: pl.Series | None) -> pl.Series:
    return pl.repeat(False, table.height, dtype=pl.Boolean, eager=True) if given is None else given


def _everywhere(table: Table, flag: pl.Expr, also: pl.Series | None = None) -> pl.Series:
    found = table.values({"of": flag})["of"]
    if found.len() != table.height:
        found = pl.repeat(found.first(), table.height, dtype=pl.Boolean, eager=True)
    return found if also is None else found & also
