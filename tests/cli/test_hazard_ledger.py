"""The ledger on the command line: who records at once, and what counts on a day."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules.cli.ledger import alone, head_of, open_ledger
from dualprev_rules.problems import DualprevError
from dualprev_rules.report.carriers import HazardFields
from tests.cli.run import program, run
from tests.cli.test_inspect import DAY, decided, written
from tests.control.depot_site import ENGINE

FIND: dict[str, Any] = {
    "event": "find",
    "at": "2026-11-21T08:00:00+08:00",
    "by": "张三",
    "id": "YH-1",
    "title": "密封破损",
    "grade": "general",
    "evidence": ["前.jpg"],
}


def events(folder: Path, *given: dict[str, Any]) -> str:
    file = folder / f"{given[0].get('id', 'more')}.json"
    file.write_text(json.dumps(given, ensure_ascii=False), "utf-8")
    return str(file)


def test_what_several_record_at_once_is_all_on_the_ledger(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    files = [events(tmp_path, FIND | {"id": f"YH-{number}"}) for number in range(4)]
    with ThreadPoolExecutor() as at_once:
        done = list(at_once.map(lambda file: program("hazard", "record", str(ledger), file), files))
    assert [each.returncode for each in done] == [0, 0, 0, 0]
    told = json.loads(run("hazard", "show", str(ledger), "--as-of", "2026-11-21", "--json").stdout)
    assert {each["id"] for each in told["hazards"]} == {"YH-0", "YH-1", "YH-2", "YH-3"}
    assert not list(tmp_path.glob("*.lock"))


def test_a_ledger_that_another_keeps_is_not_written(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    with alone(ledger), pytest.raises(DualprevError) as refused, alone(ledger, patience=0):
        raise AssertionError
    assert refused.value.code == "control.ledger-in-use"
    with pytest.raises(DualprevError) as nowhere, alone(tmp_path / "no" / "ledger.jsonl"):
        raise AssertionError
    assert nowhere.value.code == "report.cannot-write"


def test_what_happens_later_does_not_count_on_a_day(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    late = {"hazard": "YH-1", "at": "2035-11-21T08:00:00+08:00"}
    done = late | {"event": "rectify", "by": "李四", "what": "换密封", "evidence": ["后.jpg"]}
    review = late | {"event": "review", "by": "王五", "passed": True}
    close = late | {"event": "close_off", "by": "安全科"}
    found = FIND | {"id": "YH-2", "at": late["at"]}
    assert (
        run("hazard", "record", str(ledger), events(tmp_path, FIND, done, review, close, found)).exit_code
        == 0
    )
    show = ("hazard", "show", str(ledger), "--all", "--json", "--lang", "en", "--as-of")
    shown = run(*show, "2026-11-22")
    assert [(each["id"], each["state"]["is"]) for each in json.loads(shown.stdout)["hazards"]] == [
        ("YH-1", "registered")
    ]
    assert "Records of the ledger after 2026-11-22, which do not count: 4" in shown.stderr
    after = json.loads(run(*show, "2035-11-21").stdout)["hazards"]
    assert [each["state"]["is"] for each in after] == ["closed_off", "registered"]


def test_a_ledger_without_links_or_head_is_told_and_not_taken_as_whole(tmp_path: Path) -> None:
    ledger, more = tmp_path / "ledger.jsonl", events(tmp_path, FIND | {"id": "YH-3"})
    run("hazard", "record", str(ledger), events(tmp_path, FIND, FIND | {"id": "YH-2", "grade": "major"}))
    lines = [json.loads(line) for line in ledger.read_text("utf-8").splitlines()]
    bare = [{name: part for name, part in line.items() if name != "link"} for line in lines[:1]]
    ledger.write_text("".join(f"{json.dumps(line)}\n" for line in bare), "utf-8")
    head_of(ledger).unlink()
    shown = run("hazard", "show", str(ledger), "--as-of", "2026-11-21")
    assert (shown.exit_code, "control.ledger-unlinked" in shown.stderr) == (0, True)
    assert "control.ledger-headless" in shown.stderr
    site = written(tmp_path, decided())
    told = json.loads(run("today", site, "--ledger", str(ledger), "--json", *DAY).stdout)
    assert told["commitment"] is None
    assert [said["zh"][:6] for said in told["refusals"]] == ["台账的 1 ", "台账（1 条"]
    before = ledger.read_bytes()
    assert run("hazard", "record", str(ledger), more).exit_code == 2
    assert ledger.read_bytes() == before
    assert run("hazard", "record", str(ledger), more, "--as-it-is").exit_code == 0
    assert open_ledger(ledger).doubts == ()


def test_an_extension_whose_approver_may_not_be_above_is_told_until_it_is_closed_off(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    five = {"measures": "换密封", "funds": "2000元", "responsible": "李四", "contingency": "停用"}
    assign = {"hazard": "YH-1", "event": "assign", "at": "2026-11-21T09:00:00+08:00", "by": "王五"} | five
    assign |= {"deadline": "2026-12-01", "level": "team"}
    longer = {"hazard": "YH-1", "event": "extend", "at": "2026-11-22T09:00:00+08:00", "by": "王五"}
    longer |= {"to": "2027-01-01", "reason": "待备件", "approver": "陈总", "role": "员工"}
    refused = run("hazard", "record", str(ledger), events(tmp_path, FIND, assign, longer | {"level": "post"}))
    assert "control.approver-not-above" in refused.stderr
    assert not ledger.exists()
    given = events(tmp_path, FIND, assign, longer)
    assert run("hazard", "record", str(ledger), given, "--profile", "national", *DAY[2:4]).exit_code == 0
    shown = run("hazard", "show", str(ledger), "--as-of", "2026-11-24").stdout
    assert "待核对延期批准人" in shown
    rows = HazardFields(ENGINE.assess(decided()), open_ledger(ledger).hazards.values())
    (row,) = (row for row in rows.rows() if row.recorded is not None)
    assert any("待核对延期批准人" in line.zh for line in rows.fill("state", row).lines)


def test_a_major_one_that_is_refuted_later_refuses_the_commitment_of_today(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    refute = {"hazard": "YH-1", "event": "refute", "by": "李四", "reason": "旧漆纹"}
    refute |= {"at": "2035-11-21T08:00:00Z"}
    given = events(tmp_path, FIND | {"grade": "major", "suspected": True}, refute)
    assert run("hazard", "record", str(ledger), given).exit_code == 0
    shown = run("today", written(tmp_path, decided()), "--ledger", str(ledger), "--json", *DAY)
    assert json.loads(shown.stdout)["commitment"] is None
    assert "which do not count: 1" in shown.stderr


def test_a_general_record_does_not_stand_for_a_major_finding(tmp_path: Path) -> None:
    facts, ledger = decided(), str(tmp_path / "ledger.jsonl")
    facts["enterprise"]["areas"][0]["units"][0]["has_bund"] = False
    propose = ("hazard", "propose", written(tmp_path, facts), "--by", "张三", "--at", FIND["at"], *DAY)
    (major,) = json.loads(run(*propose).stdout)
    milder = major | {"id": "YH-0", "grade": "general", "suspected": False, "evidence": ["前.jpg"]}
    assert run("hazard", "record", ledger, events(tmp_path, milder)).exit_code == 0
    assert json.loads(run(*propose, "--ledger", ledger).stdout) == [major]
    result = ENGINE.assess(facts)
    rows = HazardFields(result, open_ledger(Path(ledger)).hazards.values()).rows()
    assert [row.recorded is not None for row in rows] == [True, False]
    paper = {"authority": "市应急管理局", "number": "1", "dated": "2026-11-21"}
    regrade = {"hazard": "YH-0", "event": "regrade", "at": FIND["at"], "by": "王", "reason": "误判"}
    assert run("hazard", "record", ledger, events(tmp_path, regrade | {"to": "major"})).exit_code == 0
    eased = regrade | {"to": "general", "document": paper}
    assert run("hazard", "record", ledger, events(tmp_path, eased)).exit_code == 0
    assert json.loads(run(*propose, "--ledger", ledger).stdout) == []


def test_points_that_are_not_graded_are_counted_with_the_red_ones(tmp_path: Path) -> None:
    facts = decided()
    facts["enterprise"]["risk_points"] = [{"id": "R9"}]
    page, given = tmp_path / "today.html", written(tmp_path, facts)
    assert "Risk points not graded: 1" in run("today", given, *DAY).stdout
    run("today", given, "--html", str(page), *DAY)
    assert "Risk points not graded: 1" in page.read_text("utf-8")
