"""Inspection sheets: what they choose, the page on a phone and on paper, XLSX, and rounds on a calendar."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dualprev_rules import Engine
from dualprev_rules.control.rounds import Round, rounds
from dualprev_rules.control.who import find_inspector
from dualprev_rules.problems import DualprevError, Words
from dualprev_rules.report.inspection import (
    Sheet,
    calendar,
    duties_of,
    inspection_book,
    inspection_page,
    read_back,
    read_files,
    rounds_book,
    shortest,
    whole,
)
from dualprev_rules.result import Result
from tests.browser import DESK, PHONE, WIDTHS, OpenPage, contrast, no_overflow
from tests.control.depot_site import DAY, ENGINE, NORTH, SOUTH, opened, site
from tests.docs.pages import ROOT

TANK = f"{SOUTH}.tanks[T1]"


def judged(facts: dict[str, Any] | None = None) -> Result:
    return ENGINE.assess(facts or site())


def made(who: str = "车间", hours: str = "2", facts: dict[str, Any] | None = None, **more: Any) -> Sheet:
    result = judged(facts)
    return shortest(result, find_inspector(who, result.facts), Fraction(hours), **more)


def asked(sheet: Sheet) -> list[str]:
    return [f"{line.record}.{line.fact}" for line in sheet.lines]


# --- the choice -------------------------------------------------------------------------------------


def test_the_list_is_in_walking_order_and_holds_what_can_decide_a_major_outcome() -> None:
    sheet = made()
    assert asked(sheet) == [
        f"{SOUTH}.has_bund",
        f"{SOUTH}.has_alarm",
        f"{TANK}.seal",
        f"{SOUTH}.tanks[T2].seal",
        f"{NORTH}.has_bund",
    ]
    # depot.05 is a major outcome too, which documents alone may settle; signs are no major matter.
    assert (sheet.can_decide, sheet.open, sheet.major, sheet.duration) == (5, 7, True, "25")


def test_what_the_answers_decide_is_what_the_list_promised() -> None:
    sheet = made()
    facts = opened()
    answers = [_answered(line) for line in sheet.lines]
    after = ENGINE.assess(read_back(facts, answers).facts)
    assert judged().counts["undetermined"] - after.counts["undetermined"] == sheet.can_decide


def _answered(line: Any) -> Any:
    from tests.control.depot_site import answer

    return answer(line.record, line.fact, value=True if line.form == "bool" else "sound")


def test_time_that_is_short_takes_what_decides_most() -> None:
    assert len(made(hours="1/6").lines) == 2
    assert made(hours="1/6", minutes=Fraction(10)).duration == "10"


def test_a_level_is_asked_what_its_checklists_ask_and_what_no_checklist_asks() -> None:
    # Seals are on checklists of posts and workshops, the alarm on that of workshops alone.
    assert asked(made("公司")) == [f"{SOUTH}.has_bund", f"{NORTH}.has_bund"]
    assert f"{TANK}.seal" in asked(made("岗位"))
    assert f"{SOUTH}.has_alarm" not in asked(made("岗位"))


def test_a_post_is_asked_about_what_lists_it() -> None:
    assert all(path.startswith(SOUTH) for path in asked(made("罐区巡检")))


def test_where_no_major_outcome_can_be_decided_the_others_count() -> None:
    facts = site()
    units = [area["units"][0] for area in facts["enterprise"]["areas"]]
    for unit in units:
        unit |= {"has_bund": True, "papers_filed": True, "drums": 1}
    for tank in units[0]["tanks"]:
        tank |= {"seal": "sound", "signs": {"items": [], "complete": False}}
    sheet = made(facts=facts)
    assert (asked(sheet), sheet.major) == ([f"{TANK}.signs", f"{SOUTH}.tanks[T2].signs"], False)


def test_facts_that_decide_only_together_are_asked_together() -> None:
    facts = site()
    unit = facts["enterprise"]["areas"][0]["units"][0]
    unit |= {"has_bund": True, "drums": {"between": [4, 9]}}
    # Few drums decide it; many leave it to the alarm: one fact can do, and either is asked, not both.
    chosen = {path for path in asked(made(facts=facts)) if path in (f"{SOUTH}.drums", f"{SOUTH}.has_alarm")}
    assert len(chosen) == 1


def test_the_plan_gives_the_order_of_the_walk() -> None:
    places = [line.record for line in made(zones=[[NORTH], [SOUTH]]).lines]
    assert places[0] == NORTH
    assert places[1] == SOUTH


def test_the_question_is_that_of_the_fact_and_the_checklist_says_how_to_look() -> None:
    line = next(line for line in made().lines if line.fact == "has_alarm")
    # The checklist asks whether the alarm is off: its yes would be the fact's no.
    assert line.ask == Words("报警器？", "Alarm?")
    assert line.look == (Words("报警器是不是被关了？", "Is the alarm switched off?"),)
    assert line.clauses == ("测试〔2020〕9号 2",)


def test_a_checklist_is_listed_whole() -> None:
    result = judged()
    duties = [d for d in duties_of(result) if d.checklist.id == "depot.work"]
    sheet = whole(result, duties[0].checklist.title, duties)
    assert [(line.record, line.fact, line.item, line.form) for line in sheet.lines] == [
        (SOUTH, None, "depot.work.1", "bool"),
        (NORTH, None, "depot.work.1", "bool"),
    ]


def test_the_same_facts_give_the_same_sheet() -> None:
    assert inspection_page(made()) == inspection_page(made())
    assert inspection_book(made()) == inspection_book(made())
    assert made().id == made().id != made("公司").id


# --- the page ---------------------------------------------------------------------------------------


def page_of(folder: Path, sheet: Sheet) -> Path:
    file = folder / "sheet.html"
    file.write_text(inspection_page(sheet), "utf-8")
    return file


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_can_be_read_on_a_phone_and_at_a_desk(
    open_page: OpenPage, tmp_path: Path, width: int
) -> None:
    page = open_page(page_of(tmp_path, made()), width)
    page.locator("summary").first.click()
    no_overflow(page)
    contrast(page)
    page.locator('label[for="lang-en"]').click()
    assert page.locator("button").inner_text() == "Save answers"
    no_overflow(page)


def choose(field: Any, answer: str) -> None:
    field.locator("label", has_text=answer).first.locator("input").click()


@pytest.mark.needs("chromium")
def test_answers_are_kept_saved_and_read_back(open_page: OpenPage, tmp_path: Path) -> None:
    sheet = made()
    page = open_page(page_of(tmp_path, sheet), PHONE)
    page.locator("#save").click()
    assert page.locator("#unsigned").is_visible()
    page.locator("#by").fill("张三")
    first, second, third = (page.locator("fieldset").nth(n) for n in range(3))
    choose(first, "否")
    first.locator("summary").click()
    first.locator('[name^="place"]').fill("东墙")
    first.locator('[name^="photo"]').fill("IMG_1.jpg")
    choose(second, "不适用")
    choose(third, "破损")
    page.locator("#save").click()
    assert second.locator(".fault").is_visible()  # not applicable, and no reason
    second.locator('[name^="reason"]').fill("没有桶")
    for _ in range(5):  # what was answered is kept; a busy browser hands it to a new page a moment later
        page.reload()
        if page.locator("#done").inner_text() == "3":
            break
    assert page.locator("#done").inner_text() == "3"
    with page.expect_download() as saved:
        page.locator("#save").click()
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    written = json.loads(file.read_text("utf-8"))
    assert (written["inspection"], written["sheet"]) == (1, sheet.id)
    facts = opened()
    answers = read_files([file], facts.facts)
    assert [(a.looked, a.value, a.by) for a in answers[:4]] == [
        ("value", False, "张三"),
        ("not_applicable", None, "张三"),
        ("value", "broken", "张三"),
        ("not_checked", None, ""),
    ]
    assert (answers[0].place, answers[0].photo, answers[1].reason) == ("东墙", "IMG_1.jpg", "没有桶")
    assert all(a.at is not None and a.at.tzinfo is not None for a in answers[:3])
    returned = read_back(facts, answers)
    assert (len(returned.settled.given), returned.settled.not_checked, returned.settled.problems) == (
        2,
        2,
        (),
    )
    assert {f.rule.id for f in ENGINE.assess(returned.facts).findings if f.code == "violated"} >= {
        "depot.01",
        "depot.03",
    }


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_every_form_of_answer_comes_back(open_page: OpenPage, tmp_path: Path) -> None:
    engine = Engine.load(packs=["chemicals"], as_of=DAY)
    source = str(ROOT / "examples" / "whole_works" / "site.yaml")
    result = engine.assess(source)
    sheet = shortest(result, find_inspector("公司", result.facts), Fraction(20))
    forms = {line.form for line in sheet.lines}
    assert forms >= {"bool", "choice", "several", "number"}
    page = open_page(page_of(tmp_path, sheet), DESK)
    page.locator("#by").fill("张三")
    for field in page.locator("fieldset").all():
        typed = field.locator('input[type="text"][name^="v"]')
        if typed.count():
            typed.fill("3")
        elif field.locator('input[type="date"]').count():
            field.locator('input[type="date"]').fill("2026-01-31")
        elif field.locator('input[type="checkbox"]').count():
            field.locator('input[type="checkbox"]').first.check(force=True)
        else:
            field.locator('input[value="value"]').first.check(force=True)
    with page.expect_download() as saved:
        page.locator("#save").click()
    file = tmp_path / "answers.json"
    saved.value.save_as(file)
    from dualprev_rules.facts import Reader

    facts = Reader(engine.ruleset.schema).open(source, as_of=DAY)
    returned = read_back(facts, read_files([file], facts.facts))
    assert len(returned.settled.given) == len(sheet.lines)
    given = {answer.path for answer in returned.settled.given}
    assert [fault for fault in engine.read(returned.facts).problems if fault.path in given] == []


def test_a_name_with_marks_of_html_stays_a_name() -> None:
    facts = site()
    facts["enterprise"]["name"] = "<script>alert(1)</script>"
    facts["enterprise"]["areas"][0]["units"][0]["name"] = '"><img src=x onerror=alert(1)>'
    page = inspection_page(made(facts=facts))
    assert "<script>alert" not in page
    assert "<img" not in page


# --- the workbook -----------------------------------------------------------------------------------


def filled(folder: Path, lang: Any, *rows: dict[str, Any]) -> Path:
    """Fill the first rows of the sheet, by the headings of its language."""
    file = folder / "sheet.xlsx"
    file.write_bytes(inspection_book(made(), lang))
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    headings = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, 2):
        for heading, value in row.items():
            sheet.cell(number, headings[heading], value)
    book.save(file)
    return file


def test_a_filled_workbook_is_read_in_either_language(tmp_path: Path) -> None:
    moment = datetime.fromisoformat("2026-11-21T09:30:00")
    zh = filled(
        tmp_path,
        "zh",
        {"答案": "否", "检查人": "张三", "时间": moment, "照片文件名": "IMG_1.jpg"},
        {"答案": "不适用", "理由或备注": "没有桶", "检查人": "张三", "时间": "2026-11-21 09:40"},
        {"答案": "破损", "检查人": "张三", "时间": date(2026, 11, 21)},
        {"答案": "未查"},
    )
    answers = read_files([zh], opened().facts)
    en = filled(
        tmp_path,
        "en",
        {"Answer": "no", "Inspector": "张三", "Time": moment, "Name of the photo": "IMG_1.jpg"},
        {
            "Answer": "Not applicable",
            "Reason or remark": "没有桶",
            "Inspector": "张三",
            "Time": "2026/11/21 09:40",
        },
        {"Answer": "Broken", "Inspector": "张三", "Time": date(2026, 11, 21)},
        {"Answer": "not checked"},
    )
    again = read_files([en], opened().facts)
    assert [(a.looked, a.value) for a in answers] == [
        ("value", False),
        ("not_applicable", None),
        ("value", "破损"),
        ("not_checked", None),
        ("not_checked", None),
    ]
    assert (answers[0].at, answers[0].photo, answers[1].at) == (moment, "IMG_1.jpg", again[1].at)
    results = [ENGINE.assess(read_back(opened(), each).facts) for each in (answers, again)]
    codes = [[(f.rule.id, f.path, f.code) for f in each.findings] for each in results]
    assert codes[0] == codes[1]


def test_cells_offer_their_answers_and_technical_columns_are_hidden() -> None:
    sheet = openpyxl.load_workbook(BytesIO(inspection_book(made(), "zh"))).worksheets[0]
    offered = {v.formula1: str(v.sqref) for v in sheet.data_validations.dataValidation}
    assert offered == {'"是,否,不适用,未查"': "F2 F3 F6", '"完好,磨损,破损,不适用,未查"': "F4 F5"}
    assert [k for k, d in sheet.column_dimensions.items() if d.hidden] == ["M", "N", "O"]


def test_a_workbook_is_read_as_it_is_seen(tmp_path: Path) -> None:
    rows = [
        {"答案": 0.12, "字段": "drums"},
        {"答案": "禁烟、禁火，腐蚀品", "记录路径": TANK, "字段": "signs"},
        {"答案": "no smoking, no fire; No smoking", "记录路径": TANK, "字段": "signs"},
    ]
    file = filled(tmp_path, "zh", *rows)
    book = openpyxl.load_workbook(file)
    book.worksheets[0]["F2"].number_format = "0.0%"
    book.save(file)
    values = [answer.value for answer in read_files([file], opened().facts)][:3]
    assert values == ["12.00 %", ("禁烟、禁火", "腐蚀品"), ("no smoking, no fire", "No smoking")]


def test_the_sheet_of_another_enterprise_is_refused(tmp_path: Path) -> None:
    other = site()
    other["enterprise"]["name"] = "别的仓库"
    book, saved = filled(tmp_path, "en", {"Answer": "no"}), tmp_path / "saved.json"
    saved.write_text(json.dumps({"inspection": 1, "enterprise": "测试 仓库", "answers": []}), "utf-8")
    assert read_files([saved], opened().facts) == ()
    for file in (book, saved):
        with pytest.raises(DualprevError) as refused:
            read_files([file], opened(other).facts)
        assert refused.value.code == "control.other-enterprise"


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_a_sheet_saved_by_libreoffice_is_read_the_same(tmp_path: Path) -> None:
    row = {"答案": "否", "检查人": "张三", "时间": datetime.fromisoformat("2026-11-21T09:30:00")}
    file = filled(tmp_path, "zh", row)
    program = shutil.which("soffice")
    assert program is not None
    profile = (tmp_path / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "back"), str(file)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    facts = opened().facts
    assert read_files([tmp_path / "back" / file.name], facts) == read_files([file], facts)


def test_what_is_no_sheet_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    book = openpyxl.Workbook()
    book.save(other)
    text, broken = tmp_path / "a.json", tmp_path / "b.xlsx"
    text.write_text("{", "utf-8")
    broken.write_text("no zip", "utf-8")
    with pytest.raises(DualprevError) as refused:
        read_files([other, text, broken, tmp_path / "nowhere.json"], opened().facts)
    assert [p.code for p in refused.value.problems] == ["control.no-sheet"] * 4


# --- rounds -----------------------------------------------------------------------------------------


def planned(days: int = 2) -> list[Round]:
    return rounds(duties_of(judged()), (), first=DAY, until=DAY + timedelta(days=days), today=DAY)


def unfolded(content: bytes) -> list[str]:
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.count(b"\n") == content.count(b"\r\n")
    return content.decode("utf-8").replace("\r\n ", "").split("\r\n")


def test_rounds_are_events_of_a_calendar() -> None:
    lines = unfolded(calendar(planned(), DAY))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(planned())
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(uids)
    daily = lines.index("SUMMARY:储罐班前检查表 · 储罐 T1 酸罐")
    assert lines[daily - 2 : daily] == ["DTSTART;VALUE=DATE:20261121", "DTEND;VALUE=DATE:20261122"]
    assert lines[daily + 1] == "LOCATION:S 南区 › U2 二号库"
    assert "罐区巡检" in lines[daily + 2]
    assert calendar(planned(), DAY) == calendar(planned(), DAY)


def test_texts_of_a_calendar_are_escaped_and_folded_between_characters() -> None:
    facts = site()
    facts["enterprise"]["areas"][0]["units"][0]["tanks"][0]["name"] = "酸; 甲,乙\\丙" * 9
    found = rounds(duties_of(judged(facts)), (), first=DAY, until=DAY + timedelta(days=1), today=DAY)
    lines = unfolded(calendar(found, DAY))
    assert any("酸\\; 甲\\,乙\\\\丙酸" in line for line in lines if line.startswith("SUMMARY:"))


def test_rounds_as_a_workbook_name_post_owner_grade_and_status() -> None:
    result = judged()
    book = openpyxl.load_workbook(BytesIO(rounds_book(planned(), [], [], result.profile, "zh")))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    first = dict(zip(head, rows[0], strict=True))
    assert {k: first[k] for k in ("开始", "状态", "检查表", "岗位", "责任人", "级别", "该等级应管控")} == {
        "开始": datetime.fromisoformat("2026-11-21"),
        "状态": "应查",
        "检查表": "储罐班前检查表",
        "岗位": "罐区巡检",
        "责任人": "乙",
        "级别": "岗位级",
        "该等级应管控": "是",
    }
    assert [sheet.title for sheet in book.worksheets] == ["检查任务", "每次进行", "缺检查表的层级"]
