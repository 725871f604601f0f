"""Few different things in many rows: each is numbered, so that it is looked at once."""

from __future__ import annotations

from math import prod
from typing import Any

import polars as pl

MOST_DIRECT = 1 << 22
"""Up to so many combinations are numbered by their place in a list; more of them are joined."""
Coded = tuple[pl.Series | None, list[Any]]
"""For each row the number of its thing (None: there is but one thing), and the things."""


def numbered(given: pl.Series) -> tuple[pl.Series, list[Any]]:
    """Return for each row the number of its thing, and the things; null is one of them where it occurs."""
    things, at = _coded(given)
    if given.null_count() == 0:
        return at, things
    return at.fill_null(len(things)), [*things, None]


def _coded(given: pl.Series) -> tuple[list[Any], pl.Series]:
    """Return the things that are not null, and for each row the number of its own, or null."""
    if given.dtype == pl.String:
        given = given.cast(pl.Categorical)
    if given.dtype == pl.Categorical:
        different = given.unique().drop_nulls()
        things, codes, keys = (
            different.cast(pl.String).to_list(),
            different.to_physical(),
            given.to_physical(),
        )
    else:
        different = given.unique().drop_nulls()
        things, codes, keys = different.to_list(), different, given
    numbers = pl.int_range(len(things), dtype=pl.UInt32, eager=True)
    most: Any = codes.max()
    least: Any = codes.min()
    if not things:
        return things, pl.repeat(None, given.len(), dtype=pl.UInt32, eager=True)
    if keys.dtype.is_integer() and least >= 0 and most < MOST_DIRECT:
        places = pl.repeat(0, int(most) + 1, dtype=pl.UInt32, eager=True).scatter(codes, numbers)
        return things, places.gather(keys.cast(pl.UInt32))
    return things, keys.replace_strict(codes, numbers, default=None, return_dtype=pl.UInt32)


def combined(columns: list[Coded], height: int) -> tuple[pl.Series, list[tuple[Any, ...]]]:
    """Return for each row the number of its combination, and the combinations that occur."""
    if not height:
        return pl.Series(dtype=pl.UInt32), []
    several = [(at, len(things)) for at, things in columns if at is not None and len(things) > 1]
    if not several:
        return pl.repeat(0, height, dtype=pl.UInt32, eager=True), [tuple(things[0] for _, things in columns)]
    if len(several) == 1:
        ((places, count),) = several
        return places, [_taken_apart(number, columns) for number in range(count)]
    if prod(count for _, count in several) >= 1 << 63:
        return _by_rows(columns)
    keys = pl.repeat(0, height, dtype=pl.UInt64, eager=True)
    for at, count in several:
        keys = keys * count + at.cast(pl.UInt64)
    found, places = _coded(keys)
    return places, [_taken_apart(int(key), columns) for key in found]


def _taken_apart(key: int, columns: list[Coded]) -> tuple[Any, ...]:
    made: list[Any] = []
    for _, things in reversed(columns):
        key, place = divmod(key, len(things))
        made.append(things[place])
    return tuple(reversed(made))


def _by_rows(columns: list[Coded]) -> tuple[pl.Series, list[tuple[Any, ...]]]:
    frame = pl.DataFrame([at.alias(f"k{index}") for index, (at, _) in enumerate(columns) if at is not None])
    different = frame.unique(maintain_order=True)
    places = frame.join(different.with_row_index("#"), on=frame.columns, how="left", maintain_order="left")[
        "#"
    ]
    rows = different.iter_rows(named=True)
    return places, [
        tuple(things[row.get(f"k{index}", 0)] for index, (_, things) in enumerate(columns)) for row in rows
    ]
