"""Everything by which a draft may be weaker, planted once in a pair of packs; wholes and grades."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dualprev_rules.pack.load import read_cases
from dualprev_rules.pack.read import read_pack
from dualprev_rules.standards import Comparison, compare
from dualprev_rules.testing.cases import run_cases
from tests.cli.run import run

WEAKER = Path(__file__).with_name("weaker")
LOCAL, NATIONAL = WEAKER / "local", WEAKER / "national"
DAY = date(2026, 11, 21)
PLANTED = {
    "scope": ("weaker", ()),
    "deadline": ("weaker", ()),
    "unless": ("weaker", ()),
    "declared": ("incomparable", ("standards.weaker-facts",)),
    "duty": ("equal", ("standards.other-duty",)),
    "later": ("weaker", ()),
    "built": ("weaker", ()),
    "gap": ("weaker", ()),
    "often": ("equal", ("standards.weaker-frequency",)),
    "kind": ("equal", ("standards.weaker-kind",)),
    "limit": ("weaker", ()),
    "advised": ("equal", ("standards.weaker-decides",)),
    "ends": ("equal", ("standards.ends-earlier",)),
    "unchecked": ("equal", ("standards.weaker-frequency",)),
    "each": ("equal", ("standards.weaker-frequency",)),
    "object": ("equal", ("standards.other-object",)),
}


@cache
def compared() -> Comparison:
    return compare(LOCAL, NATIONAL, as_of=DAY)


@pytest.mark.parametrize("name", PLANTED)
def test_each_way_of_being_weaker_is_said(name: str) -> None:
    pair = next(each for each in compared().pairs if each.first.id == f"new.{name}")
    assert (pair.verdict, tuple(fault.code for fault in pair.beside)) == PLANTED[name]
    assert not pair.is_kept


def test_the_day_to_come_on_which_only_the_older_binds_is_shown() -> None:
    pair = next(each for each in compared().pairs if each.first.id == "new.later")
    assert pair.days[1] == date(2027, 6, 1)


def test_turned_about_nothing_of_it_is_weaker() -> None:
    found = compare(NATIONAL, LOCAL, as_of=DAY)
    beside = {fault.code for pair in found.pairs for fault in pair.beside}
    assert beside == {"standards.other-duty", "standards.other-object"}
    assert {pair.verdict for pair in found.pairs} == {"equal", "stricter", "incomparable"}
    assert [pair.verdict for pair in found.grades] == ["stricter"]


def test_a_rule_for_which_several_stand_together_is_covered() -> None:
    found = compared()
    assert found.only_second == ("old.split",)
    by_rule = {each.rule.id: each for each in found.covered_second}
    assert by_rule["old.split"].holds is True
    assert {"new.near", "new.far"} <= set(by_rule["old.split"].by)
    assert found.proposals["old.split"] in ("new.near", "new.far")
    [said] = [fault for fault in found.without_counterpart() if fault.given == "old.split"]
    assert said.code == "standards.held-together"


def test_wholes_and_grades_are_compared() -> None:
    found = compared()
    escapes = {each.rule.id: each.day for each in found.covered_second if each.holds is False}
    assert {"old.scope", "old.deadline", "old.later"} <= escapes.keys()
    # Today the rule that binds from 2027 is violated by nobody.
    assert (escapes["old.scope"], escapes["old.later"]) == (None, date(2027, 6, 1))
    [grades] = found.grades
    assert grades.verdict == "weaker"
    assert grades.weaker is not None
    assert grades.weaker.point == {"P": "10", "Q": "30", "D": "300"}
    assert (grades.weaker.first, grades.weaker.second) == (2, 1)
    assert found.covers is False
    assert found.whole.code in ("standards.whole-incomparable", "standards.whole-weaker")
    assert not found.stricter_or_equal


def test_each_alone_keeps_it_from_being_stricter_or_equal() -> None:
    found = compared()
    sound = replace(found, pairs=(), covered_second=(), grades=())
    assert sound.stricter_or_equal
    assert not replace(sound, grades=found.grades).stricter_or_equal
    for name in ("duty", "often", "kind"):
        pair = next(each for each in found.pairs if each.first.id == f"new.{name}")
        assert not replace(sound, pairs=(pair,)).stricter_or_equal


def test_witnesses_of_rules_and_wholes_pass_as_cases(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "pack.yaml").write_bytes((LOCAL / "pack.yaml").read_bytes())
    file, book = tmp_path / "cases" / "all.yaml", tmp_path / "comments.xlsx"
    command = ("compare", str(LOCAL), str(NATIONAL), "--as-of", "2026-11-21", "--lang", "zh")
    done = run(*command, "--cases", str(file), "--comments", str(book), "--require", "stricter-or-equal")
    assert done.exit_code == 1
    cases = read_cases(read_pack(tmp_path))
    assert len(cases) == sum(p.only_first.is_possible or 0 for p in compared().pairs) + sum(
        p.only_second.is_possible or 0 for p in compared().pairs
    ) + len(compared().escapes())
    assert [r.mismatches or r.problems for r in run_cases(cases, [NATIONAL, LOCAL])] == [()] * len(cases)
    sheet = load_workbook(book).active
    assert sheet is not None
    said = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    for part in ("义务主体是使用单位", "检查频次是 7 d", "定为 check", "分级：new_ls.four 弱于 old_ls.four"):
        assert part in said
