"""What the issue asks of town gas in particular: the notice, the operator, the date of the building."""

from __future__ import annotations

import pytest

from dualprev_rules import Engine
from tests.packs.parts import ROOT

ENGINE = Engine.load(packs=[ROOT / "packs/gas/dualprev_pack_gas"], as_of="2026-11-21")
KITCHEN = {"id": "F1", "kind": "cooker", "room": "bedroom", "level": "above_ground", "is_withdrawn": False}


def outcome(facts: dict[str, object], record: str, rule: str) -> str:
    """Return what comes out of a rule for a record."""
    [found] = [
        o for o in ENGINE.assess(facts).outcomes if o.rule.id == f"gas.{rule}" and o.record.short == record
    ]
    return "presumed" if found.presumed else found.code


def company(user: dict[str, object], industries: list[str]) -> dict[str, object]:
    return {"enterprise": {"industries": industries, "gas_users": [{"id": "U1", **user}]}}


@pytest.mark.parametrize(
    ("notice", "expected"),
    [
        ("nothing_done", "violated"),
        ("oral_only", "violated"),
        ("written_notice", "compliant"),
        ("other_prescribed_step", "compliant"),
        (None, "undetermined"),
        ({"one_of": ["oral_only", "nothing_done"]}, "violated"),
        ({"one_of": ["oral_only", "written_notice"]}, "undetermined"),
    ],
)
def test_the_operator_answers_for_a_fault_of_a_user_only_without_notice(
    notice: object, expected: str
) -> None:
    fault = {**KITCHEN, "seen_at_inspection": True, "notice": notice}
    facts = company({"installations": [fault]}, ["town_gas"])
    assert outcome(facts, "gas_installation[F1]", "mh2023.9-3") == expected
    # An unknown notice is a main fact that is missing: nothing is presumed of it.


def test_a_fault_that_no_inspection_saw_is_not_the_operators() -> None:
    fault = {**KITCHEN, "seen_at_inspection": False}
    facts = company({"installations": [fault]}, ["town_gas"])
    assert outcome(facts, "gas_installation[F1]", "mh2023.9-3") == "compliant"


def test_the_fault_stays_the_users_with_and_without_notice() -> None:
    for notice in ("written_notice", "nothing_done"):
        pipe = {**KITCHEN, "kind": "riser", "seen_at_inspection": True, "notice": notice}
        facts = company({"installations": [pipe]}, ["town_gas"])
        assert outcome(facts, "gas_installation[F1]", "gb55009.5-3-3") == "violated"


def test_the_criteria_are_about_operators_and_not_about_a_works_with_a_canteen() -> None:
    """A chemical works that lists its own canteen as a gas user is no operator; its duties as a user stay."""
    room = {"id": "K1", "detectors_fitted": 0}
    fault = {**KITCHEN, "seen_at_inspection": True, "notice": "nothing_done"}
    facts = company({"kind": "catering", "installations": [fault], "gas_rooms": [room]}, ["chemicals"])
    assert outcome(facts, "gas_installation[F1]", "mh2023.9-3") == "not_applicable"
    assert outcome(facts, "enterprise", "mh2023.4-2") == "not_applicable"
    assert outcome(facts, "gas_room[K1]", "law.36a") == "violated"


@pytest.mark.parametrize(
    ("approved", "expected"),
    [
        ("2023-05-31", "not_applicable"),
        ("2023-06-01", "violated"),
        ({"between": ["2023-06-01", "2024-01-01"]}, "violated"),
        ({"between": ["2023-05-01", "2024-01-01"]}, "undetermined"),
    ],
)
def test_a_building_follows_gb_55037_from_its_own_design_approval(approved: object, expected: str) -> None:
    room = {"id": "K1", "detectors_fitted": 0, "can_emit_gas": True, "is_dwelling_part": False}
    facts = company({"design_approved_on": approved, "gas_rooms": [room]}, ["chemicals"])
    assert outcome(facts, "gas_room[K1]", "gb55037.8-3-3") == expected


