"""An instrument binds within its scope alone; what yields to it decides for everyone else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engines import loaded

ENGINE = loaded("chemicals")
UNTRAINED = {"id": "A", "duties": ["principal"], "certificates": []}


def _outcomes(**enterprise: Any) -> dict[str, str]:
    facts = {"enterprise": {"has_change_management": False, "persons": [UNTRAINED], **enterprise}}
    outcomes = ENGINE.assess(facts).outcomes
    return {outcome.rule.id: outcome.code for outcome in outcomes if not outcome.record.phantom}


@pytest.mark.parametrize(
    ("activities", "of_aq", "only_of_2017"),
    [
        (["production"], "violated", "not_applicable"),
        (["use", "trading_without_storage"], "not_applicable", "violated"),
        (None, "undetermined", "undetermined"),
    ],
)
def test_one_of_both_decides(activities: list[str] | None, of_aq: str, only_of_2017: str) -> None:
    found = _outcomes(chemical_activities=activities)
    assert found["chem.mh2026.5-7-5a"] == of_aq
    assert found["chem.mh2026.5-1-1"] == of_aq
    assert found["chem.mh2017.01a"] == only_of_2017


def test_what_leaves_the_scope_open_is_asked() -> None:
    result = ENGINE.assess({"enterprise": {"has_change_management": False}})
    (found,) = [f for f in result.findings if f.rule.id == "chem.mh2026.5-7-5a"]
    assert found.missing == ("enterprise.chemical_activities",)


def test_the_finding_still_shows_the_clause_that_yields() -> None:
    facts = {"enterprise": {"chemical_activities": ["production"], "persons": [UNTRAINED]}}
    findings = {f.rule.id: f for f in ENGINE.assess(facts).findings if not f.outcome.record.phantom}
    cited = [(c.instrument.id, c.role) for c in findings["chem.mh2026.5-1-1"].citations]
    assert cited == [("aq3067-2026", "decides"), ("chem-major-2017", "covered")]
