"""The annual plan: in which months each enterprise is inspected, the year's load spread evenly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from dualprev_rules.supervision.roster import spelled
from dualprev_rules.supervision.scheme import Classified

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Planned:
    """An enterprise and the months (1 to 12) of its inspections; a month stands as often as it has some."""

    classified: Classified
    months: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A year's inspections."""

    year: int
    rows: tuple[Planned, ...]
    load: tuple[int, ...]
    """Inspections in each month."""

    @property
    def visits(self) -> int:
        """All inspections of the year."""
        return sum(self.load)

    @property
    def open(self) -> int:
        """Enterprises whose class is not decided: they are planned by the strictest that they may be in."""
        return sum(not row.classified.decided for row in self.rows)


def annual_plan(classified: Iterable[Classified], year: int) -> Plan:
    """Return the plan of a year: every enterprise as often as its class asks, at even distances.

    Within a class enterprises are dealt out over the months one after the other, in an order that the year
    shuffles by SHA-256, so that nobody has the same month each year and no month has all the load.
    """
    order = sorted(
        classified, key=lambda one: (-one.counts.visits, one.counts.id, _mixed(year, one.enterprise.id))
    )
    load: Counter[int] = Counter()
    rows: list[Planned] = []
    turn = 0
    for one in order:
        visits = one.counts.visits
        months = tuple(sorted((turn + MONTHS * n // visits) % MONTHS + 1 for n in range(visits)))
        turn += bool(visits)
        load.update(months)
        rows.append(Planned(one, months))
    return Plan(year, tuple(rows), tuple(load[month] for month in range(1, MONTHS + 1)))


def inspectors_wanted(plan: Plan, per_month: int, each: int = 2) -> int:
    """Return how many inspectors the busiest month takes, of whom each does ``per_month`` inspections."""
    busiest: Sequence[int] = plan.load or (0,)
    return -(-max(busiest) * each // per_month)


def _mixed(year: int, code: str) -> bytes:
    return sha256(f"dualprev-plan/1\n{year}\n{spelled(code)}".encode()).digest()
