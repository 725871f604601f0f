"""inspect, today and hazard, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.run import run
from tests.control.depot_site import NORTH, SOUTH, site

DEPOT = str(Path(__file__).parents[1] / "control" / "depot")
DAY = ("--pack", DEPOT, "--as-of", "2026-11-21", "--lang", "en")
NINE = "2026-11-21T09:00:00+08:00"


def written(folder: Path, facts: dict[str, Any] | None = None) -> str:
    file = folder / "site.json"
    file.write_text(json.dumps(facts or site(), ensure_ascii=False), "utf-8")
    return str(file)


def answers(folder: Path, name: str, by: str, value: bool | str, **more: Any) -> str:
    said = {"record": SOUTH, "fact": "has_bund", "looked": "value", "value": value, "by": by, "at": NINE}
    file = folder / name
    file.write_text(json.dumps({"inspection": 1, "answers": [said | more]}), "utf-8")
    return str(file)


def empty(folder: Path) -> tuple[str, str]:
    """Return the option that names a ledger on which nothing was ever found."""
    file = folder / "nothing.jsonl"
    file.touch()
    return "--ledger", str(file)


def decided() -> dict[str, Any]:
    """Return a site of which no clause on major hidden hazards is broken or open."""
    facts = site()
    units = [area["units"][0] for area in facts["enterprise"]["areas"]]
    for unit in units:
        unit |= {"has_bund": True, "papers_filed": True, "has_alarm": True, "drums": 3}
    for tank in units[0]["tanks"]:
        tank |= {"seal": "sound", "signs": ["no_smoking"]}
    return facts


def test_new_prints_the_list_or_writes_page_and_workbook(tmp_path: Path) -> None:
    given = written(tmp_path)
    shown = run("inspect", "new", given, "--for", "车间", *DAY).stdout
    assert "Is there a bund?" in shown
    assert "5 looks, about 25 minutes" in shown
    page, book = tmp_path / "a.html", tmp_path / "a.xlsx"
    done = run("inspect", "new", given, "--for", "P1", "--html", str(page), "--xlsx", str(book), *DAY)
    assert done.exit_code == 0, done.output
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert openpyxl.load_workbook(book).sheetnames == ["Inspection", "About"]


def test_new_walks_by_the_plan(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    square = [[0, 0], [9, 0], [9, 9]]
    zones = [{"place": place, "outline": square} for place in ("area[N]", "area[S]")]
    plan.write_text(json.dumps({"zones": zones}), "utf-8")
    shown = run("inspect", "new", written(tmp_path), "--for", "车间", "--plan", str(plan), *DAY).stdout
    assert shown.index("北区") < shown.index("南区")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "cli.for-or-checklist"),
        (("--for", "车间", "--checklist", "depot.daily"), "cli.for-or-checklist"),
        (("--for", "仓管"), "control.unknown-post"),
        (("--for", "车间", "--hours", "0"), "control.no-time"),
        (("--for", "车间", "--minutes", "0"), "control.no-time"),
        (("--checklist", "depot.dayly"), "control.unknown-checklist"),
        (("--for", "车间", "--html", "{site}"), "cli.overwrites"),
    ],
)
def test_what_cannot_be_made_is_said(tmp_path: Path, arguments: tuple[str, ...], code: str) -> None:
    given = written(tmp_path)
    done = run("inspect", "new", given, *(a.replace("{site}", given) for a in arguments), *DAY)
    assert (done.exit_code, code in done.stderr) == (2, True), done.output


def test_read_writes_facts_that_every_command_takes(tmp_path: Path) -> None:
    given, after = written(tmp_path), tmp_path / "after.json"
    sheets = [
        answers(tmp_path, "a.json", "张三", False),
        answers(tmp_path, "b.json", "李四", True, record=NORTH),
    ]
    done = run("inspect", "read", given, *sheets, "-o", str(after), *DAY)
    assert done.exit_code == 0, done.output
    assert "2 facts were given" in done.stdout
    judged = json.loads(run("assess", str(after), *DAY, "--json", "-").stdout)
    found = {(f["rule"], f["path"]): f for f in judged["findings"]}
    assert found["depot.01", SOUTH]["outcome"] == "violated"
    assert found["depot.01", NORTH]["outcome"] == "compliant"
    assert "张三" in json.dumps(found["depot.01", SOUTH]["because"], ensure_ascii=False)


def test_two_inspectors_who_differ_are_told_and_decide_nothing(tmp_path: Path) -> None:
    given, after = written(tmp_path), tmp_path / "after.json"
    sheets = [answers(tmp_path, "a.json", "张三", False), answers(tmp_path, "b.json", "李四", True)]
    shown = run("inspect", "read", given, *sheets, "-o", str(after), *DAY).stdout
    assert "control.answers-differ" in shown
    assert "张三" in shown
    assert "李四" in shown
    judged = json.loads(run("assess", str(after), *DAY, "--json", "-").stdout)
    assert [p["path"] for p in judged["data_problems"]] == [f"{SOUTH}.has_bund"]


def test_a_figure_that_is_out_of_range_is_told_at_once(tmp_path: Path) -> None:
    sheet = answers(tmp_path, "a.json", "张三", "-4", fact="drums")
    shown = run("inspect", "read", written(tmp_path), sheet, "-o", str(tmp_path / "b.json"), *DAY).stdout
    assert "1 facts are in doubt" in shown
    assert "control.answer-unread" in shown


def test_schedule_counts_and_writes_a_calendar_and_a_workbook(tmp_path: Path) -> None:
    given = written(tmp_path)
    ics, book = tmp_path / "a.ics", tmp_path / "a.xlsx"
    files = ("--ics", str(ics), "--xlsx", str(book))
    seen = answers(
        tmp_path, "a.json", "张三", "sound", record=f"{SOUTH}.tanks[T1]", fact="seal", item="depot.daily.1"
    )
    done = run(
        "inspect", "schedule", given, "--from", "2026-11-20", "--days", "3", "--done", seen, *files, *DAY
    )
    assert done.exit_code == 0, done.output
    # Two tanks daily on three days, one of them seen today; one depot weekly.
    assert done.stdout.startswith("Missed 2   Due 2   Planned 2   Done 1\n")
    assert "2 more checklists are gone through each time" in done.stdout
    # A red point is at the depot: every level must act, and three have no checklist there.
    lacking = done.stdout.partition("a grade asks a level to act that has no checklist there:")[2]
    assert [line.split(" · ")[-1] for line in lacking.split("\n")[1:4]] == ["Company", "Department", "Team"]
    assert ics.read_bytes().count(b"BEGIN:VEVENT") == 6
    assert openpyxl.load_workbook(book).worksheets[0].max_row == 1 + 7
    only = run("inspect", "schedule", given, "--for", "车间", "--days", "3", *DAY).stdout
    assert only.startswith("Missed 0   Due 1   Planned 0   Done 0\n")


def test_today_refuses_a_commitment_and_says_why(tmp_path: Path) -> None:
    facts = site()
    facts["enterprise"]["areas"][0]["units"][0]["has_bund"] = False
    facts["enterprise"]["persons"] = [{"id": "A", "certificates": [{"valid_until": "2026-11-20"}]}]
    told = json.loads(run("today", written(tmp_path, facts), "--json", *DAY).stdout)
    assert told["commitment"] is None
    assert any("broken: No bund (Unit U2 二号库)" in said["en"] for said in told["refusals"])
    assert any("not decided: No bund (Unit U1 一号库)" in said["en"] for said in told["refusals"])
    assert [(each["path"], each["day"]) for each in told["expired"]] == [
        ("enterprise.persons[A].certificates[1]", "2026-11-20")
    ]
    assert [(point["name"], point["level"], point["owner"]) for point in told["points"]] == [
        ("围堰", 1, "甲")
    ]
    assert told["hazards"] is None
    assert {check["checklist"] for check in told["checks"]} == {"depot.daily", "depot.weekly"}
    shown = run("today", written(tmp_path, facts), *DAY).stdout
    assert "No commitment is drafted:" in shown
    assert "no ledger was given" in shown


def test_today_drafts_a_commitment_where_nothing_major_is_open(tmp_path: Path) -> None:
    told = json.loads(run("today", written(tmp_path, decided()), *empty(tmp_path), "--json", *DAY).stdout)
    assert told["refusals"] == []
    draft = [said["en"] for said in told["commitment"]]
    assert draft[0] == "测试仓库, 2026-11-21"
    assert "Red risk points: 1; orange: 0; all with an owner: yes" in draft
    assert "General hidden hazards not closed off: 0, of which overdue: 0" in draft
    assert "draft" in draft[-1]


def test_without_a_ledger_nobody_knows_and_nothing_is_drafted(tmp_path: Path) -> None:
    told = json.loads(run("today", written(tmp_path, decided()), "--json", *DAY).stdout)
    assert told["commitment"] is None
    (said,) = (said["en"] for said in told["refusals"])
    assert said.startswith("No ledger was given")


def test_a_fact_of_a_later_day_refuses_a_commitment(tmp_path: Path) -> None:
    facts = decided()
    facts["enterprise"]["areas"][1]["units"][0]["has_bund"] = {"value": True, "at": "2030-01-01"}
    told = json.loads(run("today", written(tmp_path, facts), *empty(tmp_path), "--json", *DAY).stdout)
    assert told["commitment"] is None
    assert [said["en"] for said in told["refusals"]] == [
        f"A fact is of a later day: {NORTH}.has_bund (2030-01-01)"
    ]


def test_today_makes_the_commitment_a_page_to_print(tmp_path: Path) -> None:
    page = tmp_path / "today.html"
    done = run("today", written(tmp_path, decided()), *empty(tmp_path), "--html", str(page), *DAY)
    assert done.exit_code == 0, done.output
    text = page.read_text("utf-8")
    assert '<article class="commitment">' in text
    assert "Daily safety commitment (draft)" in text
    assert "We commit ourselves to safe operation today." in text
    # Without the facts there is none, and the page says why.
    run("today", written(tmp_path), "--html", str(page), *DAY)
    text = page.read_text("utf-8")
    assert "We commit ourselves" not in text
    assert "not decided: No bund (Unit U1 一号库)" in text


def test_a_list_that_is_not_given_leaves_a_commitment_refused(tmp_path: Path) -> None:
    facts = decided()
    del facts["enterprise"]["areas"][1]["units"][0]["tanks"]
    told = json.loads(run("today", written(tmp_path, facts), *empty(tmp_path), "--json", *DAY).stdout)
    assert [said["en"] for said in told["refusals"]] == [
        f"A list is not given, which leaves 1 clauses on major hidden hazards open: {NORTH}.tanks"
    ]


def test_a_major_hazard_on_the_ledger_refuses_a_commitment_until_it_is_closed_off(tmp_path: Path) -> None:
    given, ledger = written(tmp_path, decided()), tmp_path / "ledger.jsonl"
    find = {"event": "find", "at": NINE, "by": "张三", "id": "YH-1", "title": "裂缝", "grade": "major"}
    events = tmp_path / "events.json"
    events.write_text(json.dumps(find | {"suspected": True}), "utf-8")
    assert run("hazard", "record", str(ledger), str(events), "--lang", "en").exit_code == 0
    told = json.loads(run("today", given, "--ledger", str(ledger), "--json", *DAY).stdout)
    assert [said["en"] for said in told["refusals"]] == ["A major hidden hazard is not closed off: YH-1 裂缝"]
    assert [(each["hazard"], each["what"]) for each in told["due"]] == [("YH-1", "confirm")]
    refute = {"hazard": "YH-1", "event": "refute", "at": NINE, "by": "李四", "reason": "旧漆纹"}
    events.write_text(json.dumps(refute), "utf-8")
    run("hazard", "record", str(ledger), str(events))
    told = json.loads(run("today", given, "--ledger", str(ledger), "--json", *DAY).stdout)
    assert told["refusals"] == []


def test_hazards_are_proposed_recorded_once_and_shown(tmp_path: Path) -> None:
    facts = site()
    facts["enterprise"]["areas"][0]["units"][0]["has_bund"] = False
    given, ledger = written(tmp_path, facts), str(tmp_path / "ledger.jsonl")
    propose = ("hazard", "propose", given, "--by", "张三", "--at", NINE, *DAY)
    proposed = json.loads(run(*propose).stdout)
    assert [(e["id"], e["rule"], e["grade"], e["suspected"]) for e in proposed] == [
        ("YH-20261121-001", "depot.01", "major", True),
        ("YH-20261121-002", "depot.04", "general", True),
        ("YH-20261121-003", "depot.04", "general", True),
    ]
    events = tmp_path / "events.json"
    events.write_text(json.dumps(proposed, ensure_ascii=False), "utf-8")
    done = run("hazard", "record", ledger, str(events), "--lang", "en")
    assert "Events recorded: 3" in done.stderr
    assert json.loads(run(*propose, "--ledger", ledger).stdout) == []
    told = json.loads(run("hazard", "show", ledger, "--as-of", "2026-11-21", "--json").stdout)
    assert [h["id"] for h in told["hazards"]] == [e["id"] for e in proposed]
    assert told["hazards"][0]["grade"] == {
        "is": "major",
        "exchange": "1",
        "label": {"zh": "重大事故隐患", "en": "Major hidden hazard"},
    }
    assert told["recurring"][0]["hazards"] == ["YH-20261121-002", "YH-20261121-003"]
    assert "Suspected" in run("hazard", "show", ledger, "--as-of", "2026-11-21", "--lang", "en").stdout


def test_a_ledger_is_left_alone_where_one_of_its_events_cannot_happen(tmp_path: Path) -> None:
    ledger, events = tmp_path / "ledger.jsonl", tmp_path / "events.json"
    find = {"event": "find", "at": NINE, "by": "张三", "id": "YH-1", "title": "裂缝", "grade": "general"}
    events.write_text(json.dumps([find, find]), "utf-8")
    done = run("hazard", "record", str(ledger), str(events), "--lang", "en")
    assert (done.exit_code, "control.found-already" in done.stderr) == (2, True)
    assert not ledger.exists()
    for text in ("{", "3", "[3]"):
        events.write_text(text, "utf-8")
        assert "control.no-events" in run("hazard", "record", str(ledger), str(events)).stderr
    events.write_text(json.dumps(find), "utf-8")
    run("hazard", "record", str(ledger), str(events))
    ledger.write_text(ledger.read_text("utf-8").replace("裂缝", "平整"), "utf-8")
    shown = run("hazard", "show", str(ledger), "--as-of", "2026-11-21")
    assert (shown.exit_code, "control.altered" in shown.stderr) == (2, True)


def test_a_hazard_or_an_end_that_is_gone_from_a_ledger_is_noticed(tmp_path: Path) -> None:
    ledger, events = tmp_path / "ledger.jsonl", tmp_path / "events.json"
    find = {"event": "find", "at": NINE, "by": "张三", "title": "裂缝", "grade": "general"}
    events.write_text(json.dumps([find | {"id": f"YH-{n}"} for n in (1, 2, 3)]), "utf-8")
    assert run("hazard", "record", str(ledger), str(events)).exit_code == 0
    show = ("hazard", "show", str(ledger), "--as-of", "2026-11-21", "--lang", "en")
    assert run(*show).exit_code == 0
    lines = ledger.read_text("utf-8").splitlines(keepends=True)
    for left, code in ((lines[1:], "broken"), (lines[:-1], "cut"), ([], "cut")):
        ledger.write_text("".join(left), "utf-8")
        shown = run(*show)
        assert (shown.exit_code, f"control.ledger-{code}" in shown.stderr) == (2, True)
    ledger.unlink()
    events.write_text(json.dumps(find | {"id": "YH-4"}), "utf-8")
    again = run("hazard", "record", str(ledger), str(events))
    assert (again.exit_code, ledger.exists()) == (2, False)


def test_what_is_late_goes_up_to_the_level_that_must_know(tmp_path: Path) -> None:
    ledger, events = tmp_path / "ledger.jsonl", tmp_path / "events.json"
    find = {"event": "find", "at": NINE, "by": "张三", "id": "YH-1", "title": "裂缝", "grade": "general"}
    assign = {"hazard": "YH-1", "event": "assign", "at": NINE, "by": "乙", "deadline": "2026-11-25"}
    assign |= {"measures": "补焊", "funds": "自筹", "responsible": "丙", "contingency": "停用"}
    events.write_text(json.dumps([find, assign], ensure_ascii=False), "utf-8")
    assert run("hazard", "record", str(ledger), str(events)).exit_code == 0
    show = ("hazard", "show", str(ledger), "--escalate", "1=workshop", "--escalate", "7=company", "--json")
    for day, level in (("2026-11-25", None), ("2026-11-26", "workshop"), ("2026-12-02", "company")):
        (told,) = json.loads(run(*show, "--as-of", day).stdout)["hazards"]
        assert [each["level"] for each in told["due"] if each["what"] == "overdue"] == (
            [level] if level else []
        )
    assert "cli.escalate" in run("hazard", "show", str(ledger), "--escalate", "7=厂").stderr
