"""Random worlds as frames: a row for each set of facts, in plain columns."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import polars as pl

from dualprev_rules.evaluate.columns import Codes
from tests.columns.compare import Compared, compared, judged, plain
from tests.differential.chance import Chance
from tests.differential.flat import add_flat_rules
from tests.property.generate import settle, worlds
from tests.property.knowledge import Attr, begin_record, ids_of, point
from tests.property.writer import PART, ROOT, World


def cells_of(seed: int, sets: int, *, flat: bool = False) -> tuple[Codes, Iterator[Compared]]:
    """Return what columns find in a world under so many sets of facts, and each cell beside the reference.

    With ``flat`` the world has rules about a record's own facts besides.
    """
    draw = Chance(seed)
    world: World = draw(worlds())
    if flat:
        add_flat_rules(draw, world)
    documents = [plain(world.knowledge.document())]
    for _ in range(sets // 2):
        start = begin_record(draw, ROOT, world.shapes, [])
        known = point(draw, start, ids_of(start, PART)) if draw.random.random() < 0.5 else start
        documents += [plain(known.document()), plain(settle(draw, world, start).document())]
    frame = frame_of(documents, world, ROOT, draw)
    codes = judged(frame, world.ruleset)
    given = [each if isinstance(each, dict) else {} for each in _given(frame)]
    return codes, compared(frame, given, world.ruleset, codes)


def frame_of(documents: list[dict[str, Any]], world: World, entity: str, draw: Chance) -> pl.DataFrame:
    """Return documents as a frame; numbers as text or as floats, and so on, as chance has it."""
    schema = _schema(world, entity, draw)
    return pl.DataFrame([_fitted(each, schema) for each in documents], schema=schema, strict=False)


def _schema(world: World, entity: str, draw: Chance) -> dict[str, Any]:
    found: dict[str, Any] = {"id": pl.String()}
    for attr in world.shapes[entity]:
        found[attr.name] = _type(world, attr, draw)
    return found


def _type(world: World, attr: Attr, draw: Chance) -> Any:
    match attr.kind:
        case "bool":
            return draw.random.choice((pl.Boolean(), pl.String()))
        case "number":
            return draw.random.choice(
                (pl.Float64(), pl.Float64(), pl.Float32(), pl.String(), pl.Decimal(20, 2))
            )
        case "whole":
            return draw.random.choice((pl.Int64(), pl.Float64()))
        case "date":
            return draw.random.choice((pl.Date(), pl.String()))
        case "set" | "words":
            return pl.List(pl.String())
        case "list":
            return pl.List(pl.Struct(_schema(world, attr.of, draw)))
        case _:
            return pl.String()


def _fitted(given: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(given.get(name), kind) for name, kind in schema.items()}


def _value(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, pl.List) and isinstance(kind.inner, pl.Struct):
        inner = {each.name: each.dtype for each in kind.inner.fields}
        return [_fitted(each, inner) for each in value]
    if isinstance(kind, pl.List):
        return list(value) if isinstance(value, list | tuple) else [str(value)]
    if kind.is_numeric():
        figure = _figure(value)
        if figure is None:
            return None
        if isinstance(kind, pl.Int64):
            return int(figure) if figure.denominator == 1 else None
        if isinstance(kind, pl.Decimal):
            from decimal import Decimal

            return (
                Decimal(figure.numerator) / Decimal(figure.denominator)
                if (figure * 100).denominator == 1
                else None
            )
        return float(figure)
    if kind == pl.Date:
        from datetime import date

        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return None
    if kind == pl.Boolean:
        return value if isinstance(value, bool) else None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _figure(value: Any) -> Fraction | None:
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None


def _given(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as documents; a Float32 is its own shortest decimal."""
    return [dict(row) for row in _widened(frame).to_dicts()]


def _widened(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with text for each Float32, at any depth."""
    return frame.cast({name: _text_for_narrow(kind) for name, kind in frame.schema.items()})


def _text_for_narrow(kind: Any) -> Any:
    if kind == pl.Float32:
        return pl.String()
    if isinstance(kind, pl.List):
        return pl.List(_text_for_narrow(kind.inner))
    if isinstance(kind, pl.Struct):
        return pl.Struct({each.name: _text_for_narrow(each.dtype) for each in kind.fields})
    return kind
