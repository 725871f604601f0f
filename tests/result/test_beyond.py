"""What a rule decides only beyond the scope of another is told as its kind, not as a lesser duty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from dualprev_rules.result import Finding
from tests.engines import loaded

_TANK_FARM = {"id": "U1", "kind": "storage", "storage_kind": "tank_farm", "exposed_people": 120}
_CHLORINE = {"name": "氯", "cas": "7782-50-5", "quantity": "60 t"}
_SHUT_OFF = {
    "units": [
        {**_TANK_FARM, "substances": [_CHLORINE], "tanks": [{"id": "T1", "has_emergency_shutoff": False}]}
    ]
}
_NO_SYSTEM = {"has_responsibility_system": False}
_OBSOLETE = {"units": [{"id": "U1", "kind": "production", "obsolete_items_in_use": 1}]}


def told(facts: dict[str, Any], activities: Sequence[str], as_of: str) -> Finding:
    """Return the one finding that is told of a clause of document 121."""
    enterprise = {"id": "E1", "chemical_activities": [*activities], **facts}
    result = loaded("chemicals", as_of=as_of).assess({"enterprise": enterprise})
    [one] = [
        finding
        for finding in result.findings
        if finding.code == "violated"
        and any(rule.startswith("chem.mh2017") for rule in (finding.rule.id, *finding.merged))
    ]
    return one


@pytest.mark.parametrize("as_of", ["2026-09-30", "2026-11-21"])
def test_a_major_hidden_hazard_that_no_other_covers_is_one(as_of: str) -> None:
    finding = told(_SHUT_OFF, ["use"], as_of)
    assert (finding.rule.id, finding.merged) == ("chem.mh2017.05a", ("chem.order40.13-3a",))
    assert [cited.role for cited in finding.citations] == ["decides", "corresponds"]
    assert finding.confirmation == "required"


@pytest.mark.parametrize("facts", [_SHUT_OFF, _NO_SYSTEM, _OBSOLETE])
def test_so_it_is_whatever_duty_or_prohibition_corresponds(facts: dict[str, Any]) -> None:
    finding = told(facts, ["use"], "2026-11-21")
    assert finding.rule.kind == "major_hidden_hazard"
    assert finding.merged
