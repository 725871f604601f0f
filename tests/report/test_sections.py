"""Each finding stands in exactly one part of a report."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules.report import part_of, sections
from dualprev_rules.report.sections import by_kind, by_place
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


def test_places_come_with_the_worst_first() -> None:
    document = sample()
    places = by_place(document, sections(document))
    assert [(p.path, len(p.pressing), len(p.others)) for p in places] == [
        ("enterprise.units[U2]", 1, 0),
        ("enterprise.units[U1]", 1, 0),
        ("", 0, 1),
    ]
    found = [finding for place in places for finding in (*place.pressing, *place.others)]
    parts = sections(document)
    assert len(found) == len(parts.presumed) + len(parts.major) + len(parts.violated)


def test_what_a_record_inside_a_unit_has_is_found_in_the_unit() -> None:
    path = "enterprise.sites[S1].units[U1].tanks[units[X]].valves[2]"
    document = {"findings": [finding(path=path, name="阀", rule="r")], "enterprise": {"name": "甲"}}
    (place,) = by_place(document, sections(document))
    assert place.path == "enterprise.sites[S1].units[U1]"
    assert place.first["name"] == "阀"


def test_what_no_fact_can_decide_stands_last() -> None:
    groups = by_kind(
        [
            finding(reason="not_encoded"),
            finding(reason="missing"),
            finding(reason="missing", kind="major_hidden_hazard"),
        ]
    )
    assert list(groups) == [("kind", "check"), ("kind", "major_hidden_hazard"), ("reason", "not_encoded")]
