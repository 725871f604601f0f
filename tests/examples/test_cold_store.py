"""The cold store of Shandong: grades by hand, papers without a gap, the day with its commitment."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dualprev_rules import Result
from dualprev_rules.control import Ledger
from dualprev_rules.report.cards import cards
from dualprev_rules.report.map import four_colour_map, read_plan
from dualprev_rules.report.registers import register
from dualprev_rules.report.today import today
from tests.docs.pages import ROOT
from tests.engines import loaded

FOLDER = ROOT / "examples" / "cold_store_shandong"
KINDS = (
    "post_notice",
    "point_and_say",
    "emergency_card",
    "occupational_sign",
    "notice_board",
    "neighbour_notice",
)
# LEC by Shandong's bands, in whole numbers: 320 and above is grade 1, 160 to 319 2, 70 to 159 3, below 4.
GRADES = {
    "R1": (1 * 6 * 40, 2),
    "R2": (3 * 2 * 15, 3),
    "R3": (3 * 1 * 40, 3),
    "R4": (1 * 6 * 7, 4),
    "R5": (3 * 6 * 7, 3),
    "R6": (1 * 6 * 15, 1),  # directly: 38 people, who could be poisoned
    "R7": (3 * 6 * 3, 4),
    "R8": (1 * 6 * 7, 4),
    "R9": (3 * 3 * 40, 1),
    "R10": (1 * 6 * 15, 3),
}


@pytest.fixture(scope="module")
def result() -> Result:
    engine = loaded("chemicals", profile="shandong")
    return engine.result_of(engine.read(FOLDER / "site.yaml"))


def ledger() -> Ledger:
    held = Ledger()
    events: list[dict[str, Any]] = json.loads((FOLDER / "events.json").read_text("utf-8"))
    for event in events:
        held = held.record(event)
    return held


def test_nothing_is_open_and_the_gaps_are_found(result: Result) -> None:
    # The same gap is pointed at by the grade, and found by the rule.
    assert [fault.code for fault in result.data_problems] == ["risk.level-lacking"]
    still_open = [finding.rule.kind for finding in result.findings if finding.code == "undetermined"]
    assert set(still_open) <= {"data_check"}
    broken = {finding.rule.id for finding in result.findings if finding.code == "violated"}
    # That of chemicals is a doubt: the criteria for makers of chemicals are asked of a user of ammonia.
    assert broken == {"sd.2016.023", "sd.2882.levels"}


def test_each_point_has_the_grade_worked_out_by_hand(result: Result) -> None:
    points = {point.path.rpartition("[")[2][:-1]: point for point in result.place.all_points()}
    for key, (score, grade) in GRADES.items():
        point = points[key]
        assert point.residual.result is not None
        assert [int(value) for value in point.residual.result.possible.values] == [score]
        assert point.grade("residual").level == grade, key
    assert [key for key, point in points.items() if point.directly] == ["R6"]


@pytest.mark.parametrize(
    "kind",
    [
        "post_notice",
        "point_and_say",
        "emergency_card",
        "occupational_sign",
        "notice_board",
        "neighbour_notice",
    ],
)
def test_every_paper_is_filled(result: Result, kind: str) -> None:
    made = cards(result, kind)
    empty = [label.zh for card in made.cards for label, filled in card.fields if filled.empty]
    if made.board is not None:
        empty += [head.label.zh for head in made.board.heads if head.empty]
    assert empty == []


def test_every_column_of_the_graded_list_is_filled(result: Result) -> None:
    (listed,) = register(result).tables
    assert [head.label.zh for head in listed.heads if head.empty] == []


def test_the_plan_names_places_of_the_site_and_every_point_lies_in_a_zone(result: Result) -> None:
    page = four_colour_map(result, read_plan(FOLDER / "plan.json"))
    assert "不在任何区域内的风险点" not in page


def test_the_commitment_is_drafted_and_counts_the_ledger(result: Result) -> None:
    told = today(result, ledger())
    assert told.refusals == ()
    assert told.commitment is not None
    said = [line.zh for line in told.commitment.states]
    assert "红色风险点 2 个，橙色风险点 1 个，均有责任人：是" in said
    assert "未销号的一般隐患 2 个，其中逾期 1 个" in said
    # The reverse buzzer fails: nobody is made to promise that measures are in place.
    (failing,) = [line for line in said if line.startswith("未落实或已失效的管控措施")]
    assert "（已失效）" in failing
    assert "各级已落实管控措施 ___" in told.commitment.promise.zh
