"""What must not be called proved: pairs that only seem equal."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules.standards import compare
from tests.standards.written import DAY, across, between, graded, pair, verified, written


def test_an_exception_is_no_condition(tmp_path: Path) -> None:
    found = pair(
        tmp_path,
        "violated: a\nunless: b\nunless_because: {zh: 外, en: x}",
        "applies: a\nviolated: b",
    )
    assert found.verdict == "incomparable"


@pytest.mark.parametrize("paired", [True, False])
def test_what_binds_later_is_weaker_as_a_whole_too(tmp_path: Path, paired: bool) -> None:
    first, second = (f"violated: as_of >= '{day}' and a" for day in ("2027-06-01", "2027-01-01"))
    found = between(tmp_path, first, second, paired=paired)
    assert not found.stricter_or_equal
    assert found.whole.code == "standards.whole-weaker"
    if not paired:
        assert [case["as_of"] for case in found.cases()] == ["2027-01-01"]


def _phases(count: int) -> str:
    years = [f"(as_of >= '{2027 + at}-01-01' and n >= {50 - at})" for at in range(count)]
    return f"violated: a and ({' or '.join(years)})"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_phases(5), _phases(6)),
        (
            "violated: as_of >= '2027-08-01' and a",
            "violated: add_months(as_of, 6) >= '2027-12-31' and a",
        ),
    ],
)
def test_days_that_are_not_all_looked_at_leave_it_undecided(tmp_path: Path, first: str, second: str) -> None:
    found = between(tmp_path, first, second)
    assert found.pairs[0].verdict == "undecided"
    assert not found.stricter_or_equal


def test_a_table_over_the_day_leaves_it_undecided(tmp_path: Path) -> None:
    table = """
    - define: unit.{name}
      label: {{zh: 应{name}, en: due {name}}}
      decide:
        hit: first
        inputs: [{{name: day, is: as_of}}]
        rows: [{{day: ">= {day}", then: true}}, {{day: "< {day}", then: false}}]
      cite: {{instrument: nat-1, clause: "2"}}
    """
    both = table.format(name="early", day="2027-01-01") + table.format(name="late", day="2027-06-01")
    assert pair(tmp_path, "violated: late and a", "violated: early and a", definitions=both).verdict == (
        "undecided"
    )


_NN = """
- define: unit.nn
  label: {zh: 件数, en: parts}
  is: count(p for p in parts)
  cite: {instrument: nat-1, clause: "1"}
"""
_TWO = "violated: count(p for p in parts if p.c) >= 4 and count(p for p in parts if not p.c) >= {}"
_LONG = [
    ("violated: sum(p.m for p in parts) >= 9", "violated: sum(p.m for p in parts) >= 8", ""),
    ("violated: nn >= 7", "violated: nn >= 6", _NN),
    (_TWO.format(5), _TWO.format(4), ""),
]


@pytest.mark.parametrize(("first", "second", "definitions"), _LONG)
def test_what_longer_lists_may_hold_is_undecided(
    tmp_path: Path, first: str, second: str, definitions: str
) -> None:
    found = between(tmp_path, first, second, definitions=definitions)
    assert (found.pairs[0].verdict, found.covers, found.stricter_or_equal) == ("undecided", None, False)


_GREAT = "applies: sum(p.m for p in parts) >= 5\nviolated: {}"


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        (_GREAT.format("a and b"), _GREAT.format("a"), "weaker"),
        (_GREAT.format("a"), _GREAT.format("a and b"), "stricter"),
        (_GREAT.format("a"), _GREAT.format("b"), "incomparable"),
        (_GREAT.format("a and b"), _GREAT.format("a").replace(">= 5", ">= 4"), "undecided"),
    ],
)
def test_where_both_apply_alike_a_sum_leaves_nothing_open(
    tmp_path: Path, first: str, second: str, verdict: str
) -> None:
    national = written(tmp_path, "nat", second, facts=True)
    local = written(tmp_path, "loc", first, partner="nat.r")
    assert compare("loc-1", "nat-1", packs=[national, local], as_of=DAY).pairs[0].verdict == verdict


@pytest.mark.parametrize(("body", "_", "definitions"), _LONG)
def test_verify_does_not_say_never_of_longer_lists(
    tmp_path: Path, body: str, _: str, definitions: str
) -> None:
    codes = {finding.problem.code for finding in verified(tmp_path, body, definitions=definitions).findings}
    assert "standards.counts-further" in codes
    assert "standards.never-violated" not in codes


def test_one_count_against_a_figure_is_proved(tmp_path: Path) -> None:
    first, second = (f"violated: count(p for p in parts) >= {most}" for most in (7, 6))
    assert pair(tmp_path, first, second).verdict == "weaker"


def _method(name: str, formula: str = "P * Q", most: int = 10) -> str:
    return f"""
