"""The columns evaluator on Apache Spark: the same kernel over the rows of each partition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Protocol

import polars as pl

from dualprev_rules.evaluate.columns.result import FrameResult, Judged, key_of
from dualprev_rules.problems import DualprevError, problem

arrow: Any = import_module("pyarrow")
sql: Any = import_module("pyspark.sql")

_SAMPLE = 5
"""So many rows are named of each kind of fault."""
_TYPES: Mapping[str, Any] = {
    "string": arrow.string(),
    "bigint": arrow.int64(),
    "array<string>": arrow.list_(arrow.string()),
}
"""Types of Spark, and of Arrow."""
_TIDY: Mapping[str, str] = dict.fromkeys(("key", "entity", "path", "rule", "outcome"), "string")
_COUNTS: Mapping[str, str] = {**dict.fromkeys(("entity", "rule", "outcome"), "string"), "count": "bigint"}
_PROBLEMS: Mapping[str, str] = {
    **dict.fromkeys(("place", "attribute", "code"), "string"),
    "count": "bigint",
    "sample": "array<string>",
}


class Assessing(Protocol):
    """An engine, as far as it is needed here."""

    def assess_frame(self, frame: Any, **options: Any) -> FrameResult:
        """Judge the rows of a frame."""
        ...


class Shared(Protocol):
    """What is broadcast: each process of an executor unpickles it once."""

    @property
    def value(self) -> Assessing:
        """Return the engine."""
        ...


@dataclass(frozen=True, slots=True)
class SparkResult:
    """The outcomes of a Spark DataFrame, as Spark DataFrames: judged when Spark is asked for their rows.

    A row has no number there: what names an enterprise is its key.
    """

    frame: Any
    engine: Shared
    options: Mapping[str, Any]

    def tidy(self) -> Any:
        """Return a row for each outcome that was asked for: key, entity, path, rule, outcome."""
        return self._map(_tidy, _TIDY)

    def counts(self) -> Any:
        """Return how many records have each outcome, by entity and rule."""
        functions = sql.functions
        found = self._map(_counts, _COUNTS).groupBy("entity", "rule", "outcome")
        return found.agg(functions.sum("count").alias("count"))

    def problems(self) -> Any:
        """Return what was given and is wrong, by place, attribute and kind: how often, and keys of some."""
        functions = sql.functions
        found = self._map(_problems, _PROBLEMS).groupBy("place", "attribute", "code")
        keys = functions.array_sort(functions.flatten(functions.collect_list("sample")))
        return found.agg(
            functions.sum("count").alias("count"), functions.slice(keys, 1, _SAMPLE).alias("sample")
        )

    def _map(self, take: Callable[[Judged], pl.DataFrame], columns: Mapping[str, str]) -> Any:
        judge = partial(_judge, self.engine, self.options, take, columns)
        return self.frame.mapInArrow(judge, ", ".join(f"{name} {kind}" for name, kind in columns.items()))


def spark_result(engine: Assessing, frame: Any, options: Mapping[str, Any]) -> SparkResult:
    """Check the columns of a Spark DataFrame, and broadcast the engine; raises DualprevError."""
    given = type(frame).__name__
    if not isinstance(frame, sql.DataFrame):
        raise DualprevError(problem("evaluate.no-frame", given=given, said="—"))
    empty = engine.assess_frame(frame.limit(0).toArrow(), **options)
    if key_of(empty.shape.plan.entity, empty.shape.facts) is None:
        raise DualprevError(problem("evaluate.no-key", given=options["entity"]))
    context = getattr(frame.sparkSession, "sparkContext", None)
    if context is None:
        raise DualprevError(problem("evaluate.spark-connect"))
    return SparkResult(frame, context.broadcast(engine), options)


def _judge(
    engine: Shared,
    options: Mapping[str, Any],
    take: Callable[[Judged], pl.DataFrame],
    columns: Mapping[str, str],
    batches: Iterable[Any],
) -> Iterator[Any]:
    """Judge the batches of a partition, in an executor."""
    schema = arrow.schema([(name, _TYPES[kind]) for name, kind in columns.items()])
    for table in _gathered(batches, options["rows"]):
        for judged in engine.value.assess_frame(table, **options).slices():
            yield from _as_arrow(take(judged).select(*columns)).cast(schema).to_batches()


def _as_arrow(frame: Any) -> Any:
    return frame.to_arrow()


def _gathered(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Put batches together: planning the columns costs the same for few rows as for many."""
    held: list[Any] = []
    for batch in batches:
        held.append(batch)
        if sum(each.num_rows for each in held) >= rows:
            yield arrow.Table.from_batches(held)
            held = []
    if any(each.num_rows for each in held):
        yield arrow.Table.from_batches(held)


def _tidy(judged: Judged) -> pl.DataFrame:
    return judged.tidy()


def _counts(judged: Judged) -> pl.DataFrame:
    return judged.counts()


def _problems(judged: Judged) -> pl.DataFrame:
    found, keys = judged.problems(), judged.keys.cast(pl.String)
    rows = [keys.gather(sample - judged.first).to_list() for sample in found["sample"]]
    return found.with_columns(pl.Series("sample", rows, dtype=pl.List(pl.String)))
