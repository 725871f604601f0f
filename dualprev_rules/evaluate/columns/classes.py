"""Few different things in many rows: each is numbered, so that it is looked at once."""

from __future__ import annotations

from typing import Any

import polars as pl

MOST_DIRECT = 1 << 22
"""Up to so many combinations are numbered by their place in a list; more of them are joined."""


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


def combined(columns: list[pl.Series]) -> tuple[pl.Series, list[tuple[Any, ...]]]:
    """Return for each row the number of its combination, and the combinations that occur."""
    coded = [numbered(column) for column in columns]
    size = 1
    keys = pl.repeat(0, columns[0].len(), dtype=pl.UInt64, eager=True)
    for _, things in coded:
        size *= max(len(things), 1)
    if size >= 1 << 63:
        return _by_rows(columns)
    for at, things in coded:
        if len(things) > 1:
            keys = keys * len(things) + at.cast(pl.UInt64)
    found, places = _coded(keys)
    return places, [_taken_apart(int(key), coded) for key in found]


def _taken_apart(key: int, coded: list[tuple[pl.Series, list[Any]]]) -> tuple[Any, ...]:
    made: list[Any] = []
    for _, things in reversed(coded):
        key, place = divmod(key, max(len(things), 1))
        made.append(things[place])
    return tuple(reversed(made))


def _by_rows(columns: list[pl.Series]) -> tuple[pl.Series, list[tuple[Any, ...]]]:
    frame = pl.DataFrame([column.alias(f"k{index}") for index, column in enumerate(columns)])
    different = frame.unique(maintain_order=True)
    numbers = different.with_row_index("#")
    on = frame.columns
    places = frame.join(numbers, on=on, how="left", nulls_equal=True, maintain_order="left")["#"]
    return places, different.rows()
