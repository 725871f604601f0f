"""Frames of any library as one kind, and the shape that they have by a schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import polars as pl

from dualprev_rules.evaluate.columns.faults import counted, no_faults
from dualprev_rules.evaluate.columns.shape import Shape, shape_of
from dualprev_rules.facts.plan import Plans
from dualprev_rules.problems import DualprevError, Problem, nearest, problem


def lazy(frame: Any) -> pl.LazyFrame:
    """Return a frame of Polars, Arrow or pandas as a lazy one of Polars; raises DualprevError."""
    if isinstance(frame, pl.LazyFrame):
        return frame
    if isinstance(frame, pl.DataFrame):
        return frame.lazy()
    try:
        # pandas goes through Arrow, so that its dates, texts and lists keep their types.
        library: Any = pl
        made: object = library.from_pandas(frame) if hasattr(frame, "iloc") else library.from_arrow(frame)
    except Exception as fault:
        given = type(frame).__name__
        raise DualprevError(problem("evaluate.no-frame", given=given, said=str(fault)[:200])) from fault
    if not isinstance(made, pl.DataFrame):
        raise DualprevError(problem("evaluate.no-frame", given=type(frame).__name__, said="—"))
    return made.lazy()


def shape(frame: pl.LazyFrame, entity: str, plans: Plans) -> Shape:
    """Return what the columns of a frame mean; raises DualprevError with all that is wrong with them."""
    if entity not in plans.schema.entities:
        near = nearest(entity, plans.entities.exact)
        raise DualprevError(problem("facts.unknown-entity", path=entity, given=entity, nearest=near))
    try:
        columns = dict(frame.collect_schema())
    except (pl.exceptions.PolarsError, OSError) as fault:
        said = str(fault)[:200]
        raise DualprevError(problem("evaluate.no-frame", given=type(frame).__name__, said=said)) from fault
    wrong: list[Problem] = []
    made = shape_of(columns, plans[entity], plans, "", wrong)
    if wrong:
        raise DualprevError(wrong)
    return made


@dataclass(slots=True)
class _Flat:
    """Flat frames by entity, and what is found out while they are put together."""

    frames: Mapping[str, pl.LazyFrame]
    plans: Plans
    hung: set[str]
    strays: list[pl.DataFrame] = field(default_factory=lambda: [no_faults()])


def nested(frames: Any, plans: Plans, entity: str) -> tuple[pl.LazyFrame, pl.DataFrame]:
    """Return flat frames, one for each entity, as one frame in which records hold their lists.

    A row hangs on the record whose key stands in a column named after its entity. Where there is none, or
    more than one, it may belong anywhere: it is counted in the second frame, as ``faults`` counts, with rows
    of its own table, and its list is open everywhere. Raises DualprevError.
    """
    if not isinstance(frames, Mapping):
        raise DualprevError(problem("evaluate.no-frame", given=type(frames).__name__, said="—"))
    given = {str(name): lazy(frame) for name, frame in cast("Mapping[Any, Any]", frames).items()}
    wrong = [
        problem("facts.unknown-entity", path=name, given=name, nearest=nearest(name, plans.entities.exact))
        for name in given
        if plans.entities.get(name) is None
    ]
    entities = [found.name for name in given if (found := plans.entities.get(name))]
    wrong += [
        problem("evaluate.table-twice", given=name)
        for name in dict.fromkeys(entities)
        if entities.count(name) > 1
    ]
    named = {found.name: frame for name, frame in given.items() if (found := plans.entities.get(name))}
    if entity not in named:
        wrong.append(problem("evaluate.no-table", given=entity))
    if wrong:
        raise DualprevError(wrong)
    flat = _Flat(named, plans, {entity})
    made = _with_lists(entity, "", flat)
    wrong += [problem("evaluate.no-holder", given=name) for name in named if name not in flat.hung]
    if wrong:
        raise DualprevError(wrong)
    return made, pl.concat(flat.strays)


def _with_lists(entity: str, place: str, flat: _Flat) -> pl.LazyFrame:
    frames, plans, hung = flat.frames, flat.plans, flat.hung
    frame, plan = frames[entity], plans[entity]
    columns = frame.collect_schema().names()
    key = next((name for name in columns if plan.key is not None and plan.names.get(name) is plan.key), None)
    for slot in plan.slots.values():
        child = slot.child
        if child is None or child not in frames or child in hung:
            continue
        inner = frames[child].collect_schema().names()
        holder = next((name for name in inner if plans.entities.get(name) is plan.entity), None)
        if holder is None or key is None:
            continue
        hung.add(child)
        at = f"{place}.{slot.name}" if place else slot.name
        below = _with_lists(child, at, flat)
        held = [name for name in below.collect_schema().names() if name != holder]
        lists = (
            below.with_columns(pl.col(holder).cast(pl.String).alias("^"))
            .group_by("^", maintain_order=True)
            .agg(pl.struct(held).alias(slot.name))
        )
        strays = _strays(frames[entity], key, frames[child], holder)
        several = strays.filter(pl.col("code") == _SEVERAL)["key"].unique().to_list()
        # A table that is given is taken as complete: a record that nothing hangs on has an empty list.
        frame = frame.join(
            lists.filter(~pl.col("^").is_in(several)),
            left_on=pl.col(key).cast(pl.String),
            right_on="^",
            how="left",
            maintain_order="left",
        )
        frame = frame.with_columns(pl.col(slot.name).fill_null([])).drop("^", strict=False)
        if strays.height:
            flat.strays.append(counted(strays, at, holder))
            # What hangs on nothing may belong anywhere: a place for it, which is no record, opens each list.
            frame = frame.with_columns(pl.concat_list(slot.name, pl.lit(None)))
    return frame


_NONE, _SEVERAL = "facts.no-such-holder", "facts.several-holders"


def _strays(upper: pl.LazyFrame, key: str, lower: pl.LazyFrame, holder: str) -> pl.DataFrame:
    """Return the rows of a table that do not hang on one record of the table above: key, row and code."""
    keys = upper.select(pl.col(key).cast(pl.String).alias("key")).drop_nulls()
    found = (
        lower.select(pl.col(holder).cast(pl.String).alias("key"))
        .with_row_index("row")
        .join(keys.group_by("key").agg(pl.len().alias("of")), on="key", how="left", maintain_order="left")
        .with_columns(pl.col("of").fill_null(0))
        .filter(pl.col("of") != 1)
    )
    code = pl.when(pl.col("of") > 0).then(pl.lit(_SEVERAL)).otherwise(pl.lit(_NONE)).alias("code")
    try:
        return found.select("key", "row", code).collect()
    except (pl.exceptions.PolarsError, OSError) as fault:
        said = str(fault)[:200]
        raise DualprevError(problem("evaluate.no-frame", given=holder, said=said)) from fault
