"""Which lists of facts are not known: what was in them, and tasks that rest on them, may still be there."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

from dualprev_rules.facts.record import Facts
from dualprev_rules.pack.model import Checklist
from dualprev_rules.risk.reading import text
from dualprev_rules.supervision.exchange.keys import Keys
from dualprev_rules.supervision.exchange.table import Row
from dualprev_rules.supervision.exchange.tasks import open_tasks


@dataclass(frozen=True, slots=True)
class Unknown:
    """The lists of an enterprise's facts that were not given, or not as complete."""

    more_units: bool = False
    """Whether there may be units that the facts do not name."""
    units: frozenset[str] = frozenset()
    """The codes of the units that they name."""
    holders: frozenset[str | None] = frozenset()
    """The codes of units whose risk points are not all known; None: holders that are no coded unit."""
    points: frozenset[str] = frozenset()
    """The keys of risk points whose events are not all known."""
    events: frozenset[str] = frozenset()
    """The keys of events whose measures are not all known."""
    tasks: frozenset[str] | None = None
    """The keys of tasks of known measures that may still be due; None: none are made from checklists."""

    def may_hold(self, table: str, row: Row, now: Container[str], stayed: Container[str]) -> bool:
        """Tell whether a row that is not among the facts may still be there.

        ``now`` has the keys of parents among the facts, ``stayed`` those of parents that may still be there.
        """
        match table:
            case "unit":
                code = row.get("hazardCode")
                return code in self.holders or (code not in self.units and self.more_units)
            case "event":
                parent, open_ = row.get("riskUnitId", ""), self.points
            case "measure":
                parent, open_ = row.get("riskEventId", ""), self.events
            case "task":
                if self.tasks is None:
                    return False
                return row.get("riskMeasureId", "") in stayed or row.get("id", "") in self.tasks
            case _:
                return False
        return parent in open_ if parent in now else parent in stayed


def unknown_of(facts: Facts, company: str, checklists: Iterable[Checklist] | None = None) -> Unknown:
    """Return which lists of the facts may hold more than they name.

    ``checklists`` are those that tasks were made from; without them none were.
    """
    keys = Keys(company)
    more_units = False
    units: set[str] = set()
    holders: set[str | None] = set()
    points: set[str] = set()
    events: set[str] = set()
    for record in facts.records():
        kind, above = record.entity.name, record.parent
        if not record.phantom:
            code = text(record, "id") if kind == "unit" else None
            units |= {code} if code is not None else set()
        elif kind == "unit":
            more_units = True
        elif kind == "risk_point" and above is not None:
            holders.add(text(above, "id") if above.entity.name == "unit" else None)
        elif above is not None and not above.phantom:
            key = keys.made(text(above, "id"), above.path)
            if kind == "risk_event":
                points.add(key)
            elif kind == "control_measure" and above.entity.name == "risk_event":
                events.add(key)
    tasks = open_tasks(checklists, facts, keys) if checklists is not None else None
    return Unknown(
        more_units, frozenset(units), frozenset(holders), frozenset(points), frozenset(events), tasks
    )
