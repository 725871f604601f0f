"""Decision tables: every planted fault is found, nothing else is, and each is shown for use."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import count
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import pytest
import yaml

from dualprev_rules.evaluate import Reference
from dualprev_rules.facts import read_facts
from dualprev_rules.facts.possible import Absent, Value
from dualprev_rules.facts.types import Number
from dualprev_rules.lang.tree import Arith, Decide
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.standards import MOST_FAULTS, TableReport, analyse, written
from tests.cases import cases
from tests.standards.sow import PLANTED, Planted, Truth, falls, sow, sow_monotone, truth
from tests.standards.yard import DAY, hits, inside, made, said

BY_HAND = yaml.safe_load(Path(__file__).with_name("planted.yaml").read_text("utf-8"))
TABLES = pytest.mark.parametrize("spec", BY_HAND["tables"], ids=lambda spec: spec["table"])


def found(report: TableReport, points: tuple[Any, ...]) -> Truth:
    """Return what a report says of the points of a grid."""
    assert not report.undecided
    assert not report.more
    gaps = report.of("gap")
    return Truth(
        frozenset(point for point in points if any(inside(report, gap, point) for gap in gaps)),
        frozenset((f.rows[0], f.rows[1]) for f in (*report.of("overlap"), *report.of("conflict"))),
        frozenset(fault.rows[0] for fault in report.of("masked")),
        frozenset(fault.rows[0] for fault in report.of("redundant")),
    )


@TABLES
def test_what_was_planted_by_hand_is_found_and_nothing_else(spec: dict[str, Any]) -> None:
    report = analyse(*made(BY_HAND["facts"], spec))
    got = [said(report, fault) for fault in report.faults]
    assert sorted(got, key=str) == sorted(spec["expect"], key=str)


@TABLES
def test_the_reference_has_no_answer_at_the_point_of_a_gap(spec: dict[str, Any]) -> None:
    table, ruleset = made(BY_HAND["facts"], spec)
    report = analyse(table, ruleset)
    for fault in report.of("gap"):
        point = written.point(report.axes, fault.box)
        facts = {name: value.strip("'") for name, value in point.items()}
        (record,) = read_facts({"enterprise": facts}, ruleset.schema, as_of=DAY).roots
        body = ruleset.definitions["enterprise", "answer"].body
        assert Reference(ruleset).run(body, {"self": Value((record,))}).absent is Absent.SURELY


@pytest.mark.parametrize("planted", ["nothing", *PLANTED])
def test_a_report_says_what_brute_force_says(planted: Planted) -> None:
    for seed in range(cases(300)):
        sown = sow(seed, planted)
        table, ruleset = made(sown.facts, sown.table)
        expected = truth(table, sown.points)
        assert expected.clean == (planted == "nothing"), (seed, "nothing was planted")
        assert found(analyse(table, ruleset), sown.points) == expected, (seed, sown.table)


def test_rows_that_close_gaps_leave_none_and_overlap_nothing() -> None:
    for seed in range(cases(300)):
        sown = sow(seed, "gap")
        rows = [dict(row) for row in sown.table["rows"]]
        while True:
            table, ruleset = made(sown.facts, {**sown.table, "hit": "unique", "rows": rows})
            report = analyse(table, ruleset)
            if not report.faults:
                break
            (closing,) = yaml.safe_load(written.row(report.axes, report.of("gap")[0].box, then="9"))
            rows.append(closing)
        assert truth(table, sown.points).clean


def test_no_gap_can_be_made_larger() -> None:
    for seed in range(cases(300)):
        sown = sow(seed, "gap")
        table, ruleset = made(sown.facts, sown.table)
        report = analyse(table, ruleset)
        for gap in report.of("gap"):
            for at, axis in enumerate(report.axes):
                outside = set(range(len(axis.pieces))) - {p for a, b in gap.box[at] for p in range(a, b)}
                if axis.ordered:
                    ((low, high),) = gap.box[at]
                    outside &= {low - 1, high}
                for position in outside:
                    wider = (*gap.box[:at], ((position, position + 1),), *gap.box[at + 1 :])
                    assert any(_touches(report, row, wider) for row in range(len(table.rows)))


def _touches(report: TableReport, row: int, box: tuple[Any, ...]) -> bool:
    pairs = zip(report.axes, box, strict=True)
    return all(any(a < d and c < b for a, b in axis.rows[row] for c, d in runs) for axis, runs in pairs)


def test_a_point_of_an_overlap_is_matched_by_both_rows() -> None:
    for seed in range(cases(300)):
        sown = sow(seed, "overlap")
        table, ruleset = made(sown.facts, sown.table)
        report = analyse(table, ruleset)
        for fault in report.faults:
            shown = written.point(report.axes, fault.box)
            point = tuple(_value(sown.facts[name], shown[name]) for name in shown)
            assert set(fault.rows) <= set(hits(table, point))


def _value(fact: dict[str, Any], text: str) -> Any:
    if fact["type"] == "number":
        return Fraction(text)
    return text == "true" if fact["type"] == "bool" else text


def test_a_row_for_what_has_no_value_is_not_masked() -> None:
    facts = {"x": {"type": "number"}, "y": {"type": "number"}}
    head = {"hit": "first", "inputs": ["x", "y"], "rows": [{"x": "< 5", "then": 1}, {"x": ">= 5", "then": 2}]}
    plain = {**head, "rows": [*head["rows"], {"then": 3}]}
    table, ruleset = made(facts, plain)
    report = analyse(table, ruleset)
    assert [said(report, fault) for fault in report.faults] == [{"masked": [3]}]
    ratio = Arith(
        type=Number(), span=table.span, op="/", left=table.inputs[0].node, right=table.inputs[1].node
    )
    divided = replace(table, inputs=(replace(table.inputs[0], node=ratio), table.inputs[1]))
    assert not analyse(divided, ruleset).faults


# --- monotone inputs -------------------------------------------------------------------------------


@pytest.mark.parametrize("planted", [False, True])
def test_a_monotone_table_has_falls_where_brute_force_has(planted: bool) -> None:
    for seed in range(cases(200)):
        sown = sow_monotone(seed, planted)
        table, ruleset = made(sown.facts, sown.table)
        expected = falls(table, sown.points, sown.rises)
        assert bool(expected) == planted, (seed, "nothing was planted")
        report = analyse(table, ruleset)
        assert not report.undecided
        got = {(fault.along, fault.rows) for fault in report.of("inversion")}
        assert {along for along, _ in got} == {along for along, _ in expected}, (seed, sown.table)
        assert got <= expected, (seed, sown.table)


def test_a_default_answers_behind_all_rows() -> None:
    facts = {"x": {"type": "number", "min": 0}}
    rows = [{"x": "[10..20)", "then": "2"}]
    table = {"inputs": ["x"], "monotone": {"x": "rising"}, "rows": rows, "default": "1"}
    (fault,) = analyse(*made(facts, table)).of("inversion")
    assert fault.rows == (0, 1)
    assert not analyse(*made(facts, {**table, "rows": [{"x": ">= 10", "then": "2"}]})).faults


def test_of_ordered_members_the_worse_is_higher() -> None:
    facts = {"level": {"type": "ordered", "values": ["high", "middle", "low"]}}
    rows = [{"level": "high", "then": "3"}, {"level": "middle", "then": "2"}, {"level": "low", "then": "1"}]
    table = {"inputs": ["level"], "rows": rows}
    assert not analyse(*made(facts, {**table, "monotone": {"level": "rising"}})).faults
    faults = analyse(*made(facts, {**table, "monotone": {"level": "falling"}})).of("inversion")
    assert {fault.rows for fault in faults} == {(2, 1), (2, 0)}


def test_outputs_that_add_up_are_undecided() -> None:
    facts = {"x": {"type": "number"}}
    rows = [{"x": "> 1", "then": "2"}, {"x": "> 5", "then": "1"}]
    table = {"hit": "collect(sum)", "inputs": ["x"], "monotone": {"x": "rising"}, "rows": rows}
    assert analyse(*made(facts, table)).undecided == {"inversion": 0}


def _overlapping(count: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a table whose rows nearly all overlap."""
    chance = Random(1)
    facts = {f"i{n}": {"type": "number"} for n in range(4)}
    rows = []
    for number in range(count):
        cells = {name: f"[{chance.randrange(40)}..{chance.randrange(60, 100)}]" for name in facts}
        rows.append({**cells, "then": str(number % 3)})
    return facts, {"inputs": list(facts), "rows": rows}


