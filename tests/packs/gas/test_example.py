"""The gas company: what must be found on it, and why."""

from __future__ import annotations

from functools import cache

from dualprev_rules import Engine
from dualprev_rules.problems import Words
from dualprev_rules.result import Result
from tests.packs.parts import ROOT

PACK = ROOT / "packs/gas/dualprev_pack_gas"
SITE = ROOT / "examples/gas_company/site.yaml"
DAY = "2026-11-21"


@cache
def assessed(day: str = DAY) -> Result:
    """Return the result of the example site as of a day."""
    return Engine.load(packs=[PACK], as_of=day).assess(SITE)


def found(code: str, *kinds: str) -> set[tuple[str, str]]:
    """Return every outcome of that code, of rules of some kinds, as rule and record."""
    return {
        (o.rule.id.removeprefix("gas."), o.record.short)
        for o in assessed().outcomes
        if o.code == code and (not kinds or o.rule.kind in kinds)
    }


def test_major_hidden_hazards() -> None:
    assert found("violated", "major_hidden_hazard") == {
        ("mh2023.5-1b", "gas_tank[V2]"),  # the level is displayed and does not alarm
        ("mh2023.5-3", "gas_loading_point[L2]"),  # a breakaway coupling is no interlock
        ("mh2023.5-4", "gas_station[ST1]"),  # one lamp below the class of its zone
        ("mh2023.5-5", "gas_leak_area[K2]"),  # a leak can reach exactly 20 % LEL, no alarm
        ("mh2023.6-1", "gas_activity[W1]"),  # 0.4 MPa is medium pressure A; 0.3 m of 0.5 m
        ("mh2023.6-3", "gas_regulator[RG2]"),
        ("mh2023.9-1", "gas_installation[U1-stove]"),  # heavy gas in a semi-basement, told by word of mouth
    }


def test_what_only_an_exception_could_excuse_is_presumed() -> None:
    presumed = {(o.rule.id.removeprefix("gas."), o.record.short) for o in assessed().outcomes if o.presumed}
    assert presumed == {
        ("mh2023.6-2", "gas_crossing[C1]"),  # in a drain, unavoidable; whether protected is not known
        ("mh2023.7-1", "enterprise"),  # three cylinders of others; by what authority is not known
        ("reg.18g", "enterprise"),
    }


def test_negative_list() -> None:
    assert found("violated", "prohibition") == {
        ("gb55009.5-1-8", "gas_activity[W1]"),
        ("reg.33a", "gas_activity[W1]"),
        ("gb55009.5-1-8", "gas_activity[W4]"),  # low pressure: no major hazard, but built over all the same
        ("reg.33a", "gas_activity[W4]"),
        ("gb55009.5-3-4", "gas_installation[U2-riser]"),  # the user’s fault stays his
        ("gb55009.6-2-3", "gas_cylinder[U1-c2]"),  # in the dining area
        ("neg.underground-b", "gas_cylinder[U1-c2]"),
        ("reg.28d", "gas_user[U2]"),
        ("neg.adjustable-regulator", "gas_installation[U1-valve]"),
        ("neg.two-phase", "gas_cylinder[U1-c1]"),
        ("neg.no-flame", "gas_installation[U1-stove]"),
        ("neg.hose-joint", "gas_installation[U1-hose]"),
        ("neg.hose-pass", "gas_installation[U1-hose]"),  # through the wall
        ("neg.cylinder", "gas_cylinder[U1-c2]"),
        ("neg.underground-a", "gas_installation[U1-stove]"),
        ("neg.underground-a", "gas_installation[U1-hose]"),
        ("neg.underground-a", "gas_installation[U1-valve]"),
        ("neg.no-alarm", "gas_room[U1-r1]"),
        ("neg.pipes", "gas_pipeline[M2]"),
    }


