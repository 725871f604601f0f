"""Five packs on one enterprise: they load together, and each finds what is its own."""

from __future__ import annotations

from functools import cache

import pytest

from dualprev_rules import Engine
from dualprev_rules.result import Result
from tests.packs.parts import ROOT

PACKS = {
    name: ROOT / f"packs/{name}/dualprev_pack_{name}"
    for name in ("chemicals", "mining", "fire", "construction", "gas")
}
SITE = ROOT / "examples/whole_works/site.yaml"


@cache
def engine() -> Engine:
    return Engine.load(packs=list(PACKS.values()), as_of="2026-11-21")


@cache
def assessed() -> Result:
    return engine().assess(SITE)


def test_nothing_in_the_facts_is_unknown_to_the_packs() -> None:
    assert assessed().data_problems == ()


def test_what_is_violated() -> None:
    found = {(o.rule.pack, o.rule.id, o.record.short) for o in assessed().outcomes if o.code == "violated"}
    assert found == {
        # AQ 3067-2026, 5.4.7: a fully pressurised sphere of liquefied hydrocarbon needs water injection
        ("chemicals", "chem.mh2026.5-4-7", "tank[V1]"),
        # a pit of 5 m and more is over scale: the plan needs a review by experts (2024 criteria, Order 37)
        ("construction", "con.2024.04-04d", "sub_project[S1]"),
        ("construction", "con.o37.12a", "sub_project[S1]"),
        # a commercial kitchen on gas needs a detector that works
        ("gas", "gas.neg.no-alarm", "gas_room[G1-k]"),
        ("gas", "gas.law.36a", "gas_room[G1-k]"),
        ("gas", "gas.cjjt146.where", "gas_room[G1-k]"),
        # Order 61, Article 21, and Fire Protection Law, Article 28: no exit may be locked; a grade I station
        # serves 7 km² at most
        ("fire", "fire.o61.21", "premises[R1]"),
        ("fire", "fire.law.28d", "premises[R1]"),
        ("fire", "fire.jb152.14a", "fire_station[F1]"),
    }


def test_what_is_derived() -> None:
    derived = {key: fact.value for key, fact in assessed().derived.items()}
    # 60 t of LPG against 50 t: S = 1.2. 120 people outside: α = 2; its hazard category is not given, so β is
    # anything from 1 to 20, and R = α·β·q/Q from 2.4 to 48: level 3 or 4.
    assert derived["unit[U1].s_value"] == "1.2"
    assert derived["unit[U1].is_major_hazard_installation"] is True
    assert derived["unit[U1].r_value"] == {"low": "2.4", "high": "48", "low_open": False, "high_open": False}
    assert derived["unit[U1].hazard_level"] == {"values": ["3", "4"]}
    assert derived["excavation[D1].is_over_scale"] is True
    # a restaurant is a public gathering place, and so an assembly occupancy (Fire Protection Law, Article 73)
    assert derived["premises[R1].is_assembly_occupancy"] is True
    # the works uses gas and sells none
    assert derived["enterprise.is_gas_operator"] is False


def test_mining_finds_nothing_where_there_is_no_mine() -> None:
    outcomes = [o for o in assessed().outcomes if o.rule.pack == "mining"]
    assert {o.code for o in outcomes} <= {"not_applicable", "undetermined"}


@pytest.mark.parametrize("entity", ["enterprise", "site", "area", "unit", "person", "work_permit", "sensor"])
def test_a_word_that_all_share_is_declared_by_the_core(entity: str) -> None:
    attributes = engine().ruleset.schema.entities[entity].attributes.values()
    by = {attribute.pack for attribute in attributes}
    assert "core" in by
    assert [a.name for a in attributes if a.name in ("id", "name") and a.pack != "core"] == []


def test_no_two_packs_call_different_entities_alike() -> None:
    labels: dict[str, str] = {}
    for entity in engine().ruleset.schema.entities.values():
        assert labels.setdefault(entity.label.zh, entity.name) == entity.name
