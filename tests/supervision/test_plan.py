"""The annual plan: as often as the class asks, at even distances, no month with all the load."""

from __future__ import annotations

from random import Random

from dualprev_rules.supervision.plan import annual_plan, inspectors_wanted
from dualprev_rules.supervision.scheme import classify
from tests.supervision.schemes import SCHEME, classified, enterprise

AMONG = [classified(f"E{n}", 1 + n % 4) for n in range(240)]


def test_each_is_inspected_as_often_as_its_class_asks() -> None:
    plan = annual_plan(AMONG, 2027)
    assert all(len(row.months) == row.classified.counts.visits for row in plan.rows)
    assert plan.visits == sum(one.counts.visits for one in AMONG) == 60 * (4 + 2 + 1 + 1)
    for row in plan.rows:
        gaps = {(b - a) % 12 for a, b in zip(row.months, [*row.months[1:], row.months[0]], strict=True)}
        assert gaps == {12 // len(row.months) % 12}
    assert max(plan.load) - min(plan.load) <= 3
    assert inspectors_wanted(plan, per_month=10) == -(-max(plan.load) * 2 // 10)


def test_the_plan_depends_on_the_year_and_on_no_order() -> None:
    shuffled = AMONG[:]
    Random(1).shuffle(shuffled)
    assert annual_plan(shuffled, 2027) == annual_plan(AMONG, 2027)
    assert annual_plan(AMONG, 2028).rows != annual_plan(AMONG, 2027).rows


def test_an_open_class_is_planned_at_its_strictest_and_counted() -> None:
    plan = annual_plan([classify(SCHEME, enterprise("A"))], 2027)
    assert (plan.open, plan.visits) == (1, 4)
