"""What is measured in a process of its own: ``python -m tests.benchmarks.child first|memory …``."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any


def first(facts: str, as_of: str, *packs: str) -> dict[str, Any]:
    """Load the packs and assess one file of facts: what a new process does."""
    from dualprev_rules import Engine

    start, cpu = perf_counter(), process_time()
    engine = Engine.load(packs, as_of=as_of)
    load = {"load": perf_counter() - start, "load_cpu": process_time() - cpu}
    violated = engine.assess(json.loads(Path(facts).read_text("utf-8"))).count("violated")
    return {**load, "violated": violated}


def memory(seconds: str, most: str, as_of: str, *packs: str) -> dict[str, Any]:
    """Load the packs, then judge forty flat rules again and again; resident bytes at each stage."""
    from dualprev_rules import Engine
    from tests.benchmarks import worlds

    before = _resident()
    engine = Engine.load(packs, as_of=as_of)
    gc.collect()
    loaded = _resident()
    flat, facts = Engine.load(worlds.FLAT, as_of=as_of), worlds.flat_facts()
    end = perf_counter() + float(seconds)
    done, resident = 0, []
    while done < int(most) and perf_counter() < end:
        for each in facts:
            flat.assess(each).count("violated")
        done += len(facts)
        if done % (len(facts) * 16) == 0:
            resident.append(_resident())
    resident.append(_resident())
    gc.collect()
    return {
        "rules": len(engine.ruleset.rules),
        "engine": loaded - before,
        "assessments": done,
        # A tenth of the way in, all that is kept once for all has been made.
        "growth": _resident() - resident[len(resident) // 10],
    }


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * 4096


if __name__ == "__main__":
    print(json.dumps({"first": first, "memory": memory}[sys.argv[1]](*sys.argv[2:])))
