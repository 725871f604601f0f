"""What a suite hands back: rows, and promises with what was measured of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Effort, Timing


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a time, or another figure in its own unit."""

    name: str
    median: float
    spread: float
    unit: str = "s"
    rounds: int = 1

    @classmethod
    def of(cls, timing: Timing, called: str | None = None) -> Row:
        """Return the row of a timing."""
        return cls(called or timing.name, timing.median, timing.spread, "s", len(timing.rounds))


@dataclass(frozen=True, slots=True)
class Promise:
    """A figure to reach, and the figure measured."""

    text: str
    target: float
    measured: float
    at_least: bool
    unit: str = "×"

    @property
    def held(self) -> bool:
        """Tell whether it is kept."""
        return self.measured >= self.target if self.at_least else self.measured <= self.target

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        bound = "at least" if self.at_least else "at most"
        return {
            "text": self.text,
            "bound": bound,
            "target": self.target,
            "measured": self.measured,
            "unit": self.unit,
            "held": self.held,
        }


@dataclass(slots=True)
class Suite:
    """The outcome of one suite."""

    id: str
    title: str
    rows: list[Row] = field(default_factory=list[Row])
    promises: list[Promise] = field(default_factory=list[Promise])
    not_measured: list[str] = field(default_factory=list[str])
    """What could not take part, and why."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a suite is given: how much effort, and a folder for packs that it writes."""

    effort: Effort
    folder: Path