- method: {name}_ls
  title: {{zh: 法{name}, en: ls {name}}}
  source: {{zh: 虚, en: x}}
  factors:
    P: {{label: {{zh: 概, en: P}}, min: 0, max: {most}}}
    Q: {{label: {{zh: 后, en: Q}}, min: 0, max: {most}}}
  result: D
  formula: {formula}
  default: four
  bands:
    - variant: four
      title: {{zh: 四, en: four}}
      decide:
        hit: unique
        inputs: [{{name: D, min: 0}}]
        rows: [{{D: "> 50", then: 1}}, {{D: "<= 50", then: 3}}]
"""


@pytest.mark.parametrize("first", ["", _method("loc", "P * Q * 0.5"), _method("loc", most=9)])
def test_grading_without_partner_is_undecided(tmp_path: Path, first: str) -> None:
    found = graded(tmp_path, first, _method("nat"))
    assert found.not_graded == ("nat_ls.four",)
    assert [fault.code for fault in found.graded()] == ["standards.grades-undecided"]
    assert not found.stricter_or_equal


def test_the_same_grading_is_no_obstacle(tmp_path: Path) -> None:
    assert graded(tmp_path, _method("loc"), _method("nat")).stricter_or_equal


def test_a_whole_is_not_told_apart_by_what_breaks_a_rule_about_records_below(tmp_path: Path) -> None:
    every = ("unit", "violated: any(p.c for p in parts)"), ("part", "violated: c")
    (tmp_path / "turned").mkdir()
    for folder, first, second in ((tmp_path, *every), (tmp_path / "turned", *every[::-1])):
        found = across(folder, first, second)
        assert found.pairs[0].verdict == "undecided"
        assert found.whole.code == "standards.whole-undecided"
        assert not found.escapes()


_NOT_WATER = ("cas != '7732-18-5'", "cas != cas2", "not (cas in {'7732-18-5', '7782-50-5'})")


@pytest.mark.parametrize("condition", _NOT_WATER)
def test_there_are_other_substances_than_those_that_are_named(tmp_path: Path, condition: str) -> None:
    assert pair(tmp_path, f"violated: {condition} and a", f"violated: {condition}").verdict == "weaker"
    (tmp_path / "alone").mkdir()
    assert not verified(tmp_path / "alone", f"violated: {condition}").findings


def test_a_number_with_a_wrong_check_digit_is_none(tmp_path: Path) -> None:
    findings = verified(tmp_path, "violated: cas == '7732-18-4'").findings
    assert "standards.never-violated" in {finding.problem.code for finding in findings}


@pytest.mark.parametrize(
    "condition",
    [
        "d > '2027-05-01' and d < as_of",
        "d > '2027-05-01' and d < e and e < as_of",
        "d > '2026-11-20' and d < as_of",
        "as_of < d and d < '2027-05-01'",
        "as_of > '2027-05-01' and as_of < d and d < '2027-08-01'",
    ],
)
def test_a_day_after_which_a_fact_lies_is_asked_too(tmp_path: Path, condition: str) -> None:
    found = between(tmp_path, f"violated: {condition} and a", f"violated: {condition}")
    assert (found.pairs[0].verdict, found.whole.code) == ("weaker", "standards.whole-weaker")


@pytest.mark.parametrize(
    ("day", "condition", "verdict"),
    [
        ("2027-05-01", "d < as_of", "equal"),
        ("2027-05-01", "days_between(d, e) > 900 and e < as_of", "undecided"),
        ("2026-12-01", "d > '2026-11-22' and d < as_of", "undecided"),
    ],
)
def test_days_without_room_for_facts_leave_it_undecided(
    tmp_path: Path, day: str, condition: str, verdict: str
) -> None:
    first = f"violated: d > '{day}' and {condition} and not (e < d) and n >= 0"
    assert pair(tmp_path, first, first.replace("n >= 0", "n > -1")).verdict == verdict


@pytest.mark.parametrize(
    ("scopes", "verdict"),
    [
        (("scope: enterprise.small", ""), "weaker"),
        (("", "scope: enterprise.small"), "stricter"),
        (("scope: enterprise.small",) * 2, "equal"),
    ],
)
def test_the_scope_of_one_instrument_alone_counts(
    tmp_path: Path, scopes: tuple[str, str], verdict: str
) -> None:
    national = written(tmp_path, "nat", "violated: a", facts=True, instrument=scopes[1])
    local = written(tmp_path, "loc", "violated: a", partner="nat.r", instrument=scopes[0])
    found = compare("loc-1", "nat-1", packs=[national, local], as_of=DAY)
    assert found.pairs[0].verdict == verdict
    assert found.stricter_or_equal == (verdict != "weaker")


@pytest.mark.parametrize(
    ("instrument", "rule", "code"),
    [
        ("", "binding: false", "standards.weaker-binding"),
        ("decides: guidance", "", "standards.weaker-decides"),
    ],
)
@pytest.mark.parametrize("paired", [True, False])
def test_what_stands_for_a_rule_must_bind_as_it_does(
    tmp_path: Path, instrument: str, rule: str, code: str, paired: bool
) -> None:
    national = written(tmp_path, "nat", "violated: a", facts=True)
    local = written(
        tmp_path, "loc", f"violated: a\n{rule}", partner="nat.r" if paired else None, instrument=instrument
    )
    found = compare(local, national, as_of=DAY)
    beside = found.pairs[0].beside if paired else found.weaker_together()
    assert code in {fault.code for fault in beside}
    assert not found.stricter_or_equal


_SOME = "any(p.m == 1 for p in parts) and any(p.m == 0.5 for p in parts)"
_MANY = f"count(p for p in parts if p.m == 2) >= 3 and {_SOME}"
_APART = f"{_SOME} and any(p.m == 0.1 for p in parts) and any(p.m == 0.2 for p in parts)"
_ENDS = "min((p.m for p in parts if p.c), default=0) == 1 and max((p.m for p in parts), default=0) == 2"


@pytest.mark.parametrize("condition", [_MANY, _APART, f"{_ENDS} and {_APART}"])
def test_lists_hold_a_record_for_each_thing_that_is_asked(tmp_path: Path, condition: str) -> None:
    found = pair(tmp_path, f"violated: {condition} and a", f"violated: {condition}")
    assert found.verdict == "weaker"


def test_more_than_lists_hold_is_undecided(tmp_path: Path) -> None:
    every = " and ".join(f"any(p.m == 0.{at} for p in parts)" for at in range(1, 10))
    assert pair(tmp_path, f"violated: {every} and a", f"violated: {every}").verdict in ("weaker", "undecided")
    (tmp_path / "alone").mkdir()
    codes = {finding.problem.code for finding in verified(tmp_path / "alone", f"violated: {every}").findings}
    assert codes == {"standards.counts-further"}


_LADDER = """count(p for p in parts) >= 1
  and all(any(q.m == p.m + 0.2 or (p.m == 2 and q.m == 0) for q in parts) for p in parts)"""
_LIKE = """
- define: part.has_next
  label: {zh: 有下一, en: has next}
  is: any(q.m == m + 0.2 or (m == 2 and q.m == 0) for q in unit.parts)
  cite: {instrument: nat-1, clause: "1"}
