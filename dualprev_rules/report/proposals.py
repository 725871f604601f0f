"""Events that would put on the ledger what the facts show and it does not have yet."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from dualprev_rules.control.ledger import Ledger
from dualprev_rules.control.who import above_of
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.carriers.hazards import not_covered

if TYPE_CHECKING:
    from dualprev_rules.result import Result


def proposals(result: Result, ledger: Ledger, *, by: str, at: str, lang: Lang = "zh") -> list[dict[str, Any]]:
    """Return a ``find`` event, as JSON values, for each hidden hazard that no record of the ledger covers.

    Each is suspected: a person confirms or refutes it. One breach that several instruments state is one.
    What breaks a prohibition is marked so, for an enterprise cannot defer it.
    """
    rules = result.ruleset.rules
    numbers = (f"YH-{result.ruleset.as_of:%Y%m%d}-{number:03}" for number in count(1))
    found: list[dict[str, Any]] = []
    for hazard in not_covered(result, ledger.unfinished):
        finding = hazard.finding
        unit = next((r for r in above_of(finding.outcome.record) if r.entity.name == "unit"), None)
        found.append(
            {
                "event": "find",
                "at": at,
                "by": by,
                "id": next(number for number in numbers if number not in ledger.hazards),
                "title": hazard.title.get(lang),
                "grade": hazard.grade,
                "path": hazard.path,
                "unit": unit.path if unit is not None else None,
                "rule": finding.rule.id,
                "measure": next(iter(finding.rule.measures), None),
                "prohibited": any(rules[name].kind == "prohibition" for name in hazard.rules),
                "suspected": True,
            }
        )
    return found
