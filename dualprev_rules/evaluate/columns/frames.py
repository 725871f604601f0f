"""Frames of any library as one kind, and the shape that they have by a schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import polars as pl

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


def nested(frames: Any, plans: Plans, entity: str) -> pl.LazyFrame:
    """Return flat frames, one for each entity, as one frame in which records hold their lists.

    A row hangs on the record whose key stands in a column named after its entity. Raises DualprevError.
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
    hung: set[str] = {entity}
    made = _with_lists(entity, named, plans, hung, wrong)
    wrong += [problem("evaluate.no-holder", given=name) for name in named if name not in hung]
    if wrong:
        raise DualprevError(wrong)
    return made


def _with_lists(
    entity: str, frames: Mapping[str, pl.LazyFrame], plans: Plans, hung: set[str], wrong: list[Problem]
) -> pl.LazyFrame:
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
        below = _with_lists(child, frames, plans, hung, wrong)
        held = [name for name in below.collect_schema().names() if name != holder]
        lists = (
            below.with_columns(pl.col(holder).cast(pl.String).alias("^"))
            .group_by("^", maintain_order=True)
            .agg(pl.struct(held).alias(slot.name))
        )
        # A table that is given is taken as complete: a record that nothing hangs on has an empty list.
        frame = frame.join(
            lists, left_on=pl.col(key).cast(pl.String), right_on="^", how="left", maintain_order="left"
        )
        frame = frame.with_columns(pl.col(slot.name).fill_null([])).drop("^", strict=False)
    return frame
