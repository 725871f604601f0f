"""Facts that are not known, counted by entity and attribute."""

from __future__ import annotations

import polars as pl

from dualprev_rules.evaluate.columns.tables import Table
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
                given = table.lists[name].given
                nulls = table.height if given is None else table.height - int(given.sum())
            elif name in table.given.columns:
                nulls = table.given[name].null_count()
            else:
                nulls = table.height
            rows.append((table.entity.name, name, nulls, table.height))
    return pl.DataFrame(rows, schema=_MISSING, orient="row")
