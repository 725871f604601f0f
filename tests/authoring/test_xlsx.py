"""Packs as workbooks: a round trip changes nothing, and every mistake is told with its sheet and cell."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dualprev_rules.authoring.diff import changes
from dualprev_rules.authoring.fmt import same
from dualprev_rules.authoring.xlsx import checked, files_of, workbook_of
from dualprev_rules.engine import core_pack
from dualprev_rules.pack import load_ruleset, read_cases, read_pack
from dualprev_rules.problems import DualprevError
from tests.authoring.test_fmt import silo
from tests.cases import FULL
from tests.cli.run import run
from tests.docs.pages import ROOT

DAY = date(2026, 11, 21)
PARTS = (
    "schema",
    "instruments",
    "definitions",
    "tables",
    "rules",
    "methods",
    "measures",
    "checklists",
    "live",
)
PACKS = {"yard": ROOT / "tests" / "cli" / "yard"} | {
    folder.parent.name: folder for folder in sorted((ROOT / "packs").glob("*/dualprev_pack_*"))
}


def same_pack(one: Path, other: Path, *days: date) -> None:
    sources = read_pack(one), read_pack(other)
    assert not [fault for fault in sources[1].problems if fault.severity == "error"]
    cases = [[(c.name, c.as_of, c.profile, c.facts, c.expect) for c in read_cases(s)] for s in sources]
    assert cases[0] == cases[1]
    said = [[(of.instrument, one.item, one.by) for of in s.coverage for one in of.stated] for s in sources]
    assert said[0] == said[1]
    for day in days:
        before, after = (load_ruleset([folder], None, day, core=core_pack()) for folder in (one, other))
        for part in PARTS:
            assert same(getattr(before, part), getattr(after, part)), part


def written(data: bytes, folder: Path) -> Path:
    made = files_of(data, "pack.xlsx")
    assert made.problems == []
    for name, content in made.files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.parametrize("name", PACKS if FULL else ["yard"])
def test_a_round_trip_changes_nothing(name: str, tmp_path: Path) -> None:
    back = written(workbook_of(read_pack(PACKS[name])), tmp_path / "back")
    same_pack(PACKS[name], back, DAY)


def test_the_commands_go_both_ways(tmp_path: Path) -> None:
    pack, book, back = silo(tmp_path), tmp_path / "silo.xlsx", tmp_path / "back"
    assert run("pack", "to-xlsx", str(pack), "-o", str(book)).exit_code == 0
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames[:4] == ["规则包", "文件", "对象", "事实"]
    assert [cell.value for cell in sheets["规则"][1]][:4] == ["规则", "类别", "标题.zh", "标题.en"]
    done = run("pack", "from-xlsx", str(book), "-o", str(back), "--as-of", "2026-11-21")
    assert done.exit_code == 0, done.output
    same_pack(pack, back, DAY)
    assert "2 passed" in run("pack", "test", str(back), "--lang", "en").stdout
    assert "authoring.not-empty" in run("pack", "from-xlsx", str(book), "-o", str(back)).stderr


# Sheet, row (by what its first cell holds; 1: the headings), heading, and what is written there.
MISTAKES: list[tuple[str, object, str, object]] = [
    ("规则", "silo.2026.01", "类别", "major"),
    ("规则", "silo.2026.01", "适用", "结构 == 铜"),
    ("规则", "silo.2026.01", "违反", "非 泄爆口"),
    ("规则", "silo.2026.01", "除非", "'suppression' in protection"),
    ("规则", "silo.2026.01", "管控措施", "silo.m.vents"),
    ("规则", "silo.2026.02", "对象", "silos"),
    ("规则", "silo.2026.02", "判定方式", "facts only"),
    ("规则", "silo.2026.02", "依据.引用文件", "silo-2025"),
    ("规则", "silo.2026.01", "证据", "[{zh: 现场照片"),
    ("参数", "silo.2026.02", "数值", "约3"),
    ("参数", "silo.2026.02", "更严方向", "down"),
    ("事实", ("silo", "capacity"), "单位", "吨吨"),
    ("事实", ("silo", "material"), "类型", "enumm"),
    ("事实", ("silo", "dust_layer"), "接受来源", "robot"),
    ("事实", ("silo", "dust_layer"), "有效时长", "30"),
    ("事实", ("silo", "content"), "校验", "isbn"),
    ("文件", "silo-2026", "效力", "standard"),
    ("文件", "silo-2026", "有效期.施行日", "2026-13-01"),
    ("文件", "silo-2026", "编码程度", "mostly"),
    ("定义", "unit.load", "等于", "合计(s.仓容 / s.限额 其中 s 属于 筒仓清单)"),
    ("定义", "silo.limit", "等于", "查表('silo.contentz', name=content).q"),
    ("定义", "unit.silo_class", "判定表", "{hit: unique, inputs: [{name: loads}], rows: []}"),
    ("行·silo.contents", "silo.contents", "q", "五十"),
    ("行·silo.dusts", "silo.dusts", "energy", "-5"),
    ("管控措施", "silo.m.vent", "类别", "machine"),
    ("检查表", "silo.daily", "频次", "{interval: often}"),
    ("检查条目", "silo.daily", "措施", "silo.m.vents"),
    ("检查条目", "silo.daily", "确定事实", "silo.vent"),
    ("覆盖条目", "silo-2026", "依据状态", "maybe"),
    ("用例", "是否设有抑爆装置不明，推定违反", "评估日", "21.11.2026"),
    ("用例", "是否设有抑爆装置不明，推定违反", "预期", '{"silo[A]: silo.2026.01": maybe}'),
    ("规则", 1, "分项", "=A1"),
]


def planted(book: Any) -> list[str]:
    """Write the mistakes into a workbook; return the cells."""
    cells: list[str] = []
    for sheet_name, row, heading, value in MISTAKES:
        sheet = book[sheet_name]
        heads = [cell.value for cell in sheet[1]]
        if heading not in heads:
            heads.append(heading)
            sheet.cell(1, len(heads), heading)
        column = heads.index(heading) + 1
        wanted = row if isinstance(row, tuple) else (row,)
        number = next(
            n
            for n in range(1, sheet.max_row + 1)
            if row == 1 or tuple(sheet.cell(n, at + 1).value for at in range(len(wanted))) == wanted
        )
        number = 2 if row == 1 else number
        sheet.cell(number, column).value = value
        cells.append(f"{sheet_name}!{sheet.cell(number, column).coordinate}")
    return cells


def test_thirty_mistakes_are_thirty_located_messages(tmp_path: Path) -> None:
    book: Any = openpyxl.load_workbook(BytesIO(workbook_of(read_pack(silo(tmp_path)))))
    cells = planted(book)
    file = tmp_path / "wrong.xlsx"
    book.save(file)
    with pytest.raises(DualprevError) as caught:
        checked(file, DAY)
    found = {f"{p.place.sheet}!{p.place.cell}" for p in caught.value.problems if p.place is not None}
    assert len(cells) >= 30
    assert [cell for cell in cells if cell not in found] == []
    # What only follows from a mistake is not told.
    assert len(caught.value.problems) <= len(cells) + 3


@pytest.mark.parametrize(
    ("sheet", "heading"),
    [("规则", "违反"), ("参数", "数值"), ("事实", "类型"), ("规则", "依据.条款"), ("检查条目", "条目编号")],
)
def test_an_emptied_cell_is_told_where_it_is(sheet: str, heading: str, tmp_path: Path) -> None:
    book: Any = openpyxl.load_workbook(BytesIO(workbook_of(read_pack(silo(tmp_path)))))
    cell = next(head for head in book[sheet][1] if head.value == heading)
    cell = book[sheet].cell(2, cell.column)
    cell.value = None
    file = tmp_path / "emptied.xlsx"
    book.save(file)
    with pytest.raises(DualprevError) as caught:
        checked(file, DAY)
    places = [p.place for p in caught.value.problems if p.code == "pack.missing-key"]
    assert [(place.sheet, place.cell) for place in places if place] == [(sheet, cell.coordinate)]


def test_what_is_no_pack_is_told_of_the_workbook(tmp_path: Path) -> None:
    file = tmp_path / "empty.xlsx"
    openpyxl.Workbook().save(file)
    with pytest.raises(DualprevError) as caught:
        checked(file, DAY)
    told = [(p.code, p.place.file, p.place.sheet) for p in caught.value.problems if p.place is not None]
    assert told == [
        ("authoring.no-such-sheet", file.as_posix(), "Sheet"),
        ("pack.no-pack-file", file.as_posix(), "规则包"),
    ]


def test_a_note_of_a_row_keeps_both_languages(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    table = pack / "tables" / "contents.yaml"
    noted = 'q: "20", note: {zh: "约数: 略", en: "about, or so"}}'
    table.write_text(table.read_text("utf-8").replace('q: "20"}', noted), "utf-8")
    back = written(workbook_of(read_pack(pack)), tmp_path / "back")
    assert changes(read_pack(pack), read_pack(back)) == ()


def test_columns_keep_the_names_that_their_author_gave_them(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    # In Chinese each of these is a key, too: place, level, value, note.
    (pack / "tables" / "places.yaml").write_text(
        "table: silo.places\n"
        "title: {zh: 位置, en: Places}\n"
        "cite: {instrument: silo-2026, clause: 表3}\n"
        "key: {位置: 位置}\n"
        "columns: {级别: {type: number}, 数值: {type: number, unit: m}, 说明: {type: text}}\n"
        "rows:\n"
        '  - {no: "1", 位置: [门口], 级别: "1", 数值: "2", 说明: 早, note: 约}\n'
        '  - {no: "2", 位置: [窗口], 级别: "2", 数值: "3", 说明: 晚}\n',
        "utf-8",
    )
    data = workbook_of(read_pack(pack))
    heads = [cell.value for cell in openpyxl.load_workbook(BytesIO(data))["行·silo.places"][1]]
    assert heads == ["查找表", "序号", "位置", "级别", "数值", "说明", "note"]
    back = written(data, tmp_path / "back")
    assert changes(read_pack(pack), read_pack(back)) == ()
    same_pack(pack, back, DAY)
