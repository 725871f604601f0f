"""Watch a mine for a day: ``python -m tests.benchmarks.day [--minutes 10] [--hours 24]``.

300 sensors give a reading each second, as fast as the monitor takes them, until the day is over or the
minutes are. Prints how many readings were taken, how fast, and the memory at the beginning and the end, of
this process and of the one of durable-rules (which is begun anew now and then, since it gives nothing back).
Each reading has to be taken, and the two limits are counted by hand: nothing may be lost.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from pathlib import Path
from time import monotonic, process_time

from dualprev_rules import Engine
from dualprev_rules.control import Monitor
from dualprev_rules.evaluate.events.process import ProcessMemory
from tests.benchmarks.live import PACK, SENSORS, stream

_SETTLED = 120
"""Seconds of the day after which whatever is made once has been made."""
_LIMITS = {"live.at-1": 1.0, "live.at-1.5": 1.5}


def main() -> int:
    """Run the day; return 1 where anything was lost or the memory has grown by a tenth."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.day", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="minutes that it may take")
    parser.add_argument("--hours", type=float, default=24, help="hours of the day")
    given = parser.parse_args()
    end, cpu = monotonic() + 60 * given.minutes, process_time()
    told: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    over: set[tuple[str, str]] = set()
    sizes: list[int] = []
    childs: list[int] = []
    refused = readings = second = 0
    with Monitor(Engine.load(PACK, as_of="2026-11-21"), isolation="process") as monitor:
        begin = monotonic()
        for second, lines in enumerate(stream(), 1):
            for line in lines:
                heard = monitor.feed(line)
                refused += len(heard.problems)
                told.update(w.warning for w in heard.warnings if w.event == "opened")
                reading = json.loads(line)
                for name, limit in _LIMITS.items():
                    key, is_over = (name, reading["record"]), float(reading["value"]) >= limit
                    counted[name] += is_over and key not in over
                    (over.add if is_over else over.discard)(key)
            readings += len(lines)
            if second % _SETTLED == 0:
                sizes.append(_resident(os.getpid()))
                assert isinstance(monitor.memory, ProcessMemory)
                assert monitor.memory.pid is not None
                childs.append(_resident(monitor.memory.pid))
            if second >= 3600 * given.hours or monotonic() > end:
                break
        spent = monotonic() - begin
    lost = [name for name in _LIMITS if told[name] != counted[name]]
    print(
        f"readings taken: {readings:,} ({second / 3600:.2f} hours of {SENSORS} sensors), refused: {refused}"
    )
    print(
        f"a second: {readings / spent:,.0f} ({readings / (process_time() - cpu):,.0f} a second of CPU time)"
    )
    print(f"warnings: {dict(sorted(told.items()))}, not as counted by hand: {lost or 'none'}")
    if not sizes:
        print("memory: too short to tell")
        return 0
    first, last = sizes[0], sizes[-1]
    print(f"memory, MB: {first / 1e6:.1f} at first, {max(sizes) / 1e6:.1f} at most, {last / 1e6:.1f} at last")
    half = len(childs) // 2
    early, late = max(childs[: half or 1]), max(childs[half:])
    print(f"durable-rules, MB at most: {early / 1e6:.1f} in the first half, {late / 1e6:.1f} in the second")
    return int(bool(lost or refused or last > 1.1 * first or late > 1.1 * early))


def _resident(process: int) -> int:
    pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    raise SystemExit(main())
