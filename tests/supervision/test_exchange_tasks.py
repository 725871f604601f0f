"""Tasks of exchange from checklists: of which measure, how often, what is not known, and what is gone."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules.pack.interval import Interval
from dualprev_rules.report.inspection import duties_of
from dualprev_rules.supervision.exchange import Tables, check, increment, read_tables, tables_of, unknown_of
from dualprev_rules.supervision.exchange.tasks import task_cycle
from tests.cli.run import run
from tests.control.depot_site import DAY, ENGINE

AT, LATER = datetime(2026, 11, 21, 8, 30), datetime(2026, 12, 21)  # noqa: DTZ001
COMPANY = "123456789"
FIELDS = {"dataSrc": "2", "classify1": "1", "classify2": "1-3", "troubleshootContent": "在不在"}
SEAL = {"id": "m1", "name": "密封", "catalogue_id": "depot.m.seal"}
ALARM = {"id": "m2", "name": "报警器", "catalogue_id": "depot.m.alarm"}
OTHER = {"id": "m3", "name": "围堰"}
DAILY, ALARMED, SEALED = "密封有没有破？", "报警器是不是被关了？", "各罐密封可好？"


def unit(code: str, *measures: dict[str, Any], drums: int = 200, listed: bool = True) -> dict[str, Any]:
    event = {"id": f"e-{code}", "name": "泄漏"} | ({"measures": [*measures]} if listed else {})
    point = {"id": f"p-{code}", "name": "酸罐", "owner": "乙", "department": "储运", "risk_events": [event]}
    tanks = [{"id": "T1", "signs": []}, {"id": "T2", "signs": []}]
    return {"id": code, "drums": drums, "tanks": tanks, "risk_points": [point]}


def site(*units: dict[str, Any]) -> dict[str, Any]:
    return {"enterprise": {"units": [*units]}}


def made(facts: dict[str, Any], at: datetime = AT, **more: Any) -> Tables:
    read = ENGINE.read(facts)
    fields = {"m1": FIELDS, "m2": FIELDS, "m3": FIELDS}
    duties = duties_of(ENGINE.result_of(read))
    return tables_of(read, company=COMPANY, at=at, by="李四", more=fields, duties=duties, **more)


def said(tables: Tables) -> set[tuple[str, str, str]]:
    """Return of each task the measure, what to look at, and how often."""
    names = {row["id"]: row["riskMeasureDesc"] for row in tables["measure"]}
    return {
        (
            names[row["riskMeasureId"]],
            row["troubleshootContent"],
            row["checkCycle"] + row["checkCycleUnit"],
        )
        for row in tables["task"]
    }


def test_an_item_is_a_task_of_the_measure_that_it_checks() -> None:
    tables = made(site(unit("HZ1", SEAL, ALARM, OTHER)))
    assert check(tables) == ()
    # Two tanks with one seal to look at: one task. What is done each time has no cycle, and is none.
    assert said(tables) == {("密封", DAILY, "1天"), ("密封", SEALED, "7天"), ("报警器", ALARMED, "7天")}
    assert len(tables["task"]) == 3
    assert made(site(unit("HZ1", SEAL, ALARM, OTHER))) == tables
    # Without duties nothing is said of tasks.
    assert "task" not in tables_of(ENGINE.read(site(unit("HZ1", SEAL))), company=COMPANY, at=AT, by="李四")


def test_a_checklist_checks_the_measures_of_its_own_place() -> None:
    # Few drums: the weekly list is monthly, and its alarm is not asked for.
    tables = made(site(unit("HZ1", SEAL, drums=3), unit("HZ2", {**SEAL, "id": "m2", "name": "密封二"})))
    assert said(tables) == {
        ("密封", DAILY, "1天"),
        ("密封", SEALED, "30天"),
        ("密封二", DAILY, "1天"),
        ("密封二", SEALED, "7天"),
    }
    # Where the frequency is open, the shorter one counts, as everywhere.
    open_ = {key: value for key, value in unit("HZ1", SEAL).items() if key != "drums"}
    assert ("密封", SEALED, "7天") in said(made(site(open_)))


@pytest.mark.parametrize(
    ("interval", "cycle"),
    [
        (Interval(hours=24), (1, "天")),
        (Interval(hours=36), (36, "小时")),
        (Interval(hours=4), (4, "小时")),
        (Interval(hours=168), (7, "天")),
        (Interval(months=3), (3, "月")),
        (Interval(months=24), (2, "年")),
    ],
)
def test_a_cycle_is_in_the_units_of_the_table(interval: Interval, cycle: tuple[int, str]) -> None:
    assert task_cycle(interval) == cycle


def test_what_checklists_do_not_say_comes_from_the_enterprise() -> None:
    hours = {"workStartTime": "08:00:00", "workEndTime": "20:00:00"}
    read = ENGINE.read(site(unit("HZ1", SEAL)))
    more = {
        "m1": FIELDS,
        "depot.daily": hours,
        "depot.daily.1": {"workType": "0", "workStartTime": "09:00:00"},
    }
    tables = tables_of(
        read,
        company=COMPANY,
        at=AT,
        by="李四",
        more=more,
        duties=duties_of(ENGINE.result_of(read)),
    )
    daily, weekly = sorted(tables["task"], key=lambda row: row["checkCycle"])
    assert (daily["workStartTime"], daily["workEndTime"], daily["workType"]) == ("09:00:00", "20:00:00", "0")
    assert "workStartTime" not in weekly


def test_own_tasks_stand_beside_and_in_place_of_those_made() -> None:
    first = made(site(unit("HZ1", SEAL)))
    daily, weekly = sorted(first["task"], key=lambda row: row["checkCycle"])
    own = [{**weekly, "checkCycle": "3"}, {**daily, "id": "T9", "riskMeasureId": "m1"}]
    record = {"id": "R1", "checkTaskId": "depot.daily.1"}
    tables = made(site(unit("HZ1", SEAL)), rows={"task": own, "record": [record]})
    by_id = {row["id"]: row for row in tables["task"]}
    assert len(by_id) == len(tables["task"]) == 3
    assert by_id[weekly["id"]]["checkCycle"] == "3"
    assert tables["record"][0]["checkTaskId"] == daily["id"]


def test_a_task_goes_with_its_measure_and_stays_where_that_is_not_known() -> None:
    first = made(site(unit("HZ1", SEAL, ALARM)))

    def later(facts: dict[str, Any]) -> tuple[Tables, Tables]:
        unknown = unknown_of(ENGINE.read(facts), COMPANY, ENGINE.ruleset.checklists.values())
        return increment(first, made(facts, LATER), unknown, at=LATER, by="王五")

    send, keep = later(site(unit("HZ1", SEAL)))
    (gone,) = send["task"]
    assert (gone["troubleshootContent"], gone["deleted"], gone["updateBy"]) == (ALARMED, "1", "王五")
    assert gone["updateDate"] == "20261221000000"
    assert check(keep) == ()
    # A unit that is not given, or an event without its measures: nothing is known to be gone.
    for facts in ({"enterprise": {"name": "x"}}, site(unit("HZ1", listed=False))):
        send, keep = later(facts)
        assert (send["task"], send["measure"]) == ([], [])
        assert keep["task"] == first["task"]
    # Nor is it where what the checklists look at is not known, or of which entry the measure is.
    known = unit("HZ1", SEAL, ALARM)
    without = {key: value for key, value in known.items() if key != "tanks"}
    unsaid = {key: value for key, value in SEAL.items() if key != "catalogue_id"}
    for facts in (site(without), site({**known, "tanks": None}), site(unit("HZ1", unsaid, ALARM))):
        send, keep = later(facts)
        assert send["task"] == []
        assert {row["id"] for row in keep["task"]} == {row["id"] for row in first["task"]}
        assert check(keep) == ()
    send, _ = later(site({**known, "tanks": []}))
    assert {(row["troubleshootContent"], row["deleted"]) for row in send["task"]} == {
        (DAILY, "1"),
        (SEALED, "1"),
    }
    send, _ = later(site(unit("HZ1", {**SEAL, "catalogue_id": "depot.m.alarm"}, ALARM)))
    assert {row["troubleshootContent"] for row in send["task"] if row["deleted"] == "1"} == {DAILY, SEALED}
    # The unit is gone for sure: so is all that was in it.
    send, _ = later(site(unit("HZ2")))
    assert [row["deleted"] for row in send["task"]] == ["1", "1", "1"]


def test_the_command_makes_tasks(tmp_path: Path) -> None:
    facts, more, out = tmp_path / "site.json", tmp_path / "more.json", tmp_path / "out"
    facts.write_text(json.dumps(site(unit("HZ1", SEAL, ALARM, OTHER))), "utf-8")
    more.write_text(json.dumps({"m1": FIELDS, "m2": FIELDS, "m3": FIELDS}), "utf-8")
    depot = Path(__file__).parents[1] / "control" / "depot"
    options = ("--pack", str(depot), "--as-of", DAY.isoformat(), "--company", COMPANY, "--by", "李四")
    options = (*options, "--at", "2026-11-21T08:30:00", "--more", str(more))
    done = run("exchange", "export", str(facts), "--tasks", "-o", str(out), *options)
    assert done.exit_code == 0, done.output
    assert read_tables(out) == made(site(unit("HZ1", SEAL, ALARM, OTHER)))
    facts.write_text(json.dumps(site(unit("HZ1", listed=False))), "utf-8")
    again = tmp_path / "again"
    done = run("exchange", "export", str(facts), "--tasks", "-o", str(again), "--since", str(out), *options)
    assert done.exit_code == 0, done.output
    assert read_tables(again)["task"] == read_tables(out)["task"]
    assert read_tables(again / "send")["task"] == []
    # The measure is gone for sure, and its tasks with it, though none are made this time.
    facts.write_text(json.dumps(site(unit("HZ1", SEAL, OTHER))), "utf-8")
    third = tmp_path / "third"
    done = run("exchange", "export", str(facts), "-o", str(third), "--since", str(out), *options)
    assert done.exit_code == 0, done.output
    (gone,) = read_tables(third / "send")["task"]
    assert (gone["troubleshootContent"], gone["deleted"]) == (ALARMED, "1")
    assert run("exchange", "check", str(third)).exit_code == 0
    # Another enterprise's state, or one of a later day, is refused, and nothing written.
    for name, value in (("company", "987654321"), ("before", "2026-01-22")):
        wrong = [
            value if each == (COMPANY if name == "company" else options[-3]) else each for each in options
        ]
        done = run("exchange", "export", str(facts), "-o", str(tmp_path / name), "--since", str(out), *wrong)
        assert done.exit_code == 2
        assert f"supervision.exchange-{name}" in done.output
        assert not (tmp_path / name).exists()