"""


@pytest.mark.parametrize(
    ("condition", "definitions"),
    [(_LADDER, ""), ("any(p.c for p in parts) and all(p.has_next for p in parts)", _LIKE)],
)
def test_records_of_a_list_that_are_each_held_to_all_of_it_leave_it_undecided(
    tmp_path: Path, condition: str, definitions: str
) -> None:
    """Only lists of eleven, or of a multiple of it, have such records."""
    found = pair(tmp_path, f"violated: {condition} and a", f"violated: {condition}", definitions=definitions)
    assert found.verdict == "undecided"
    (tmp_path / "alone").mkdir()
    findings = verified(tmp_path / "alone", f"violated: {condition}", definitions=definitions).findings
    assert {finding.problem.code for finding in findings} == {"standards.counts-further"}


_FOR_EACH = "all(any(p.k == k for p in parts) for k in kinds) and count(k for k in kinds) >= 5"
_FOR_RECORDS = """all(any(p.m == s.x for p in parts) and any(p.m == s.x + 0.1 for p in parts) for s in subs)
  and any(s.x == 1 for s in subs) and any(s.x == 1.5 for s in subs) and any(s.x == 0.5 for s in subs)"""
_BY_NAME = """
- define: sub.has_both
  label: {zh: 有两, en: has both}
  is: any(p.m == x for p in unit.parts) and any(p.m == x + 0.1 for p in unit.parts)
  cite: {instrument: nat-1, clause: "1"}
"""
_NAMED = "all(s.has_both for s in subs) and any(s.x == 1 for s in subs) and any(s.x == 0.5 for s in subs)"


@pytest.mark.parametrize(
    ("condition", "definitions"), [(_FOR_EACH, ""), (_FOR_RECORDS, ""), (_NAMED, _BY_NAME)]
)
def test_what_is_asked_for_each_record_or_member_is_not_proved_of_short_lists(
    tmp_path: Path, condition: str, definitions: str
) -> None:
    found = between(
        tmp_path, f"violated: {condition} and a", f"violated: {condition}", definitions=definitions
    )
    assert found.pairs[0].verdict in ("undecided", "weaker")
    assert not found.stricter_or_equal
    (tmp_path / "alone").mkdir()
    findings = verified(tmp_path / "alone", f"violated: {condition}", definitions=definitions).findings
    assert {finding.problem.code for finding in findings} <= {"standards.counts-further"}


def test_what_each_record_is_asked_of_its_own_list_is_proved(tmp_path: Path) -> None:
    condition = "any(any(p.c for p in u.parts) for u in units) and {}"
    first, second = (
        ("enterprise", f"violated: {condition.format(x)}") for x in ("small", "not small or small")
    )
    assert across(tmp_path, second, first).pairs[0].verdict == "stricter"
