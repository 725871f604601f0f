"""The example sites: what each breaks, reasoned from the clauses, and what stays open."""

from __future__ import annotations

import json
from functools import cache

import pytest

from dualprev_rules import Engine
from dualprev_rules.result import Result
from tests.packs.parts import ROOT

PACK = ROOT / "packs/mining/dualprev_pack_mining"
ORDER_4, ORDER_21 = "2026-06-30", "2026-11-21"


@cache
def judged(site: str, day: str) -> Result:
    return Engine.load([PACK], as_of=day).assess(ROOT / "examples" / site / "site.yaml")


def major(site: str, day: str) -> set[tuple[str, str]]:
    return {
        (o.record.short, o.rule.id.removeprefix("mine."))
        for o in judged(site, day).outcomes
        if o.code == "violated" and o.rule.kind == "major_hidden_hazard"
    }


def outcome(site: str, day: str, record: str, rule: str) -> str:
    (found,) = [
        o for o in judged(site, day).outcomes if o.rule.id == f"mine.{rule}" and o.record.short == record
    ]
    return found.code


def test_coal_mine_under_order_21() -> None:
    assert major("coal_mine", ORDER_21) == {
        ("coal_district[D1]", "coal2026.04-02b"),  # five headings in two wings, four allowed
        ("coal_place[P2]", "coal2026.05-01"),  # 1.2 % in the return, stopped and cleared, cause not treated
        ("coal_place[P3]", "coal2026.05-02"),  # work goes on at 1.0 %
        ("coal_mine[M1]", "coal2026.05-09c"),  # 85 m³/min asks for 45 %
        ("coal_place[P3]", "coal2026.06-03e"),  # 6 m left, 7 m in badly disturbed geology
        ("coal_mine[M1]", "coal2026.07-04"),  # 780 of twice 400
        ("coal_item[I1]", "coal2026.13-01"),
        ("coal_mine[M1]", "coal2026.13-02"),
        ("methane_sensor[S2]", "coal2026.14-05"),  # cut-off 0.75, 0.5 due in the intake of an outburst face
        ("methane_sensor[S2]", "coal2026.14-06"),  # 22 days, 15 allowed
        ("coal_hoist[H1]", "coal2026.20-07"),  # no slack-rope protection
        ("belt_conveyor[B1]", "coal2026.20-11"),
        ("coal_place[P5]", "coal2026.20-17"),  # one clear exit
        ("coal_mine[M1]", "coal2026.20-18"),  # no hydrogen sensor in the charging chamber
    }


def test_coal_mine_under_order_4() -> None:
    assert major("coal_mine", ORDER_4) == {
        ("coal_mine[M1]", "coal2020.04-01a"),  # 10 % above: a breach at the figure itself
        ("coal_mine[M1]", "coal2020.04-01b"),  # 16 of 15 in one month; Order 21 asks by the quarter
        ("coal_item[I1]", "coal2020.13-01"),
        ("coal_place[P5]", "coal2020.13-05"),
    }


def test_one_order_decides_on_each_day() -> None:
    for day, other in ((ORDER_4, "mine.coal2026"), (ORDER_21, "mine.coal2020")):
        assert not [o for o in judged("coal_mine", day).outcomes if o.rule.id.startswith(other)]


@pytest.mark.parametrize(
    ("record", "rule", "code"),
    [
        ("coal_place[P1]", "coal2026.05-02", "compliant"),  # methane at 1 % is no breach by itself
        ("coal_mine[M1]", "coal2026.04-01a", "compliant"),  # at 110 %, not above
        ("coal_mine[M1]", "coal2026.04-01b", "compliant"),
        ("coal_place[P4]", "coal2026.05-06", "undetermined"),  # “约3” is no number
        ("coal_mine[M1]", "coal2026.10-13", "undetermined"),  # nothing is known of the pumps
        ("coal_place[P3]", "coal2026.06-06", "undetermined"),
        ("methane_sensor[S1]", "csr2025.536-t19", "violated"),  # 1.0 is not below 1.0
    ],
)
def test_coal_mine_one_by_one(record: str, rule: str, code: str) -> None:
    assert outcome("coal_mine", ORDER_21, record, rule) == code


def test_metal_mine_and_pond() -> None:
    assert major("metal_mine", ORDER_21) == {
        ("metal_mine[M1]", "nc2022.u01-2a"),  # 28 m between the only two exits
        ("metal_mine[M1]", "nc2022.u04-1"),  # maps of July
        ("metal_mine[M1]", "nc2022.u09-1"),
        ("metal_mine[M1]", "nc2022.u30a"),  # 20 % above: a breach at the figure itself
        ("metal_mine[M1]", "nc2024.u01"),  # 50 m is within 50 m
        ("man_carrier[C1]", "nc2022.u23-2"),  # 24 of 22
        ("man_carrier[C1]", "nc2022.u23-3"),  # no emergency brake
        ("tailings_pond[T1]", "nc2022.t07"),
        ("tailings_pond[T1]", "nc2022.t08b"),  # flood height and beach both short
        ("tailings_pond[T1]", "nc2022.t15"),  # 1.20 of 0.98 × 1.25
        ("tailings_pond[T1]", "nc2022.t16"),  # overhead, road unfit
    }


@pytest.mark.parametrize(
    ("record", "rule", "code"),
    [
        ("metal_mine[M1]", "nc2022.u01-2b", "undetermined"),  # “约900” is no number
        ("metal_mine[M1]", "nc2022.u30b", "compliant"),  # 11 of 12 in one month
        ("metal_mine[M1]", "nc2024.u04", "compliant"),  # red warning, everyone out
        ("metal_mine[M1]", "nc-expert.30-800", "violated"),  # 45 people underground
        ("metal_item[I1]", "nc2022.u02", "compliant"),  # listed, not in use
        ("tailings_pond[T1]", "tail.beach-up-a", "compliant"),
        ("tailings_pond[T1]", "tail.beach-up-b", "violated"),  # 45 m, 50 m due at grade 4
    ],
)
def test_metal_mine_one_by_one(record: str, rule: str, code: str) -> None:
    assert outcome("metal_mine", ORDER_21, record, rule) == code


def test_grades_of_the_pond() -> None:
    derived = json.loads(judged("metal_mine", ORDER_21).to_json())["derived"]
    grades = {
        name: derived[f"tailings_pond[T1].{name}"]["value"] for name in ("pond_grade", "management_grade")
    }
    assert grades == {"pond_grade": "4", "management_grade": "3"}


def test_a_day_before_order_4_says_nothing_of_coal_criteria() -> None:
    early = judged("coal_mine", "2020-12-31").outcomes
    assert not [o for o in early if o.rule.id.startswith(("mine.coal2020", "mine.coal2026"))]
