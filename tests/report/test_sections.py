"""Each finding stands in exactly one part of a report."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules.report import part_of, sections
from tests.report.sample import sample


def finding(**changes: Any) -> dict[str, Any]:
    plain = {
        "kind": "check",
        "outcome": "violated",
        "presumed": False,
        "binding": True,
        "possible": ["violated"],
    }
    return {**plain, **changes}


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({}, "violated"),
        ({"kind": "major_hidden_hazard"}, "major"),
        ({"kind": "prohibition"}, "violated"),
        ({"binding": False, "kind": "major_hidden_hazard"}, "unbinding"),
        ({"kind": "data_check"}, "doubtful"),
        ({"outcome": "undetermined", "presumed": True}, "presumed"),
        ({"outcome": "undetermined", "presumed": True, "binding": False}, "unbinding"),
        ({"outcome": "undetermined", "possible": ["compliant", "violated"]}, "undetermined"),
        ({"outcome": "undetermined", "possible": ["compliant", "not_applicable"]}, "harmless"),
        ({"outcome": "compliant"}, "compliant"),
        ({"outcome": "not_applicable"}, "not_applicable"),
    ],
)
def test_part_of(changes: dict[str, Any], part: str) -> None:
    assert part_of(finding(**changes)) == part


def test_no_finding_is_lost() -> None:
    document = sample()
    assert sum(sections(document).counts().values()) == len(document["findings"])