@pytest.mark.parametrize(
    ("pressure", "distance", "expected"),
    [
        ("0.01 MPa(G)", "0.1 m", "not_applicable"),  # low pressure
        ("0.011 MPa(G)", "0.5 m", "violated"),
        (None, "0.1 m", "undetermined"),  # low pressure is possible
        ({"at_least": "0.02 MPa(G)"}, "0.5 m", "violated"),  # whichever class, 0.5 m is inside
        ({"at_least": "0.02 MPa(G)"}, "3 m", "undetermined"),  # inside at high pressure only
        ({"at_least": "0.02 MPa(G)"}, "5.1 m", "compliant"),  # outside at every pressure
    ],
)
def test_what_is_built_over_a_pipe_of_unknown_pressure(
    pressure: object, distance: str, expected: str
) -> None:
    built = {"id": "A1", "kind": "building", "distance": distance}
    pipe = {"id": "L1", "laid": "buried", "max_operating_pressure": pressure, "activities": [built]}
    facts: dict[str, object] = {"enterprise": {"industries": ["town_gas"], "gas_pipelines": [pipe]}}
    assert outcome(facts, "gas_activity[A1]", "mh2023.6-1") == expected


@pytest.mark.parametrize(
    ("designed", "expected"),
    [("2006-10-31", "not_applicable"), ("2016-07-31", "violated"), ("2016-08-01", "undetermined")],
)
def test_an_unseen_standard_is_not_replaced_by_the_older_one(designed: str, expected: str) -> None:
    """Since 2016-08-01 LPG stations are designed to GB 51142, whose text was not seen."""
    station: dict[str, object] = {
        "id": "S1",
        "kind": "lpg_filling",
        "designed_on": designed,
        "tanks_are_pressurised": True,
        "tank_total_volume": "50 m³",
        "largest_tank_volume": "20 m³",
        "targets": [{"id": "T1", "kind": "residential_area", "distance": "10 m"}],
    }
    facts: dict[str, object] = {"enterprise": {"industries": ["town_gas"], "gas_stations": [station]}}
    assert outcome(facts, "gas_target[T1]", "gb50028.8-3-7") == expected
    assert "gb51142-2015" in ENGINE.assess(facts).document()["statement"]["not_encoded"]


def test_the_protection_range_is_not_measured_before_its_code_was_in_force() -> None:
    """GB 55009 holds since 2022-01-01: before, the regulation's range had no figure here."""
    engine = Engine.load(packs=[ROOT / "packs/gas/dualprev_pack_gas"], as_of="2021-12-31")
    built = {"id": "A1", "kind": "building", "distance": "0.1 m"}
    pipe = {"id": "L1", "max_operating_pressure": "0.4 MPa(G)", "activities": [built]}
    result = engine.assess({"enterprise": {"industries": ["town_gas"], "gas_pipelines": [pipe]}})
    codes = {o.rule.id: o.code for o in result.outcomes if o.record.short == "gas_activity[A1]"}
    assert codes["gas.reg.33a"] == "undetermined"
    assert "gas.gb55009.5-1-8" not in codes
    assert "gas.mh2023.6-1" not in codes


@pytest.mark.parametrize(
    ("fault", "rules"),
    [
        (
            {"hose_length": "2.1 m"},
            {"gb55009.6-1-8a", "gb50028.10-2-8a", "catering.6b"},
        ),
        (
            {"hose_joints": 1},
            {"gb55009.6-1-8b", "gb50028.10-2-8d", "catering.6c", "neg.hose-joint"},
        ),
        (
            {"hose_passes": ["wall"]},
            {"gb55009.6-1-8c", "gb50028.10-2-8c", "catering.6f", "neg.hose-pass"},
        ),
    ],
)
def test_one_fault_of_a_hose_is_one_finding(fault: dict[str, object], rules: set[str]) -> None:
    sound: dict[str, object] = {
        "id": "H1",
        "kind": "hose",
        "hose_use": "home_or_laboratory",
        "hose_length": "1.5 m",
        "hose_joints": 0,
        "hose_passes": [],
    }
    user: dict[str, object] = {"kind": "resident", "gas": "lpg", "supply": "bottled"}
    facts = company({**user, "installations": [{**sound, **fault}]}, ["chemicals"])
    [found] = [f for f in ENGINE.assess(facts).findings if f.code == "violated"]
    assert {found.rule.id, *found.merged} == {f"gas.{rule}" for rule in rules}
