"""The table and the JSON of a run."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.outcome import Row, Suite
from tests.benchmarks.peers import installed

MARK = "<!-- figures -->"
_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
_PEERS = ("dualprev-rules", "zen-engine", "durable-rules", "rule-engine", "PyYAML")


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "load_average": [round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
        **{peer: installed(peer) for peer in _PEERS},
    }


def _cpu() -> str:
    known = Path("/proc/cpuinfo")
    if known.is_file():
        for line in known.read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "?"


def table(suite: Suite) -> str:
    """Return a suite as text: the times, then the promises."""
    lines = [f"({suite.id}) {suite.title}"]
    lines += [
        f"    {row.name:<44} {shown(row):>12}  ± {_amount(row.spread, row.unit):<10}" for row in suite.rows
    ]
    for promise in suite.promises:
        sign = "≥" if promise.at_least else "≤"
        mark = "held    " if promise.held else "NOT HELD"
        wanted = f"{sign} {promise.target:g} {promise.unit}"
        lines.append(f"  {mark} {promise.text:<64} {promise.measured:>9.3g} {promise.unit}  ({wanted})")
    lines += [f"    not measured: {each}" for each in suite.not_measured]
    return "\n".join(lines)


def shown(row: Row) -> str:
    """Return the median of a row with a fitting unit."""
    return _amount(row.median, row.unit)


def _amount(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:,.{2 if abs(value) < 10 else 1}f} {unit}"
    for size, name in _UNITS:
        if value >= size:
            return f"{value / size:.3g} {name}"
    return f"{value * 1e9:.3g} ns"


def page(text: str, suites: Iterable[Suite], about: dict[str, Any]) -> str:
    """Return a page with the figures of a run in place of all that stands behind the mark."""
    head, mark, _ = text.partition(MARK)
    if not mark:
        raise ValueError(f"the page has no line {MARK}")
    said = ", ".join(f"{name} {value}" for name, value in about.items() if value is not None)
    lines = [head + mark, "", f"One run: {said}.", ""]
    for suite in suites:
        lines += [f"### ({suite.id}) {suite.title}", "", "| | median | ± |", "| --- | --- | --- |"]
        lines += [f"| {row.name} | {shown(row)} | {_amount(row.spread, row.unit)} |" for row in suite.rows]
        if suite.promises:
            lines += ["", "| promised | measured | |", "| --- | --- | --- |"]
        for promise in suite.promises:
            sign, unit = "≥" if promise.at_least else "≤", promise.unit
            held = "held" if promise.held else "**not held**"
            wanted = f"{promise.text} {sign} {promise.target:g} {unit}"
            lines.append(f"| {wanted} | {promise.measured:.3g} {unit} | {held} |")
        lines += ["", *(f"Not measured: {each}." for each in suite.not_measured)]
        lines += [""] if suite.not_measured else []
    return "\n".join(lines).rstrip() + "\n"


def document(suites: Iterable[Suite], about: dict[str, Any]) -> dict[str, Any]:
    """Return the run as JSON values."""
    return {
        "machine": about,
        "suites": [
            {
                "id": suite.id,
                "title": suite.title,
                "rows": [
                    {"name": r.name, "median": r.median, "iqr": r.spread, "unit": r.unit, "rounds": r.rounds}
                    for r in suite.rows
                ],
                "promises": [promise.to_json() for promise in suite.promises],
                "not_measured": suite.not_measured,
            }
            for suite in suites
        ],
    }