def test_duties_not_met() -> None:
    assert found("violated", "requirement") == {
        # the operator
        ("reg.17b", "enterprise"),
        ("reg.39c", "enterprise"),  # the drill was due on 2026-10-31
        ("reg.20a", "gas_outage[O1]"),  # 36 of 48 hours
        ("gb55009.4-3-12c", "gas_station[ST1]"),
        ("gb50028.8-3-7", "gas_target[G2]"),  # 400 m³, 100 m³: step 3, 50 m due, 46 m there
        ("gb50028.8-6-4", "gas_target[G5]"),  # 6 m³: class II, 8 m to a main road, 7 m there
        ("gb50028.6-3-3a", "gas_neighbour[N1]"),  # medium A to a heat trench: 1.5 m
        ("gb50028.6-3-4", "gas_cover[D1]"),  # 0.9 m under a motor lane
        ("cjjt148.tht", "gas_source[Q1]"),
        ("cjj51.repair-b", "gas_repair[B2]"),  # no test for toxic gas
        ("cjj51.visit-a", "gas_user[U2]"),  # last visited on 2025-09-30
        # works beside the pipe
        ("reg.34", "gas_activity[W2]"),
        ("reg.37a", "gas_activity[W3]"),
        # the first restaurant
        ("reg.27c", "gas_user[U1]"),
        ("catering.1a", "gas_user[U1]"),  # 150 kg and no cylinder room
        ("gb55009.2-2-7b", "gas_installation[U1-stove]"),
        ("gb55009.2-2-7b", "gas_installation[U1-valve]"),
        ("gb55009.6-2-flame", "gas_installation[U1-stove]"),
        ("gb50028.10-2-8c", "gas_installation[U1-hose]"),
        ("catering.6b", "gas_installation[U1-hose]"),  # 2.4 m of 2.0 m
        ("catering.6c", "gas_installation[U1-hose]"),
        ("catering.6f", "gas_installation[U1-hose]"),
        ("catering.6d", "gas_installation[U1-hose]"),  # two years were over on 2026-10-01
        ("catering.4a", "gas_cylinder[U1-c1]"),
        ("gb5842.12y", "gas_cylinder[U1-c2]"),  # made in June 2013
        ("reg.27b", "gas_cylinder[U1-c2]"),
        ("cjjt146.life-b", "gas_detector[U1-d1]"),  # since June 2022, three years
        ("cjjt146.mount-a", "gas_detector[U1-d1]"),  # LPG, 1.6 m above the floor
        ("law.36b", "gas_room[U1-r1]"),
        # the second and third
        ("reg.27a", "gas_installation[U2-stove]"),
        ("gb50028.10-2-36a", "gas_clearance[U2-x1]"),  # 12 of 15 cm
        ("catering.2c", "gas_supply_room[U3-room]"),
        # the home
        ("gb55009.6-1-9a", "gas_user[U4]"),
        ("gb17905.7-3-1", "gas_installation[U4-stove]"),  # eight years on 2026-06-01
        ("reg.27a", "gas_installation[U4-stove]"),
    }


def test_a_fault_of_a_user_binds_the_operator_only_without_notice() -> None:
    """Word of mouth, a written notice, and no record: a hazard of the operator, none, and open."""
    assert ("mh2023.9-1", "gas_installation[U1-stove]") in found("violated")
    assert ("mh2023.9-1", "gas_installation[U1-valve]") in found("compliant")
    assert ("mh2023.9-2", "gas_installation[U2-riser]") in found("compliant")
    assert ("mh2023.9-4", "gas_installation[U2-stove]") in found("undetermined")


def test_each_finding_is_of_its_duty_holder() -> None:
    holders = {o.rule.id: o.rule.duty_of for o in assessed().outcomes if o.code == "violated"}
    assert holders["gas.mh2023.9-1"] == Words("燃气经营者", "gas operator")
    assert holders["gas.gb55009.2-2-7b"] == Words("燃气用户", "gas user")
    assert holders["gas.reg.37a"] == Words("建设单位", "client")
    assert holders["gas.reg.34"] == Words("施工单位", "contractor")
    assert holders["gas.catering.1a"] == Words("餐饮单位", "catering business")


def test_a_pipeline_follows_the_code_of_its_own_design() -> None:
    """The yard pipe of 1998 lies as close and as shallow as the trunk of 2014 may not."""
    assert ("gb50028.6-3-3a", "gas_neighbour[N3]") in found("not_applicable")
    assert ("gb50028.6-3-4", "gas_cover[D3]") in found("not_applicable")


def test_what_nobody_looked_at_is_open_and_asked() -> None:
    assert ("mh2023.5-1b", "gas_tank[V3]") in found("undetermined")
    assert ("mh2023.7-3", "gas_supplier[P2]") in found("undetermined")
    asked = {question.path for question in assessed().questions}
    assert "enterprise.gas_stations[ST1].tanks[V3].limit_alarms" in asked
    assert "enterprise.gas_users[U2].installations[U2-stove].notice" in asked


def test_recalled_figures_say_so() -> None:
    recalled = {
        o.rule.id for o in assessed().outcomes if {c.status for c in o.rule.citations} == {"recalled"}
    }
    assert {"gas.gb50028.8-3-7", "gas.cjjt148.tht", "gas.neg.two-phase"} <= recalled
    assert "gas.gb50028.6-3-4" not in recalled
    assert {"gas.gb50028.8-3-7", "gas.cjjt148.tht"} <= set(assessed().document()["statement"]["recalled"])


def test_the_example_has_no_data_problems() -> None:
    assert assessed().document()["data_problems"] == []
