"""A breach of law is told by the law, not by a plan that says the same and does not bind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.report import part_of
from dualprev_rules.result.result import Result
from tests.engines import loaded

EXAMPLES = Path(__file__).parents[2] / "examples"
SITES = {
    "gas_company": ["gas"],
    "building_site": ["construction"],
    "coal_mine": ["mining"],
    "shopping_complex": ["fire"],
}


def judged(site: str) -> Result:
    """Return the result of an example."""
    return Engine.load(packs=SITES[site], as_of="2026-11-21").assess(EXAMPLES / site / "site.yaml")


@pytest.mark.parametrize("site", SITES)
def test_a_finding_binds_where_one_of_its_rules_does(site: str) -> None:
    result = judged(site)
    rules = result.ruleset.rules
    for finding in result.findings:
        said = [rules[id_] for id_ in (finding.rule.id, *finding.merged)]
        deciding = [rule for rule in said if rule.standing == "decides"]
        if any(rule.binding for rule in deciding):
            assert finding.rule.binding, (finding.rule.id, finding.merged, finding.path)


def test_a_restaurant_without_an_alarm_breaks_the_work_safety_law() -> None:
    # Article 36 of the Work Safety Law; the campaign of 2023 asks for the same and does not bind.
    room: dict[str, Any] = {"id": "R1", "detectors_fitted": 0}
    user = {"id": "G1", "name": "餐厅", "kind": "catering", "gas_rooms": [room]}
    engine = loaded("gas")
    document = engine.assess({"enterprise": {"gas_users": [user]}}).document(explained=False)
    told = [f for f in document["findings"] if "gas.law.36a" in (f["rule"], *f["also"])]
    assert [(f["outcome"], f["binding"], part_of(f)) for f in told] == [("violated", True, "violated")]
