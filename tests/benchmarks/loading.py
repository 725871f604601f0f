"""Suites (g) and (h): loading, the first assessment of a process, memory."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import yaml

from dualprev_rules import Engine
from dualprev_rules.engine import core_pack
from dualprev_rules.pack.registry import installed_packs
from tests.benchmarks import worlds
from tests.benchmarks.measure import Contestant, Timing, race
from tests.benchmarks.outcome import Promise, Row, Setting, Suite

ASSESSMENTS = 1_000_000


def load_time(setting: Setting) -> Suite:
    """(g) Load all packs, cold and from the cache, beside the bare parse of the same files."""
    packs = [pack.id for pack in installed_packs()]
    suite = Suite("g", f"load {', '.join(packs)}")
    texts = _texts()
    bare = Contestant("yaml.CSafeLoader, the same files", _parse, [texts])
    cold = Contestant("load, cold", _load("off"), [packs])
    warm = Contestant("load, from the cache", _load(str(setting.folder)), [packs])
    fresh = Contestant("load, cold, and write the cache", _write(setting.folder / "fresh"), [packs])
    in_process = race([bare, cold, warm, fresh], setting.effort)
    first = _first_assessments(packs, setting)
    suite.rows += [Row.of(timing) for timing in (*in_process, *first)]
    times = in_process[0].times_faster_than(in_process[1])
    suite.promises += [
        Promise("load cold, beside the bare parse", 3, times, at_least=False),
        Promise("load from the cache, in a new process", 0.3, first[1].median, at_least=False, unit="s"),
        Promise("first assessment of a new process, whole", 1.0, first[0].median, at_least=False, unit="s"),
    ]
    return suite


def memory(setting: Setting) -> Suite:
    """(h) Memory of a loaded engine, and how it grows over a million assessments."""
    suite = Suite("h", "memory")
    if not Path("/proc/self/statm").is_file():
        suite.not_measured.append("resident memory: this system does not say it in /proc")
        return suite
    seconds = 5 if setting.effort.quick else 300
    packs = [pack.id for pack in installed_packs()]
    found = _child("memory", str(seconds), str(ASSESSMENTS), worlds.AS_OF, *packs)
    grown = found["growth"] / 2**20
    suite.rows += [
        Row(f"engine of {found['rules']} rules", found["engine"] / 2**20, 0.0, "MiB"),
        Row(f"growth over {found['assessments']:,} assessments", grown, 0.0, "MiB"),
    ]
    if found["assessments"] < ASSESSMENTS:
        suite.not_measured.append(f"all {ASSESSMENTS:,} assessments: stopped after {seconds} s")
    suite.promises.append(Promise("growth over the assessments (flat)", 1, grown, at_least=False, unit="MiB"))
    return suite


def _texts() -> list[str]:
    """Return the files that a load reads: of the core and every pack, but for the cases."""
    roots = [core_pack(), *(pack.path for pack in installed_packs())]
    return [
        file.read_text("utf-8")
        for root in roots
        for file in sorted(Path(str(root)).rglob("*.yaml"))
        if "cases" not in file.relative_to(str(root)).parts
    ]


def _parse(texts: list[str]) -> None:
    for text in texts:
        yaml.load(text, yaml.CSafeLoader)


def _load(cache: str) -> Callable[[list[str]], Engine]:
    def load(packs: list[str]) -> Engine:
        os.environ["DUALPREV_CACHE"] = cache
        return Engine.load(packs, as_of=worlds.AS_OF)

    return load


def _write(cache: Path) -> Callable[[list[str]], Engine]:
    load = _load(str(cache))

    def write(packs: list[str]) -> Engine:
        shutil.rmtree(cache, ignore_errors=True)
        return load(packs)

    return write


def _first_assessments(packs: list[str], setting: Setting) -> tuple[Timing, Timing]:
    """Return the times of whole processes, and of the loading within them."""
    facts = setting.folder / "site.json"
    facts.write_text(json.dumps(worlds.site(), default=str), "utf-8")
    whole, load = [], []
    os.environ["DUALPREV_CACHE"] = str(setting.folder)
    _child("first", str(facts), worlds.AS_OF, *packs)  # writes the cache, and what Python compiles
    cpu = setting.effort.clock is process_time
    clock = _cpu_of_children if cpu else perf_counter
    for _ in range(setting.effort.rounds):
        start = clock()
        found = _child("first", str(facts), worlds.AS_OF, *packs)
        whole.append(clock() - start)
        load.append(found["load_cpu" if cpu else "load"])
    return (
        Timing("a new process: import, load, assess the site", tuple(whole)),
        Timing("  of it: load from the cache", tuple(load)),
    )


def _cpu_of_children() -> float:
    """Return the CPU seconds of all processes that were started and have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _child(*args: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.child", *args]
    done = subprocess.run(command, cwd=worlds.ROOT, check=True, capture_output=True, encoding="utf-8")
    return json.loads(done.stdout)
