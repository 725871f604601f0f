"""Run the benchmarks: ``python -m tests.benchmarks [a b … o] [--quick] [--cpu] [--out out/bench.json]``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from tests.benchmarks import columns, judging, live, loading, province, report
from tests.benchmarks.measure import FULL, QUICK
from tests.benchmarks.outcome import Setting

SUITES = {
    "a": judging.flat,
    "b": judging.installation,
    "c": judging.chemicals,
    "d": judging.many_rules,
    "e": judging.many_units,
    "f": judging.half_unknown,
    "g": loading.load_time,
    "h": loading.memory,
    "i": columns.flat,
    "j": columns.installation,
    "k": live.live,
    "l": columns.levels,
    "m": province.batch,
    "n": province.growth,
    "o": province.workers,
}


def main() -> int:
    """Run the suites named, or all; a promise that is not held is shown and is no failure."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help="letters of suites, a to o; none: all")
    parser.add_argument(
        "--quick", action="store_true", help="few rounds and small sizes: a look, no measurement"
    )
    parser.add_argument("--cpu", action="store_true", help="CPU time: where others use the machine too")
    parser.add_argument("--out", type=Path, default=Path("out/bench.json"))
    parser.add_argument("--page", type=Path, help="a page whose figures are replaced: docs/performance.md")
    given = parser.parse_args()
    unknown = set(given.suites) - SUITES.keys()
    if unknown:
        parser.error(f"no such suite: {', '.join(sorted(unknown))}")
    effort = QUICK if given.quick else FULL
    effort = replace(effort, clock=process_time) if given.cpu else effort
    about = {**report.machine(), "clock": "CPU time" if given.cpu else "wall time"}
    print(*(f"{name}: {value}" for name, value in about.items()), sep="\n")
    done = []
    given.out.parent.mkdir(parents=True, exist_ok=True)
    for name in given.suites or SUITES:
        # Only what measures the cache itself uses one.
        os.environ["DUALPREV_CACHE"] = "off"
        with TemporaryDirectory() as folder:
            suite = SUITES[name](Setting(effort, Path(folder)))
        print("\n" + report.table(suite), flush=True)
        done.append(suite)
        # After each suite: one that fails takes nothing from those before it.
        written = json.dumps(report.document(done, about), ensure_ascii=False, indent=2)
        given.out.write_text(written + "\n", "utf-8")
        if given.page is not None:
            given.page.write_text(report.page(given.page.read_text("utf-8"), done, about), "utf-8")
    promises = [promise for suite in done for promise in suite.promises]
    print(f"\n{sum(p.held for p in promises)} of {len(promises)} promises held; figures in {given.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
