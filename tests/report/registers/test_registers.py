"""Registers: the columns of the profile, what stands in them, and what is said of what does not."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from dualprev_rules import DualprevError, Engine, Result, Words
from dualprev_rules.control import Assign, Find, HazardRecord, Rectify, apply
from dualprev_rules.control import register as on_ledger
from dualprev_rules.report.map import four_colour_map
from dualprev_rules.report.registers import Register, kinds, register, register_pages, register_workbook
from tests.control.build import PLAN
from tests.docs.pages import ROOT

NAMES = ("national", "liaoning", "shandong", "henan", "fujian")
DAY = "2026-11-21"
NAME = "<script>alert(1)</script>&厂"
POINTS: list[dict[str, Any]] = [
    {
        "id": "R1",
        "name": "=1+1",
        "method": "lec",
        "L": 10,
        "E": 6,
        "C": 15,
        "department": "合成车间",
        "owner": "@张三",
        "control_level": "company",
        "hazard_sources": [{"id": "H1", "name": "-物料泄漏"}],
        "risk_events": [{"id": "E1", "name": "泄漏", "accident_type": "中毒和窒息"}],
        "measures": [
            {"id": "M1", "name": "+联锁", "in_place": True, "is_effective": True},
            {"id": "M2", "name": "巡检", "in_place": False},
            {"id": "M3", "name": "喷淋", "in_place": True, "is_effective": False},
        ],
    },
    {"id": "R2", "name": "泵", "method": "lec", "L": 1, "E": 6, "C": 1, "control_level": "post"},
    {"id": "R3", "name": "配电室"},
]
SITE = {
    "enterprise": {
        "name": NAME,
        "employees": 120,
        "industries": ["chemicals"],
        "units": [{"id": "U1", "name": "罐区", "risk_points": POINTS}],
    }
}


@cache
def engine(profile: str = "national", *packs: str) -> Engine:
    """Return an engine, loaded once."""
    return Engine.load(packs=packs, profile=profile, as_of=DAY)


def judged(profile: str = "national", *packs: str) -> Result:
    """Return the result of the site under a profile."""
    loaded = engine(profile, *packs)
    return loaded.result_of(loaded.read(SITE))


def rows_of(made: Register, key: str) -> list[list[str]]:
    """Return the cells of a table, in Chinese, lines joined."""
    (found,) = (table for table in made.tables if table.key == key)
    return [
        ["；".join(line.zh for line in cell.lines) if cell.value is None else str(cell.value) for cell in row]
        for row in found.rows
    ]


@pytest.mark.parametrize("profile", NAMES)
@pytest.mark.parametrize("kind", ["graded_control_list", "hidden_hazard_list"])
def test_a_list_has_the_columns_of_its_profile(profile: str, kind: str) -> None:
    result = judged(profile)
    carrier = result.profile.registers[kind]
    (table,) = register(result, kind).tables
    assert [head.label for head in table.heads] == [field.label for field in carrier.fields]
    assert table.title == carrier.title
    assert table.source is not None


def test_shandong_asks_for_seven_and_each_point_says_them() -> None:
    result = judged("shandong")
    cells = rows_of(register(result), "graded_control_list")
    assert len(cells) == 3
    point, category, _grade, level, department, owner, measures = cells[0]
    assert (point, category, department, owner) == ("=1+1", "中毒和窒息", "合成车间", "@张三")
    assert level == "公司级"
    assert measures == "+联锁；巡检（未落实）；喷淋（已失效）"


def test_a_level_below_what_the_grade_wants_says_so_and_a_missing_one_too() -> None:
    cells = rows_of(register(judged()), "graded_control_list")
    assert [row[7] for row in cells] == ["公司级", "岗位级（应由班组级）", ""]
    site = {"enterprise": {"risk_points": [{**POINTS[0], "control_level": None}]}}
    assert rows_of(register(engine().assess(site)), "graded_control_list")[0][7] == "未填写（应由公司级）"


def test_a_point_that_was_not_assessed_is_grey_and_never_one_of_the_four() -> None:
    result = judged()
    graded = register(result).tables[0]
    shown = [row[5].shown for row in graded.rows]
    assert [one.swatch.colour for one in shown if one] == ["red", "blue", "grey"]
    assert rows_of(register(result), "graded_control_list")[2][5] == "未评估"


def test_what_the_facts_do_not_say_is_empty_and_counted() -> None:
    made = register(judged())
    (table,) = made.tables
    empty = {head.label.zh: head.empty for head in table.heads if head.empty}
    assert empty == {"危险因素": 2, "事故类型": 2, "管控措施": 2, "管控层级": 1, "责任单位": 2, "责任人": 2}
    said = {row[0].lines[0].zh: row[1].lines[0].zh for row in made.about.rows}
    assert said["风险分级管控清单：责任人"] == "3 行中有 2 行数据没有写，留空待填"
    assert "没有列出，不等于合规。" in said.values()


def hazard(number: str, **more: Any) -> HazardRecord:
    at = datetime.fromisoformat("2026-11-01T08:00:00+08:00")
    given_of = {"grade": "general", **more}
    found = Find(at=at, by="张三", id=number, title=f"隐患{number}", unit="罐区", **given_of)
    record, _ = on_ledger(found)
    given = Assign(
        at=at,
        by="李四",
        measures="=更换",
        funds="1 万元",
        deadline=date(2026, 11, 20),
        responsible="王五",
        contingency="停用",
        plan=PLAN,
        interim="专人看守",
    )
    return apply(record, given)[0]


def test_the_ledger_and_what_is_not_on_it_are_listed_with_state_and_deadline() -> None:
    result = judged("national", "chemicals")
    made = rows_of(register(result, "hidden_hazard_list", [hazard("YH-1")]), "hidden_hazard_list")
    assert made[0] == [
        "YH-1",
        "隐患YH-1",
        "罐区",
        "一般事故隐患",
        "=更换",
        "王五",
        "2026-11-20",
        "整改中；逾期 1 天",
    ]
    assert {row[7] for row in made[1:]} <= {"待核实，未登记"}


def test_whatever_is_late_or_waits_without_a_deadline_says_so_on_the_list() -> None:
    result = judged("national", "chemicals")
    at = datetime.fromisoformat("2026-11-01T08:00:00+08:00")
    found, _ = on_ledger(
        Find(at=at, by="张三", id="G", title="护栏松动", grade="general", evidence=("前.jpg",))
    )
    done = apply(found, Rectify(at=at, by="李四", what="已紧固", evidence=("后.jpg",)))[0]
    major, _ = on_ledger(Find(at=at, by="张三", id="M", title="切断阀失效", grade="major", suspected=True))
    made = rows_of(register(result, "hidden_hazard_list", [found, done, major]), "hidden_hazard_list")
    assert [row[7] for row in made[:3]] == [
        "已登记；待下达整改，未设期限，已等 20 天",
        "待验收；整改后逾期未复查 20 天",
        "疑似隐患；待核实，未设期限，已等 20 天",
    ]


def test_what_is_open_on_the_ledger_is_not_listed_twice() -> None:
    facts = {
        "enterprise": {
            "name": "厂",
            "chemical_activities": ["production"],
            "has_responsibility_system": False,
        }
    }
    result = engine("national", "chemicals").assess(facts)
    (found,) = result.hidden_hazards
    assert len(rows_of(register(result, "hidden_hazard_list"), "hidden_hazard_list")) == 1
    same = hazard("YH-1", grade="major", rule=found.rule, path=found.path)
    assert len(rows_of(register(result, "hidden_hazard_list", [same]), "hidden_hazard_list")) == 1
    milder = hazard("YH-1", rule=found.rule, path=found.path)
    assert len(rows_of(register(result, "hidden_hazard_list", [milder]), "hidden_hazard_list")) == 2
    assert len(rows_of(register(result, "hidden_hazard_list", [hazard("2")]), "hidden_hazard_list")) == 2


def test_one_breach_that_two_instruments_state_is_one_row() -> None:
    result = engine("national", "chemicals").assess(ROOT / "examples" / "chlor_alkali_lpg" / "site.yaml")
    stated = [h for h in result.hidden_hazards if h.rule in {"chem.mh2026.5-6-1b", "chem.gb30871.5-1-1"}]
    assert len(stated) == 2
    rows = rows_of(register(result, "hidden_hazard_list"), "hidden_hazard_list")
    assert [row[1] for row in rows].count("动火未按 GB 30871 升级管理") == 1


def test_the_dossier_holds_both_lists_the_spread_and_who_acts() -> None:
    made = register(judged("shandong"), "dossier")
    keys = [table.key for table in made.tables]
    assert keys == [
        "enterprise",
        "spread",
        "installations",
        "graded_control_list",
        "hidden_hazard_list",
        "levels",
    ]
    assert ["从业人员数", "120"] in rows_of(made, "enterprise")
    assert rows_of(made, "spread")[-1][-1] == "3"
    assert rows_of(made, "levels")[0] == ["重大风险", "红", "公司级、车间级、班组级、岗位级"]


def test_the_dossier_names_the_major_hazard_installations() -> None:
    chlorine = [{"name": "氯", "cas": "7782-50-5", "quantity": "600 t"}]
    unit = {"id": "U1", "name": "液氯库", "kind": "storage", "exposed_people": 200, "substances": chlorine}
    made = register(engine("national", "chemicals").assess({"enterprise": {"units": [unit]}}), "dossier")
    assert rows_of(made, "installations") == [["U1 液氯库", "液氯库（一级）"]]


def test_a_workbook_is_filtered_frozen_coloured_and_ready_to_print() -> None:
    book = openpyxl.load_workbook(BytesIO(register_workbook(register(judged(), "dossier"))))
    sheet = book["风险分级管控清单"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", sheet.dimensions)
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
    assert "&&厂" in sheet.oddHeader.center.text
    grades = [row[5] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in grades] == ["重大风险", "低风险", "未评估"]
    assert [cell.fill.start_color.rgb[-6:] for cell in grades] == ["C8102E", "0067B1", "D9D9D9"]
    assert book["企业概况"]["B7"].value == 120


@pytest.mark.parametrize("text", ["=1+1", "@张三", "-物料泄漏", "+联锁"])
def test_what_looks_like_a_formula_is_text(text: str) -> None:
    content = register_workbook(register(judged()))
    cells = [cell for sheet in openpyxl.load_workbook(BytesIO(content)) for row in sheet for cell in row]
    found = [cell for cell in cells if str(cell.value).startswith(text)]
    assert found
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)
    with ZipFile(BytesIO(content)) as archive:
        assert not any(b"<f>" in archive.read(n) for n in archive.namelist() if "/worksheets/sheet" in n)


def test_a_deadline_is_a_day_and_a_column_without_anything_says_so() -> None:
    made = register(judged(), "hidden_hazard_list", [hazard("YH-1")])
    sheet = openpyxl.load_workbook(BytesIO(register_workbook(made)))["隐患排查治理清单"]
    assert sheet["G2"].value == datetime.fromisoformat("2026-11-20")
    assert sheet["G2"].number_format == "yyyy-mm-dd"
    graded = register(engine().assess({"enterprise": {"risk_points": [{"id": "1"}]}}))
    heads = [c.value for c in openpyxl.load_workbook(BytesIO(register_workbook(graded))).worksheets[0][1]]
    assert "责任人\n（数据没有，待填）" in heads


def test_equal_registers_give_equal_bytes() -> None:
    one, other = (register(judged(), "dossier") for _ in range(2))
    assert register_workbook(one) == register_workbook(other)
    assert register_pages(one, "x.html") == register_pages(other, "x.html")


def test_a_name_stays_a_name_and_nothing_is_loaded() -> None:
    (page,) = register_pages(register(judged(), "dossier"), "dossier.html").values()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;厂" in page
    assert not re.search(r'(src|href)="(?!dossier)', page)
    assert "default-src 'none'" in page
    assert '"Noto Sans CJK SC"' in page
    assert "重大风险" in page
    assert "Major risk" in page


def test_a_heading_of_a_profile_cannot_leave_its_style() -> None:
    from dualprev_rules.report.registers.page import _css

    assert _css('"}</style>x') == '"\\000022\\00007d\\00003c\\00002fstyle\\00003ex"'


def test_a_long_register_is_paged_and_every_row_stands_once() -> None:
    points = [{"id": f"P{n}", "name": f"点{n}。"} for n in range(1203)]
    made = register(engine().assess({"enterprise": {"risk_points": points}}))
    pages = register_pages(made, "list.html")
    assert list(pages) == ["list.html", "list-2.html", "list-3.html"]
    assert all(re.search(rf"点{n}。", "".join(pages.values())) for n in (0, 499, 500, 1202))
    assert sum(page.count("。</p></td>") for page in pages.values()) == 1203
    assert all(f'href="{other}"' in pages[one] for one in pages for other in pages if other != one)
    assert max(page.count("<tr>") for page in pages.values()) <= 500 + 4


def test_another_kind_and_facts_without_an_enterprise_are_refused() -> None:
    with pytest.raises(DualprevError) as caught:
        register(judged(), "graded_list")
    (fault,) = caught.value.problems
    assert (fault.code, fault.nearest) == ("report.no-register", "graded_control_list")
    with pytest.raises(DualprevError) as caught:
        register(engine().assess({"enterprise": [{"id": "1"}, {"id": "2"}]}))
    assert caught.value.code == "report.no-enterprise"


@pytest.mark.needs("soffice")
def test_libreoffice_opens_it_and_reads_the_same(tmp_path: Path) -> None:
    made = register(judged(), "dossier", [hazard("YH-1")])
    (tmp_path / "dossier.xlsx").write_bytes(register_workbook(made))
    program = shutil.which("soffice")
    assert program is not None
    profile = (tmp_path / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"]
    command += ["--outdir", str(tmp_path / "back"), str(tmp_path / "dossier.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    files = (tmp_path / "dossier.xlsx", tmp_path / "back" / "dossier.xlsx")
    before, after = (openpyxl.load_workbook(file) for file in files)
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        same = after[sheet.title]
        assert [[c.value for c in row] for row in same] == [[c.value for c in row] for row in sheet]
        assert same.auto_filter.ref == sheet.auto_filter.ref
    assert after["风险分级管控清单"]["F2"].fill.start_color.rgb.endswith("C8102E")
    assert after["风险分级管控清单"]["B2"].data_type == "s"


def test_whoever_watches_sees_every_row_made_and_written() -> None:
    seen: list[tuple[str, int]] = []

    def watch(rows: Sequence[Any], title: Words) -> Sequence[Any]:
        seen.append((title.zh, len(rows)))
        return rows

    made = register(judged(), "graded_control_list", watch=watch)
    register_workbook(made, watch=watch)
    register_pages(made, "list.html", watch=watch)
    assert seen.count(("风险分级管控清单", 3)) == 2
    assert seen[-1] == ("风险分级管控清单", 1)


@pytest.mark.slow
def test_ten_thousand_points_are_all_there_and_no_page_is_large() -> None:
    points = [POINTS[0] | {"id": f"R{n}", "name": f"点{n}"} for n in range(10_000)]
    units = [{"id": f"U{n}", "risk_points": points[n * 100 : n * 100 + 100]} for n in range(100)]
    result = engine().assess({"enterprise": {"units": units}})
    begun = process_time()
    made = register(result)
    book, pages = register_workbook(made), register_pages(made, "list.html")
    drawn = four_colour_map(result)
    # Register and map take a minute at most.
    assert process_time() - begun < 60
    assert drawn.count("点9999") >= 1
    assert len(made.tables[0].rows) == 10_000
    assert len(pages) == 21
    assert max(len(page.encode()) for page in pages.values()) < 1_000_000
    assert len(book) < 2_000_000


def test_a_profile_may_have_a_register_of_its_own_and_lack_the_usual_ones() -> None:
    result = judged()
    graded = result.profile.registers["graded_control_list"]
    own = replace(graded, id="major_list", title=Words("重大/风险"), fields=graded.fields[1:2])
    local = replace(result.profile, registers={"major_list": own})
    result._judging = replace(result._judging, profile=local)
    assert kinds(result.profile) == ("major_list", "dossier")
    made = register(result, "major_list")
    assert rows_of(made, "major_list") == [["=1+1"], ["泵"], ["配电室"]]
    book = openpyxl.load_workbook(BytesIO(register_workbook(made)))
    assert book.sheetnames == ["重大 风险", "说明"]
    keys = [table.key for table in register(result, "dossier").tables]
    assert keys == ["enterprise", "spread", "installations", "levels"]