def test_the_first_hundred_are_shown_and_that_there_are_more() -> None:
    report = analyse(*made(*_overlapping(60)))
    assert Counter(fault.kind for fault in report.faults)["conflict"] == MOST_FAULTS
    assert "conflict" in report.more


def test_what_the_time_does_not_suffice_for_is_undecided() -> None:
    ticks: Callable[[], float] = count().__next__
    report = analyse(*made(*_overlapping(60)), seconds=5, clock=ticks)
    assert set(report.undecided) >= {"gap"}
    assert all(0 <= share < 1 for share in report.undecided.values())


def _divided(count: int, chance: Random) -> list[tuple[tuple[int, int], ...]]:
    """Return a space of six inputs, divided into boxes."""
    boxes: list[tuple[tuple[int, int], ...]] = [((0, 1000),) * 6]
    while len(boxes) < count:
        at, axis = chance.randrange(len(boxes)), chance.randrange(6)
        low, high = boxes[at][axis]
        if high - low > 1:
            cut = chance.randrange(low + 1, high)
            halves = ((low, cut), (cut, high))
            boxes[at : at + 1] = [(*boxes[at][:axis], half, *boxes[at][axis + 1 :]) for half in halves]
    return boxes


def _table_of(boxes: list[tuple[tuple[int, int], ...]]) -> tuple[Decide, Ruleset]:
    names = [f"i{n}" for n in range(6)]
    rows = [
        {n: f"[{a}..{b})" for n, (a, b) in zip(names, box, strict=True) if (a, b) != (0, 1000)}
        | {"then": "1"}
        for box in boxes
    ]
    facts = {name: {"type": "number", "min": 0, "below": 1000} for name in names}
    return made(facts, {"inputs": names, "rows": rows})


def test_the_memory_that_a_search_takes_grows_as_the_rows_do() -> None:
    """In six dimensions a grid of all bounds of 200 rows has more than 10**10 cells."""
    peaks: list[int] = []
    for rows in (50, 200):
        table, ruleset = _table_of(_divided(rows, Random(7)))
        tracemalloc.start()
        report = analyse(table, ruleset, seconds=120)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert not report.faults
        assert not report.undecided
    assert peaks[1] < 6 * peaks[0]


@pytest.mark.slow
@pytest.mark.parametrize("faults", [0, 100])
def test_ten_thousand_rows_are_searched_to_the_end(faults: int) -> None:
    chance = Random(7)
    boxes = _divided(10_000 + faults // 2, chance)
    for _ in range(faults // 2):
        del boxes[chance.randrange(len(boxes))]
        at = chance.randrange(len(boxes))
        boxes[at] = (*boxes[at][:5], (boxes[at][5][0], min(1000, boxes[at][5][1] + 1)))
    table, ruleset = _table_of(boxes)
    began = process_time()
    report = analyse(table, ruleset, seconds=120)
    assert process_time() - began < 10
    assert not report.undecided
    assert bool(report.of("gap")) == bool(report.of("overlap")) == bool(faults)
