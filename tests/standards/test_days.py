"""What holds on the day of the assessment is not called proved where months part it from other days."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from dualprev_rules.standards.months import days_of_other_months
from tests.standards.written import between, pair, verified

_SAME = "add_months(d, 1) == as_of and add_months(e, 1) == as_of and d < e"


@pytest.mark.parametrize(
    ("condition", "day"),
    [
        (_SAME, "2026-11-30"),
        ("add_months(d, 12) == as_of and add_years(e, 1) == as_of and d < e", "2029-02-28"),
    ],
)
def test_months_of_other_lengths_are_tried(tmp_path: Path, condition: str, day: str) -> None:
    found = between(tmp_path, f"violated: {condition} and a", f"violated: {condition}")
    assert (found.pairs[0].verdict, str(found.pairs[0].days[1])) == ("weaker", day)
    assert found.whole.code == "standards.whole-weaker"


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("add_months(d, 12) < as_of", "add_years(d, 1) < as_of", "equal"),
        ("add_months(d, 12) < as_of and a", "add_years(d, 1) < as_of", "weaker"),
        ("add_months(d, 12) < as_of", "add_months(d, 11) < as_of", "weaker"),
        ("add_months(d, 1) < as_of and e > as_of",
         "add_months(d, 1) < as_of and e > as_of and days_between(d, e) > 29", "undecided"),
        ("add_months(d, 1) < as_of and add_months(e, 1) > d and n >= 0",
         "add_months(d, 1) < as_of and add_months(e, 1) > d and n > -1", "undecided"),
        ("add_months(d, count(parts)) < as_of and n >= 0",
         "add_months(d, count(parts)) < as_of and n > -1", "undecided"),
    ],
)  # fmt: skip
def test_where_days_are_counted_beside_months_it_is_undecided(
    tmp_path: Path, first: str, second: str, verdict: str
) -> None:
    assert pair(tmp_path, f"violated: {first}", f"violated: {second}").verdict == verdict


def test_a_table_over_dates_beside_the_day_is_undecided(tmp_path: Path) -> None:
    table = """
    - define: unit.late
      label: {zh: 晚, en: late}
      decide:
        hit: first
        inputs: [{name: d}]
        rows: [{d: ">= 2027-05-01", then: true}, {d: "< 2027-05-01", then: false}]
      cite: {instrument: nat-1, clause: "2"}
    """
    both = ("violated: late and d < as_of and a", "violated: late and d < as_of")
    assert pair(tmp_path, *both, definitions=table).verdict == "undecided"


def test_a_rule_that_can_be_violated_on_another_day_only_is_said_of_the_day(tmp_path: Path) -> None:
    codes = {finding.problem.code for finding in verified(tmp_path, f"violated: {_SAME}").findings}
    assert "standards.never-on-the-day" in codes
    assert "standards.never-violated" not in codes


def _later(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


@pytest.mark.parametrize("months", [(1,), (12,), (1, 2)])
def test_the_days_that_are_asked_show_every_way_in_which_two_facts_may_lie(months: tuple[int, ...]) -> None:
    """Each way in which two days, shifted, lie to a day of four years is one of a day that is asked."""

    def ways(day: date) -> set[tuple[int, ...]]:
        near = {day + timedelta(n) for n in (-1, 0, 1)}
        for n in months:
            near |= {_later(day, -n) + timedelta(more) for more in range(-4, 5)}
        found: set[tuple[int, ...]] = set()
        for two in product(sorted(near), repeat=2):
            said = [_sign(*two)]
            for fact in two:
                said += [_sign(fact, day), *(_sign(_later(fact, n), day) for n in months)]
            found.add(tuple(said))
        return found

    today = date(2026, 11, 21)
    asked = [today, *map(date.fromordinal, days_of_other_months(months, today.toordinal(), 3))]
    shown = set[tuple[int, ...]]().union(*map(ways, asked))
    every = (today + timedelta(more) for more in range(4 * 366))
    assert all(ways(day) <= shown for day in every if day.day in (1, 15, 28, 29, 30, 31))
    assert len(asked) <= 9


def _sign(one: date, other: date) -> int:
    return (one > other) - (one < other)
