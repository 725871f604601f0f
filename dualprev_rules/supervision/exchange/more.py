"""Further fields by id (``more``): an id that nothing has would leave its fields out unsaid."""

from __future__ import annotations

from collections.abc import Iterable

from dualprev_rules.control.hazard import HazardRecord
from dualprev_rules.facts.record import Facts
from dualprev_rules.pack.model import Checklist
from dualprev_rules.problems import Problem, nearest, problem
from dualprev_rules.risk.reading import text


def strange_ids(
    more: Iterable[str], facts: Facts, hazards: Iterable[HazardRecord], checklists: Iterable[Checklist]
) -> tuple[Problem, ...]:
    """Return a problem for each id that no measure, catalogue entry, hidden hazard, checklist or item has."""
    known = {hazard.id for hazard in hazards}
    for record in facts.records():
        if record.entity.name == "control_measure" and not record.phantom:
            known |= {name for key in ("id", "catalogue_id") if (name := text(record, key)) is not None}
    for checklist in checklists:
        known |= {checklist.id, *(item.id for item in checklist.items)}
    return tuple(
        problem("supervision.exchange-more-id", severity="warning", given=name, nearest=nearest(name, known))
        for name in more
        if name not in known
    )
