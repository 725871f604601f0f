"""Suites (m), (n) and (o): a population against a whole pack, growth with rows, and workers of Spark."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from math import log
from os import sysconf
from pathlib import Path
from shutil import which
from time import perf_counter, process_time
from typing import Any

from dualprev_rules import Engine
from dualprev_rules.supervision.population import population, settings
from tests.benchmarks import worlds
from tests.benchmarks.columns import SHARES, flat_frame
from tests.benchmarks.outcome import Row, Setting, Suite
from tests.columns.spark import Cluster, cluster, session

PACK = "chemicals"
SEED = 1


def batch(setting: Setting) -> Suite:
    """(m) `dualprev batch` of synthetic enterprises against the whole chemicals pack, facts missing."""
    many = 2_000 if setting.effort.quick else 50_000
    suite = Suite("m", f"a batch of {many:,} synthetic enterprises against the whole {PACK} pack")
    ruleset = Engine.load(PACK, as_of=worlds.AS_OF).ruleset
    for missing in SHARES:
        file = setting.folder / f"{missing}.parquet"
        list(population(ruleset, settings().only((), missing), file, enterprises=many, seed=SEED))
        found = child(
            "batch", str(file), str(setting.folder / f"run{missing}"), str(many), worlds.AS_OF, PACK
        )
        suite.rows += batch_rows(found, f"{missing:.0%} missing: ")
    return suite


def batch_rows(found: dict[str, Any], heading: str) -> list[Row]:
    """Return what a batch took."""
    cpu, rows = found["cpu"], found["enterprises"]
    made = [
        Row(heading + "CPU time, page included", cpu, 0.0),
        Row(heading + "by the clock", found["wall"], 0.0),
        Row(heading + "enterprises a second of CPU", rows / cpu, 0.0, ""),
        Row(heading + "outcomes a second of CPU", found["cells"] / cpu, 0.0, ""),
        Row(heading + "outcomes", found["cells"], 0.0, ""),
        Row(heading + "outcomes decided again", 100 * found["asked"] / found["cells"], 0.0, "%"),
    ]
    if found["peak"] is not None:
        made.append(Row(heading + "peak memory of the process", found["peak"] / 2**20, 0.0, "GiB"))
    return made


def growth(setting: Setting) -> Suite:
    """(n) Forty flat rules over ever more rows, in slices: the exponent of time in rows."""
    sizes = [10_000, 100_000, 1_000_000] + ([] if setting.effort.quick else [10_000_000])
    suite = Suite("n", "40 flat rules, 20 % of the facts missing, over more and more rows, 200,000 at once")
    engine = Engine.load(worlds.FLAT, as_of=worlds.AS_OF)
    taken: list[float] = []
    for rows in sizes:
        result = engine.assess_frame(flat_frame(rows, SHARES[1]), rows=200_000)
        seconds: list[float] = []
        for _ in range(5 if rows < 10_000_000 else 1):
            start = process_time()
            judged = sum(each.rows for each in result.slices())
            seconds.append(process_time() - start)
            assert judged == rows
        taken.append(sorted(seconds)[len(seconds) // 2])
        suite.rows.append(Row(f"{rows:,} rows, CPU time", taken[-1], 0.0, "s", len(seconds)))
    for before, after in ((0, -1), (1, -1)):
        exponent = log(taken[after] / taken[before]) / log(sizes[after] / sizes[before])
        suite.rows.append(Row(f"exponent from {sizes[before]:,} to {sizes[after]:,} rows", exponent, 0.0, ""))
    return suite


def workers(setting: Setting) -> Suite:
    """(o) The same rows on a standalone cluster of Spark with one worker, and with two."""
    many = 400 if setting.effort.quick else 4_000
    suite = Suite(
        "o", f"{many:,} synthetic enterprises against {PACK} on Spark, one worker and two of a core each"
    )
    if find_spec("pyspark") is None or which("java") is None:
        suite.not_measured.append("Spark needs Java and PySpark, which are not there")
        return suite
    file = setting.folder / "population.parquet"
    ruleset = Engine.load(PACK, as_of=worlds.AS_OF).ruleset
    list(population(ruleset, settings().only((), SHARES[1]), file, enterprises=many, seed=SEED))
    taken = {}
    for number in (1, 2):
        folder = setting.folder / f"cluster{number}"
        found = child("spark", str(file), str(folder), str(number), worlds.AS_OF, PACK)
        taken[number] = found["wall"]
        heading = f"workers: {number}, "
        suite.rows.append(Row(heading + "by the clock", found["wall"], 0.0))
        if found["cpu"] is not None:
            suite.rows.append(Row(heading + "CPU time of master and workers", found["cpu"], 0.0))
    # Where others use the cores, what two workers gain is what the others leave.
    suite.rows.append(Row("efficiency of two, by the clock", 100 * taken[1] / (2 * taken[2]), 0.0, "%"))
    return suite


def child(*arguments: str) -> dict[str, Any]:
    """Return what a process of its own measured."""
    command = [sys.executable, "-m", "tests.benchmarks.province", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    return json.loads(done.stdout.splitlines()[-1])


def _batch(file: str, out: str, rows: str, as_of: str, *packs: str) -> dict[str, Any]:
    """Run a batch as the command does, and say what it took."""
    from dualprev_rules.report.province_page import province_page
    from dualprev_rules.supervision.province import SNAPSHOT, open_batch, read_source

    folder = Path(out)
    folder.mkdir()
    engine = Engine.load(packs, as_of=as_of)
    start, cpu = perf_counter(), process_time()
    frame = read_source(engine, file, None, folder / SNAPSHOT)
    outcomes = ("violated", "presumed")
    run = open_batch(engine, frame, folder, rows=int(rows), outcomes=outcomes, resume=False)
    list(run.run())
    tally = run.tally()
    (folder / "summary.html").write_text(province_page(tally, engine.ruleset, engine.profile, "zh"), "utf-8")
    return {
        "wall": perf_counter() - start,
        "cpu": process_time() - cpu,
        "enterprises": tally.enterprises,
        "cells": tally.cells,
        "asked": tally.asked,
        "peak": _peak(),
    }


def _peak() -> int | None:
    """Return the most memory that this process held, in KiB; None where the system does not say so."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    lines = status.read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _spark(file: str, folder: str, count: str, as_of: str, *packs: str) -> dict[str, Any]:
    """Judge on a cluster of so many workers, each part a share of the rows; the first run only warms up."""
    engine = Engine.load(packs, as_of=as_of)
    Path(folder).mkdir()
    with cluster(Path(folder), int(count), memory="2g") as made, session(made.master, memory="1g") as spark:
        frame = spark.read.parquet(file).repartition(2).cache()
        assert frame.count()
        functions = import_module("pyspark.sql").functions
        wall = cpu = 0.0
        for _ in range(2):
            start, before = perf_counter(), _cpu(made)
            engine.assess_spark(frame).counts().agg(functions.sum("count")).collect()
            wall, cpu = perf_counter() - start, _cpu(made) - before
    return {"wall": wall, "cpu": cpu if Path("/proc/self/stat").is_file() else None}


def _cpu(of: Cluster) -> float:
    """Return the CPU seconds of all processes of a cluster so far."""
    taken: dict[int, tuple[int, int]] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # Behind the name, which may hold anything: state, parent …, then user, system, both of children.
            fields = file.read_text("ascii", "replace").rpartition(")")[2].split()
            taken[int(file.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    found = {process.pid for process in of.processes.values()}
    while more := {pid for pid, (parent, _) in taken.items() if parent in found} - found:
        found |= more
    return sum(taken[pid][1] for pid in found if pid in taken) / sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    print(json.dumps({"batch": _batch, "spark": _spark}[sys.argv[1]](*sys.argv[2:])))
