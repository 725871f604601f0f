"""A table holds in every row what is computed of it, whatever Polars makes of values that are the same."""

from __future__ import annotations

import polars as pl
import pytest

from dualprev_rules.evaluate.columns.tables import UP, Fold, Table, ends_of
from dualprev_rules.facts.schema import Entity
from dualprev_rules.problems import Words

NONE = Entity("unit", Words("单元", "unit"), None, {})


def table(rows: int, parent: Table | None = None, counts: list[int] | None = None) -> Table:
    up = range(rows) if counts is None else [row for row, count in enumerate(counts) for _ in range(count)]
    given = pl.DataFrame({UP: pl.Series(list(up), dtype=pl.UInt32)})
    ends = None if counts is None else ends_of(pl.Series(counts))
    return Table(NONE, "", parent, given, ends)


@pytest.mark.parametrize("values", [[True, True], [None, None], [True, False]])
def test_a_choice_that_is_the_same_everywhere_stands_in_every_row(values: list[bool | None]) -> None:
    here = table(2)
    chosen = here.put(pl.Series(values, dtype=pl.Boolean)).fill_null(True)
    figure = pl.when(chosen).then(1.0).otherwise(pl.lit(0.0))
    held = here.hold(pl.lit(0.0) != figure)
    assert here.values({"x": held, "y": pl.lit(3)})["x"].to_list() == [value is not False for value in values]
    assert here.values({"x": pl.lit(0.0) != figure, "y": pl.lit(3)}).rows() == [
        (value is not False, 3) for value in values
    ]


def test_children_are_folded_by_the_record_that_holds_them() -> None:
    here = table(4)
    below = table(5, here, [2, 0, 3, 0])
    figures = below.put(pl.Series([1.0, 2.0, 4.0, 8.0, 16.0]))
    found = here.fold(
        below,
        {
            "sum": Fold(figures, "sum"),
            "least": Fold(figures, "least", 99.0),
            "greatest": Fold(figures, "greatest", -99.0),
            "some": Fold(figures > 8, "any"),
        },
    )
    assert here.values(found).rows() == [
        (3.0, 1.0, 2.0, False),
        (0.0, 99.0, -99.0, False),
        (28.0, 4.0, 16.0, True),
        (0.0, 99.0, -99.0, False),
    ]
