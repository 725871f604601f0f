"""`Engine.assess_spark` on a standalone cluster: what `assess_frame` says, whatever the partitions."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

import polars as pl
import pytest

from dualprev_rules import DualprevError, Engine
from dualprev_rules.supervision.population import population, settings
from tests.cli.run import YARD
from tests.columns.spark import GO, Cluster, cluster, session, slowly

pytestmark = [
    pytest.mark.slow,
    pytest.mark.needs("java", "pyspark"),
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
]
MANY = 80
WORKERS = 2
ALL = ("violated", "compliant", "not_applicable", "undetermined", "presumed", "harmless")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(YARD, as_of="2026-11-21")


@pytest.fixture(scope="module")
def given(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("population") / "all.parquet"
    list(population(engine.ruleset, settings(), file, enterprises=MANY, seed=5))
    return file


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster"), WORKERS) as made:
        yield made


@pytest.fixture(scope="module")
def spark(workers: Cluster) -> Iterator[Any]:
    with session(workers.master) as made:
        yield made


def sorted_bytes(frame: pl.DataFrame) -> bytes:
    return frame.sort(frame.columns).write_csv().encode()


def polars(frame: Any) -> pl.DataFrame:
    made = pl.from_arrow(frame.toArrow())
    assert isinstance(made, pl.DataFrame)
    return made


def test_partitions_make_no_difference(engine: Engine, given: Path, spark: Any) -> None:
    frame = spark.read.parquet(str(given))
    alone = engine.assess_frame(pl.scan_parquet(given), outcomes=ALL)
    wanted = sorted_bytes(alone.tidy().drop("row"))
    for parts in (1, 2, 4):
        result = engine.assess_spark(frame.repartition(parts), outcomes=ALL, rows=50)
        assert sorted_bytes(polars(result.tidy())) == wanted, parts
    counts = engine.assess_spark(frame.coalesce(1)).counts()
    assert sorted_bytes(polars(counts)) == sorted_bytes(alone.counts())


def test_faults_of_the_data_are_counted(engine: Engine, spark: Any) -> None:
    rows = [(f"E{number}", [("U", "mine" if number < 2 else "storage")]) for number in range(6)]
    frame = spark.createDataFrame(rows, "id string, units array<struct<id: string, kind: string>>")
    found = engine.assess_spark(frame.coalesce(1)).problems().collect()
    assert [(row["place"], row["attribute"], row["code"], row["count"]) for row in found] == [
        ("units", "kind", "facts.not-a-member", 2)
    ]
    assert found[0]["sample"] == ["E0", "E1"]


def test_what_cannot_be_judged_is_said_before_anything_runs(engine: Engine, spark: Any) -> None:
    for columns, code in (
        ("id string, distrikt string", "evaluate.unknown-column"),
        ("id string, units int", "evaluate.column-type"),
        ("district string", "evaluate.no-key"),
    ):
        with pytest.raises(DualprevError) as raised:
            engine.assess_spark(spark.createDataFrame([], columns))
        assert [fault.code for fault in raised.value.problems] == [code]
    with pytest.raises(DualprevError) as raised:
        engine.assess_spark(pl.DataFrame({"id": ["A"]}))
    assert [fault.code for fault in raised.value.problems] == ["evaluate.no-frame"]


def test_a_worker_killed_in_mid_run_loses_nothing(
    engine: Engine, given: Path, spark: Any, workers: Cluster, tmp_path: Path
) -> None:
    """The last test of the module: one worker is left."""
    frame = spark.read.parquet(str(given)).select("id", "units").repartition(4)
    held = frame.mapInArrow(partial(slowly, str(tmp_path)), frame.schema)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(lambda: polars(engine.assess_spark(held).tidy()))
        while len(list(tmp_path.iterdir())) < WORKERS:
            assert not found.done(), found.result()
            sleep(0.2)
        workers.kill("worker1")
        (tmp_path / GO).touch()
        tidy = found.result()
    alone = engine.assess_frame(pl.scan_parquet(given).select("id", "units")).tidy()
    assert sorted_bytes(tidy) == sorted_bytes(alone.drop("row"))
    begun = len(list(tmp_path.iterdir())) - 1
    assert begun > 4, "no part was judged again"
