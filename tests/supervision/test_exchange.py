"""Exchange tables: as public implementations have them, checked, made from facts, read back."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import DualprevError, Engine
from dualprev_rules.cli.ledger import written as stored_ledger
from dualprev_rules.control.ledger import Ledger
from dualprev_rules.supervision.exchange import (
    Tables,
    Unknown,
    check,
    exchange_tables,
    facts_of,
    increment,
    read_more,
    read_tables,
    table_files,
    tables_of,
    unknown_of,
)
from dualprev_rules.supervision.exchange.table import width
from tests.cli.run import run

BANS = Path(__file__).parents[1] / "risk" / "bans"
ENGINE = Engine.load(packs=[BANS], as_of="2026-11-21")
AT = datetime(2026, 11, 21, 8, 30)  # noqa: DTZ001
COMPANY = "123456789"
MEASURE = {
    "dataSrc": "2",
    "classify1": "1",
    "classify2": "1-3",
    "troubleshootContent": "安全阀是否在校验期内",
}


def site(*measures: dict[str, Any], name: str = "氯气储罐") -> dict[str, Any]:
    event = {"id": "e1", "name": "泄漏", "measures": list(measures or ({"id": "m1", "name": "安全阀"},))}
    point = {"id": "p1", "name": name, "department": "储运部", "owner": "张三", "risk_events": [event]}
    return {"enterprise": {"units": [{"id": "HZ001", "risk_points": [point]}]}}


def made(facts: dict[str, Any] | None = None, at: datetime = AT, **more: Any) -> Tables:
    given = {"m1": MEASURE, **more}
    return tables_of(ENGINE.read(facts or site()), company=COMPANY, at=at, by="李四", more=given)


def codes(tables: Tables) -> list[str]:
    return [fault.code.removeprefix("supervision.exchange-") for fault in check(tables)]


def test_facts_become_units_events_and_measures_that_pass() -> None:
    tables = made()
    assert codes(tables) == []
    (unit,), (event,), (measure,) = tables["unit"], tables["event"], tables["measure"]
    assert (unit["hazardCode"], unit["riskUnitName"], unit["hazardLiablePerson"]) == (
        "HZ001",
        "氯气储罐",
        "张三",
    )
    assert (event["riskUnitId"], measure["riskEventId"]) == (unit["id"], event["id"])
    assert (measure["classify2"], measure["createDate"], measure["createBy"]) == (
        "1-3",
        "20261121083000",
        "李四",
    )
    assert made() == tables


def test_what_facts_do_not_have_is_missing_and_not_guessed() -> None:
    tables = tables_of(ENGINE.read(site()), company=COMPANY, at=AT, by="李四")
    missing = {fault.given for fault in check(tables)}
    assert missing == {*MEASURE}


def test_tables_become_facts_and_the_same_tables_again() -> None:
    tables = made()
    facts = facts_of(tables)
    (unit,) = facts["enterprise"]["units"]
    assert (unit["id"], unit["risk_points"][0]["name"]) == ("HZ001", "氯气储罐")
    result = ENGINE.assess(facts)
    assert result.data_problems == ()
    key = tables["measure"][0]["id"]
    again = tables_of(ENGINE.read(facts), company=COMPANY, at=AT, by="李四", more={key: MEASURE})
    assert again == tables


def test_what_tables_do_not_hold_is_not_said_to_be_none() -> None:
    tables = made()
    point = facts_of({"unit": tables["unit"]})["enterprise"]["units"][0]["risk_points"][0]
    assert "risk_events" not in point
    assert facts_of({"event": tables["event"]}) == {"enterprise": {}}
    assert facts_of({"unit": [], "event": []}) == {"enterprise": {}}
    # A row whose parent is not there: the lists that may have held either are not complete.
    stray = {**tables["event"][0], "id": "9" * 32, "riskUnitId": "8" * 32}
    units = facts_of({**tables, "event": [*tables["event"], stray]})["enterprise"]["units"]
    assert units["complete"] is False
    (kept,) = units["items"][0]["risk_points"]["items"]
    assert (kept["risk_events"]["complete"], len(kept["risk_events"]["items"])) == (False, 1)
    assert isinstance(kept["risk_events"]["items"][0]["measures"], list)
    changed = facts_of(tables, whole=False)
    assert changed["enterprise"]["units"]["complete"] is False
    assert ENGINE.read(changed).problems == ()


@pytest.mark.parametrize("form", ["json", "csv"])
def test_files_hold_what_was_written(tmp_path: Path, form: Any) -> None:
    tables = made(site({"id": "m1", "name": 'a,"b"\n换行'}))
    for file, content in table_files(tables, tmp_path, form).items():
        file.write_bytes(content)
    assert read_tables(tmp_path) == tables


LATER = datetime(2026, 11, 22)  # noqa: DTZ001


def since(before: Tables, now: Tables, at: datetime = AT) -> tuple[Tables, Tables]:
    """Return what is sent and kept where nothing is unknown."""
    return increment(before, now, Unknown(), at=at, by="李四")


def test_only_what_changed_is_sent_with_marks_for_what_is_gone() -> None:
    first = made(site({"id": "m1", "name": "甲"}, {"id": "m2", "name": "乙"}), m2=MEASURE)
    later = made(site({"id": "m1", "name": "甲改"}), LATER)
    send, keep = since(first, later, LATER)
    assert (send["unit"], send["event"]) == ([], [])
    changed, gone = send["measure"]
    assert (changed["riskMeasureDesc"], changed["createDate"], changed["updateDate"]) == (
        "甲改",
        "20261121083000",
        "20261122000000",
    )
    assert (gone["riskMeasureDesc"], gone["deleted"], gone["updateDate"]) == ("乙", "1", "20261122000000")
    assert codes(keep) == []
    again, same = since(keep, later)
    assert {name: rows for name, rows in again.items() if rows} == {}
    assert same == keep
    back, _ = since(keep, first)
    assert [row["deleted"] for row in back["measure"]] == ["0", "0"]


def unit(code: str, *points: dict[str, Any]) -> dict[str, Any]:
    return {"id": code, "risk_points": list(points)}


def point(name: str, **more: Any) -> dict[str, Any]:
    """Return a risk point with one event and one measure, all of this name."""
    event = {"id": name, "name": name, "measures": [{"id": name, "name": name}]}
    return {"id": name, "name": name, "department": "部", "owner": "张三", "risk_events": [event], **more}


def units(*given: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"risk_points": [], "units": list(given), **more}


ABC = units(unit("U1", point("a"), point("b")), unit("U2", point("c")))
ALL = {"unit": "abc", "event": "abc", "measure": "abc"}
OF_C = {"unit": "c", "event": "c", "measure": "c"}


@pytest.mark.parametrize(
    ("enterprise", "marked"),
    [
        # Known to be gone.
        (units(), ALL),
        (units(unit("U1", point("a"), point("b"))), OF_C),
        (units(unit("U1", point("a"), point("b")), unit("U2")), OF_C),
        (
            units(unit("U1", point("a"), point("b")), unit("U2", point("c", risk_events=[]))),
            {**OF_C, "unit": ""},
        ),
        # Not known: nothing is gone that may be there.
        ({"name": "x"}, {}),
        ({"risk_points": []}, {}),
        (units(unit("U1", point("a"), point("b")), {"id": "U2"}), {}),
        (units({"id": "U1"}), OF_C),
        (units({"id": "U1"}, {"id": "U2"}), {}),
        (
            {"units": {"items": [unit("U1", point("a"))], "complete": False}},
            {"unit": "b", "event": "b", "measure": "b"},
        ),
        (
            units(unit("U1", point("a", risk_events=None)), unit("U2", point("c"))),
            {"unit": "b", "event": "b", "measure": "b"},
        ),
        (
            units(
                unit("U1", point("a"), point("b")),
                unit("U2", point("c", risk_events=[{"id": "c", "name": "c"}])),
            ),
            {},
        ),
    ],
)
def test_what_is_not_known_is_not_gone(enterprise: dict[str, Any], marked: dict[str, str]) -> None:
    first = made({"enterprise": ABC})
    read = ENGINE.read({"enterprise": enterprise})
    now = tables_of(read, company=COMPANY, at=LATER, by="王五")
    send, keep = increment(first, now, unknown_of(read, COMPANY), at=LATER, by="王五")
    names = {"unit": "riskUnitName", "event": "riskEventName", "measure": "riskMeasureDesc"}
    for table, name in names.items():
        gone = [row for row in send[table] if row["deleted"] == "1"]
        assert "".join(sorted(row[name] for row in gone)) == marked.get(table, "")
        assert {(row["updateDate"], row["updateBy"]) for row in gone} <= {("20261122000000", "王五")}
        assert "".join(sorted(row[name] for row in keep[table])) == "abc"


def test_a_doubled_key_is_told_before_a_row_is_lost() -> None:
    now = made(site({"id": "0" * 32, "name": "甲"}, {"id": "0" * 32, "name": "乙"}))
    assert "twice" in codes(now)
    with pytest.raises(DualprevError, match=r"supervision\.exchange-twice"):
        since(made(), now)


def test_what_happened_to_what_is_gone_stays_without_fault() -> None:
    first = with_rows(OWN)
    gone = {name: [row | {"deleted": "1"} for row in first[name]] for name in ("measure", "task")}
    assert first["record"]
    assert "parent" not in codes({**first, **gone})
    # A parent that is nowhere is a fault all the same, and so is a task of a measure that is gone.
    assert "parent" in codes({**first, **gone, "task": []})
    assert "parent" in codes({**first, "measure": gone["measure"]})


def test_two_companies_are_not_read_as_one() -> None:
    tables = made()
    other = {**tables["unit"][0], "id": "1" * 32, "companyCode": "987654321"}
    both = {**tables, "unit": [*tables["unit"], other]}
    assert "companies" in codes(both)
    with pytest.raises(DualprevError, match=r"supervision\.exchange-companies"):
        facts_of(both)
    gone = {**tables, "unit": [*tables["unit"], {**other, "deleted": "1"}]}
    assert "companies" not in codes(gone)
    facts_of(gone)


def changed(table: str, **fields: str | None) -> Tables:
    tables = made()
    row = tables[table][0]
    tables[table] = [{k: v for k, v in {**row, **fields}.items() if v is not None}]
    return tables


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        (changed("unit", id="1"), "shape"),
        (changed("unit", companyCode="12345678"), "shape"),
        (changed("unit", createDate="20261321083000"), "shape"),
        (changed("unit", updateDate="20261120083000"), "time"),
        (changed("unit", deleted="2"), "code"),
        (changed("unit", riskUnitName=None), "missing"),
        (changed("unit", hazardLiablePerson="张" * 11), "long"),
        (changed("unit", riskUnitname="x"), "field"),
        (changed("event", riskUnitId="0" * 32), "parent"),
        (changed("unit", deleted="1"), "parent"),
        (changed("measure", classify2="2-1"), "class"),
        ({**made(), "measures": []}, "table"),
    ],
)
def test_each_fault_is_told(tables: Tables, code: str) -> None:
    assert code in codes(tables)


def test_a_chinese_character_counts_two() -> None:
    assert [width("张" * 10), width("a" * 20)] == [20, 20]
    assert "long" not in codes(changed("unit", hazardLiablePerson="张" * 10))


STAMPS = {
    "deleted": "0",
    "createDate": "20261121083000",
    "createBy": "a",
    "updateDate": "20261121083000",
    "updateBy": "a",
}


def task(**more: str) -> Tables:
    tables = made()
    row = {
        "id": "1" * 32,
        "companyCode": COMPANY,
        "riskMeasureId": tables["measure"][0]["id"],
        "troubleshootContent": "查",
    }
    return {**tables, "task": [{**row, "checkCycle": "1", "checkCycleUnit": "天", **STAMPS, **more}]}


def danger(**more: str) -> Tables:
    tables = made()
    row = {
        "id": "2" * 32,
        "companyCode": COMPANY,
        "dangerName": "漏",
        "dangerLevel": "0",
        "registTime": "2026-11-21 08:00:00",
    }
    row |= {
        "registrant": "王",
        "dangerSrc": "1",
        "dangerManageType": "0",
        "hazardDangerType": "1",
        "dangerDesc": "漏",
    }
    row |= {"liablePerson": "王", "dangerManageDeadline": "2026-11-30", "dangerState": "0"}
    return {**tables, "danger": [{**row, **STAMPS, **more}]}


PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 10).decode()


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (task(), []),
        (task(checkCycle="0"), ["shape"]),
        (task(checkCycleUnit="小时"), ["missing", "missing"]),
        (task(checkCycleUnit="小时", workStartTime="08:00:00", workEndTime="17:00:00"), []),
        (task(workType="1"), ["missing"]),
        (task(workType="1", taskNum="9"), []),
        (task(workType="2", taskNum="10"), ["item"]),
        (task(workType="3", taskNum="10"), []),
        (danger(), []),
        (danger(dangerState="9"), ["missing", "missing"]),
        (danger(dangerState="9", checkAcceptPerson="赵", checkAcceptTime="2026-11-29 10:00:00"), []),
        (danger(riskMeasureId="9" * 32), ["parent"]),
        (danger(attachments1=PNG), []),
        (danger(attachments1=base64.b64encode(b"GIF89a").decode()), ["shape"]),
    ],
)
def test_what_fields_demand_of_each_other(tables: Tables, expected: list[str]) -> None:
    assert codes(tables) == expected


def test_a_hidden_hazard_of_the_ledger_is_sent_with_its_codes() -> None:
    found = {
        "event": "find",
        "id": "H1",
        "title": "安全阀过期",
        "at": "2026-11-20T09:00:00+08:00",
        "by": "王五",
        "grade": "general",
        "found_in": "daily",
        "measure": "m1",
        "unit": "HZ001",
    }
    hazards = Ledger().record(found).hazards.values()
    more = {"m1": MEASURE}
    tables = tables_of(ENGINE.read(site()), hazards, company=COMPANY, at=AT, by="李四", more=more)
    (row,) = tables["danger"]
    assert (row["dangerLevel"], row["dangerSrc"], row["dangerState"]) == ("0", "1", "0")
    assert row["riskMeasureId"] == tables["measure"][0]["id"]
    missing = {fault.given for fault in check(tables)}
    assert missing == {"dangerManageType", "hazardDangerType", "liablePerson", "dangerManageDeadline"}


OWN: Tables = {
    "task": [
        {
            "id": "T1",
            "riskMeasureId": "m1",
            "troubleshootContent": "查",
            "checkCycle": "1",
            "checkCycleUnit": "天",
        },
    ],
    "record": [{"id": "R1", "checkTaskId": "T1", "checkTime": "20261121080000", "checkStatus": "1"}],
    "danger": [
        {
            "id": "D1",
            "checkRecordId": "R1",
            "riskMeasureId": "m1",
            "hazardCode": "HZ001",
            "dangerName": "漏",
            "dangerLevel": "0",
            "registTime": "2026-11-21 08:00:00",
            "registrant": "王",
            "dangerSrc": "1",
            "dangerManageType": "0",
            "hazardDangerType": "1",
            "dangerDesc": "漏",
            "liablePerson": "王",
            "dangerManageDeadline": "2026-11-30",
            "dangerState": "0",
        }
    ],
    "outage": [{"id": "S1", "riskUnitId": "p1", "stopStartTime": "20261101000000", "stopReason": "检修"}],
}


def with_rows(rows: Tables, facts: dict[str, Any] | None = None, at: datetime = AT) -> Tables:
    given = ENGINE.read(facts or site())
    return tables_of(given, company=COMPANY, at=at, by="李四", more={"m1": MEASURE}, rows=rows)


def test_rows_of_another_system_hang_on_what_facts_made() -> None:
    tables = with_rows(OWN)
    assert codes(tables) == []
    assert {*tables} == {*exchange_tables()}
    (task,), (record,), (danger,), (outage,) = (
        tables[name] for name in ("task", "record", "danger", "outage")
    )
    measure, unit = tables["measure"][0]["id"], tables["unit"][0]["id"]
    assert (task["riskMeasureId"], danger["riskMeasureId"], outage["riskUnitId"]) == (measure, measure, unit)
    assert (record["checkTaskId"], danger["checkRecordId"]) == (task["id"], record["id"])
    # What was sent may be given again as it is.
    assert with_rows(tables) == tables


@pytest.mark.parametrize(
    ("text", "code"),
    [("id,updateBy\r\n1,李,四\r\n", "row-long"), ("id,updateBy,id\r\n1,李,2\r\n", "heading-twice")],
)
def test_no_cell_of_a_table_is_lost(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "unit.csv").write_text(text, "utf-8")
    with pytest.raises(DualprevError, match=rf"supervision\.{code}"):
        read_tables(tmp_path)


def test_a_parent_that_could_be_two_is_not_guessed() -> None:
    twice = site(
        {"id": "a", "name": "甲", "catalogue_id": "m1"}, {"id": "b", "name": "乙", "catalogue_id": "m1"}
    )
    faults = check(with_rows({"task": OWN["task"]}, twice))
    assert ("supervision.exchange-parent", "m1") in {(fault.code, fault.given) for fault in faults}


@pytest.mark.parametrize("form", ["json", "csv"])
def test_all_tables_come_back_from_files(tmp_path: Path, form: Any) -> None:
    tables = with_rows(OWN)
    for file, content in table_files(tables, tmp_path, form).items():
        file.write_bytes(content)
    assert read_tables(tmp_path) == tables


def test_a_table_that_is_not_given_is_not_gone() -> None:
    first = with_rows(OWN)
    send, keep = since(first, made())
    assert {name for name, rows in send.items() if rows} == set()
    assert keep == first
    send, _ = since(first, with_rows({**OWN, "record": [], "danger": []}))
    assert [(row["id"], row["deleted"]) for row in send["record"]] == [(first["record"][0]["id"], "1")]
    assert [row["deleted"] for row in send["danger"]] == ["1"]
    assert send["task"] == []


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "exchange-none"),
        ({"units.json": "[]"}, "exchange-table"),
        ({"unit.json": "[]", "unit.csv": "id"}, "exchange-two-files"),
        ({"unit.json": "{}"}, "no-table"),
        ({"unit.json": "["}, "unreadable"),
    ],
)
def test_a_folder_that_holds_no_tables_is_refused(tmp_path: Path, files: dict[str, str], code: str) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(DualprevError, match=rf"supervision\.{code}"):
        read_tables(tmp_path)


def test_the_export_takes_what_happened_up_to_the_day(tmp_path: Path) -> None:
    find = {"event": "find", "by": "张三", "title": "裂缝", "grade": "general", "evidence": ["前.jpg"]}
    held = Ledger()
    for number, day in (("YH-1", "2026-11-20"), ("YH-2", "2026-11-22")):
        held = held.record(find | {"id": number, "at": f"{day}T08:00:00+08:00"})
    happened = {"hazard": "YH-1", "event": "rectify", "at": "2026-11-23T08:00:00+08:00", "by": "李四"}
    held = held.record(happened | {"what": "补焊", "evidence": ["后.jpg"]})
    facts, ledger, out = tmp_path / "site.json", tmp_path / "ledger.jsonl", tmp_path / "out"
    facts.write_text(json.dumps(site()), "utf-8")
    for file, content in stored_ledger(held, ledger).items():
        file.write_bytes(content)
    options = ("--pack", str(BANS), "--company", COMPANY, "--by", "李四", "--at", "2026-11-21T08:30:00")
    done = run(
        *("exchange", "export", str(facts), "-o", str(out), "--ledger", str(ledger)),
        *("--as-of", "2026-11-21", "--lang", "en", *options),
    )
    assert "Records of the ledger after 2026-11-21, which do not count: 2" in done.stderr
    (sent,) = read_tables(out)["danger"]
    assert sent["dangerState"] == "0"


def test_the_commands_make_check_and_read_back(tmp_path: Path) -> None:
    facts, more, out = tmp_path / "site.json", tmp_path / "more.yaml", tmp_path / "out"
    facts.write_text(json.dumps(site()), "utf-8")
    more.write_text(
        "m1: {dataSrc: '2', classify1: '1', classify2: 1-3, troubleshootContent: 查安全阀}\n", "utf-8"
    )
    options = (
        "--pack",
        str(BANS),
        "--as-of",
        "2026-11-21",
        "--company",
        COMPANY,
        "--by",
        "李四",
        "--more",
        str(more),
    )
    done = run("exchange", "export", str(facts), "-o", str(out), "--at", "2026-11-21T08:30:00", *options)
    assert done.exit_code == 0, done.output
    assert "--more" not in done.stderr
    assert run("exchange", "check", str(out)).exit_code == 0
    again = tmp_path / "again"
    more.write_text(more.read_text("utf-8") + "m2: {dataSrc: '2'}\n", "utf-8")
    told = run(
        "exchange",
        "export",
        str(facts),
        "-o",
        str(again),
        "--at",
        "2026-11-22T08:30:00",
        "--since",
        str(out),
        *options,
    )
    assert "“m2”" in told.stderr
    assert all(
        json.loads((again / "send" / f"{name}.json").read_text("utf-8")) == []
        for name in ("unit", "event", "measure")
    )
    back = tmp_path / "back.json"
    assert run("exchange", "import", str(out), "-o", str(back)).exit_code == 0
    units = json.loads(back.read_text("utf-8"))["enterprise"]["units"]
    assert (units["complete"], units["items"][0]["id"]) == (False, "HZ001")
    assert run("exchange", "import", str(out), "--whole", "-o", str(back)).exit_code == 0
    assert json.loads(back.read_text("utf-8"))["enterprise"]["units"][0]["id"] == "HZ001"
    assert run("exchange", "import", str(again / "send"), "-o", str(back)).exit_code == 0
    assert json.loads(back.read_text("utf-8")) == {"enterprise": {}}
    (out / "event.json").unlink()
    assert run("exchange", "import", str(out), "-o", str(back)).exit_code == 1
    broken = run("exchange", "check", str(out), "--lang", "en")
    assert broken.exit_code == 1
    assert "conformity to it is not certified" in broken.output


def test_the_command_adds_own_rows(tmp_path: Path) -> None:
    facts, more, rows, out = (tmp_path / name for name in ("site.json", "more.json", "rows", "out"))
    facts.write_text(json.dumps(site()), "utf-8")
    more.write_text(json.dumps({"m1": MEASURE}), "utf-8")
    rows.mkdir()
    for name, given in OWN.items():
        (rows / f"{name}.json").write_text(json.dumps(given), "utf-8")
    options = ("--pack", str(BANS), "--as-of", "2026-11-21", "--company", COMPANY, "--by", "李四")
    options = (*options, "--at", "2026-11-21T08:30:00", "--more", str(more), "--rows", str(rows))
    done = run("exchange", "export", str(facts), "-o", str(out), *options)
    assert done.exit_code == 0, done.output
    assert {file.stem for file in out.iterdir()} == {*exchange_tables()}
    assert read_tables(out) == with_rows(OWN)


def test_a_table_is_not_written_twice_in_two_forms(tmp_path: Path) -> None:
    facts = tmp_path / "site.json"
    facts.write_text(json.dumps(site()), "utf-8")
    options = ("--pack", str(BANS), "--as-of", "2026-11-21", "--company", COMPANY, "--by", "李四")
    options = ("exchange", "export", str(facts), *options, "--at", "2026-11-21", "-o", str(tmp_path / "out"))
    assert run(*options).exit_code == 1  # nothing says how the measure is controlled
    done = run(*options, "--form", "csv")
    assert (done.exit_code, "supervision.exchange-two-files" in done.stderr) == (2, True)
    assert not [*(tmp_path / "out").glob("*.csv")]


@pytest.mark.parametrize("content", ["[1]", '{"m1": 5}', '"m1"'])
def test_fields_that_hang_on_no_id_are_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "more.json"
    file.write_text(content, "utf-8")
    with pytest.raises(DualprevError, match=r"supervision\.exchange-more"):
        read_more(file)
    file.write_text('{"m1": {"dataSrc": 2, "classify3": null}}', "utf-8")
    assert read_more(file) == {"m1": {"dataSrc": "2"}}
