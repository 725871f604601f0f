"""Cards and boards: the fields of each province, whose card it is, and what is left for the pen."""

from __future__ import annotations

import copy
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import DualprevError, Engine, Result, Words
from dualprev_rules.report.cards import SIZES, Card, Cards, Size, card_pages, cards
from dualprev_rules.report.cards.paper import label_width, layout, type_size
from dualprev_rules.report.pdf import print_pdf
from dualprev_rules.risk import HiddenHazard
from dualprev_rules.risk.profile import CarrierField

DAY = "2026-11-21"
FILLER: dict[str, Any] = {
    "id": "R1",
    "name": "液氯钢瓶充装",
    "at_post": "P1",
    "method": "lec",
    "L": 6,
    "E": 6,
    "C": 40,
    "owner": "班长赵某",
    "consequences": "人员中毒窒息",
    "emergency_response": "关闭充装阀，启动吸收\n向上风向撤离",
    "warning_signs": ["当心中毒"],
    "hazard_sources": [
        {"id": "H1", "name": "液氯泄漏", "is_occupational": True},
        {"id": "H2", "name": "超装"},
    ],
    "risk_events": [{"id": "E1", "name": "泄漏", "accident_type": "中毒和窒息"}],
    "measures": [
        {"id": "M1", "name": "超装报警切断", "in_place": True, "is_effective": True},
        {"id": "M2", "name": "事故氯吸收联锁", "in_place": False},
    ],
}
LIFTER: dict[str, Any] = {
    "id": "R2",
    "name": "钢瓶吊运",
    "at_post": "P1",
    "method": "lec",
    "L": 1,
    "E": 6,
    "C": 1,
    "hazard_sources": [{"id": "H1", "name": "坠落"}],
}
BOX = {"id": "R3", "name": "配电箱"}
SITE = {
    "enterprise": {
        "name": "示例<script>厂",
        "report_phone": "0411-8888 0000",
        "posts": [{"id": "P1", "name": "充装工", "duties": "充装并记录", "procedures": "1. 检查\n2. 称重"}],
        "units": [
            {"id": "U1", "name": "钢瓶库", "risk_points": [FILLER, LIFTER, {"id": "R3", "name": "配电箱"}]}
        ],
    }
}
PAPERS = ("post_notice", "point_and_say", "emergency_card", "notice_board", "neighbour_notice")
CHLORINE = [{"name": "氯", "cas": "7782-50-5", "quantity": "600 t"}]


@cache
def engine(profile: str, *packs: str) -> Engine:
    """Return an engine, loaded once."""
    return Engine.load(packs=packs, profile=profile, as_of=DAY)


def judged(profile: str = "national", site: dict[str, Any] = SITE, *packs: str) -> Result:
    """Return the result of a site."""
    loaded = engine(profile, *packs)
    return loaded.result_of(loaded.read(site))


def said(card: Card) -> dict[str, list[str]]:
    """Return the lines of each field of a card, in Chinese."""
    return {label.zh: [line.zh for line in filled.lines] for label, filled in card.fields}


def board(made: Cards) -> list[dict[str, list[str]]]:
    """Return the rows of a board by heading, in Chinese."""
    assert made.board is not None
    heads = [head.label.zh for head in made.board.heads]
    return [
        {head: [line.zh for line in cell.lines] for head, cell in zip(heads, row, strict=True)}
        for row in made.board.rows
    ]


def test_liaoning_has_a_card_for_the_post_with_its_four_fields() -> None:
    made = cards(judged("liaoning"))
    card = made.cards[0]
    assert (card.heading, card.of.zh) == ("充装工", "岗位")
    assert said(card) == {
        "岗位职责": ["充装并记录"],
        "岗位风险": ["液氯泄漏", "超装", "坠落"],
        "岗位安全操作规程": ["1. 检查", "2. 称重"],
        "应急处置": ["关闭充装阀，启动吸收", "向上风向撤离"],
    }
    assert made.source is not None
    assert "（七）" in made.source.zh


def test_shandong_has_its_five_fields() -> None:
    card = cards(judged("shandong")).cards[0]
    assert said(card) == {
        "主要危险危害因素": ["液氯泄漏", "超装", "坠落"],
        "后果": ["人员中毒窒息"],
        "事故预防措施": ["超装报警切断", "事故氯吸收联锁（未落实）"],
        "应急措施": ["关闭充装阀，启动吸收", "向上风向撤离"],
        "报告电话": ["0411-8888 0000"],
    }


def test_a_point_that_names_no_post_has_a_card_of_its_own_with_room_for_the_pen() -> None:
    card = cards(judged("national")).cards[1]
    assert card.heading == "配电箱"
    assert card.shown.swatch.colour == "grey"
    assert [label.zh for label, filled in card.fields if filled.empty] == [
        "易发事故类型",
        "主要危险因素",
        "管控措施",
        "应急处置",
        "责任人",
        "安全警示标志",
    ]
    (page,) = card_pages(cards(judged("national")), "cards.html").values()
    assert page.count("待填写") == 6


def test_the_card_of_a_post_stands_under_its_worst_grade() -> None:
    first = cards(judged("national")).cards[0]
    assert (first.shown.label.zh, first.shown.swatch.colour) == ("重大风险", "red")


def test_the_card_of_a_post_is_open_where_its_place_may_hold_further_points() -> None:
    mild = {**FILLER, "method": "lec", "L": 1, "E": 6, "C": 1}
    unit = {"id": "U1", "name": "钢瓶库", "risk_points": [mild]}
    site = {"enterprise": SITE["enterprise"] | {"units": [unit]}}
    (whole,) = cards(judged("national", site)).cards
    assert (whole.shown.swatch.colour, whole.shown.hatched) == ("blue", False)
    unit["risk_points"] = {"items": [mild], "complete": False}
    (card,) = cards(judged("national", site)).cards
    assert (card.shown.swatch.colour, card.shown.hatched) == ("red", True)
    assert [filled.shown for _, filled in card.fields if filled.shown] == [card.shown]


@pytest.mark.parametrize("profile", ["national", "henan"])
def test_what_fails_is_never_pointed_at_as_in_order(profile: str) -> None:
    card = cards(judged(profile), "point_and_say").cards[0]
    assert said(card)["手指口述"] == [
        "指向“超装报警切断”，口述：“超装报警切断，确认完好！”",
        "事故氯吸收联锁（未落实）",
    ]


@pytest.mark.parametrize("profile", ["national", "liaoning", "shandong", "henan", "fujian"])
@pytest.mark.parametrize(
    "kind", ["post_notice", "point_and_say", "emergency_card", "notice_board", "neighbour_notice"]
)
def test_each_profile_has_the_five_papers_with_its_own_fields(profile: str, kind: str) -> None:
    result = judged(profile)
    made = cards(result, kind)
    asked = [field.label for field in result.profile.cards[kind].fields]
    if made.board is None:
        shown = {label for label, _ in made.cards[0].fields} | {made.cards[0].of}
    else:
        shown = {head.label for head in made.board.heads}
    assert shown >= set(asked)
    assert made.title == result.profile.cards[kind].title


def test_the_emergency_card_is_by_risk_point() -> None:
    made = cards(judged("shandong"), "emergency_card")
    assert [card.heading for card in made.cards] == ["液氯钢瓶充装", "钢瓶吊运", "配电箱"]
    assert said(made.cards[0])["应急处置"] == ["关闭充装阀，启动吸收", "向上风向撤离"]


def test_the_board_of_liaoning_says_what_is_a_major_hazard_installation() -> None:
    site = copy.deepcopy(SITE)
    site["enterprise"]["units"][0] |= {"kind": "storage", "exposed_people": 200, "substances": CHLORINE}
    rows = board(cards(judged("liaoning", site, "chemicals"), "notice_board"))
    assert list(rows[0]) == ["风险点", "风险级别", "风险类别", "重大危险源", "应对措施"]
    assert [row["重大危险源"] for row in rows] == [["钢瓶库（一级）"]] * 3


def test_the_board_of_shandong_says_its_five_items() -> None:
    row = board(cards(judged("shandong"), "notice_board"))[0]
    assert row == {
        "主要风险点": ["液氯钢瓶充装"],
        "风险类别": ["中毒和窒息"],
        "风险等级": ["重大风险"],
        "管控措施": ["超装报警切断", "事故氯吸收联锁（未落实）"],
        "应急措施": ["关闭充装阀，启动吸收", "向上风向撤离"],
    }


def test_the_board_begins_with_the_worst() -> None:
    site = {"enterprise": {"risk_points": [LIFTER | {"at_post": None}, FILLER | {"at_post": None}]}}
    rows = board(cards(judged("national", site), "notice_board"))
    assert [row["风险等级"] for row in rows] == [["重大风险"], ["低风险"]]


def test_a_card_that_asks_for_them_shows_the_hidden_hazards_found_at_its_points() -> None:
    result = judged("shandong", SITE)
    usual = result.profile.cards["emergency_card"]
    field = CarrierField(Words("隐患"), "hidden_hazards")
    own = {"emergency_card": replace(usual, fields=(*usual.fields, field))}
    local = replace(result.profile, cards=own)
    result._judging = replace(result._judging, profile=local)
    at = "enterprise.units[U1].risk_points[R1]"
    found = [HiddenHazard("r.1", f"{at}.measures[M2]", Words("联锁未投用"), "general", Words("企业"))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dualprev_rules.report.carriers.points.found_hazards", lambda _: found)
        made = cards(result, "emergency_card")
    assert [said(card)["隐患"] for card in made.cards] == [["联锁未投用"], [], []]


def test_neighbours_are_told_the_point_and_the_response() -> None:
    rows = board(cards(judged("shandong"), "neighbour_notice"))
    assert rows[0] == {"风险点": ["液氯钢瓶充装"], "处置办法": ["关闭充装阀，启动吸收", "向上风向撤离"]}


def test_the_sign_of_an_occupational_hazard_names_it_and_hangs_nowhere_else() -> None:
    (card,) = cards(judged("shandong"), "occupational_sign").cards
    assert (card.heading, said(card)["种类"]) == ("液氯钢瓶充装", ["液氯泄漏"])


def test_only_points_of_a_grade_or_a_place_are_chosen_and_open_ones_may_be_of_it() -> None:
    result = judged("national")
    assert [row["风险点"] for row in board(cards(result, "notice_board", at_worst=1))] == [
        ["液氯钢瓶充装"],
        ["配电箱"],
    ]
    assert len(cards(result, "emergency_card", path="unit[U1]").cards) == 3
    assert len(cards(result, "emergency_card", path="risk_point[R2]").cards) == 1


@pytest.mark.parametrize(
    ("kind", "path", "code"),
    [
        ("four_colour_map", None, "report.no-card"),
        ("post_notices", None, "report.no-card"),
        ("post_notice", "unit[U9]", "report.nothing-for-card"),
        ("occupational_sign", "risk_point[R2]", "report.nothing-for-card"),
    ],
)
def test_what_cannot_be_written_is_said(kind: str, path: str | None, code: str) -> None:
    with pytest.raises(DualprevError) as caught:
        cards(judged("henan" if kind == "four_colour_map" else "shandong"), kind, path=path)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("size", "sheet", "cards_a_sheet", "paper"),
    [
        ("A5", "A5", 1, (148, 210)),
        ("A5", "A4", 2, (297, 210)),
        ("A6", "A4", 4, (210, 297)),
        ("A4", "A4", 1, (210, 297)),
        ("A6", "A3", 8, (420, 297)),
    ],
)
def test_as_many_cards_as_fit_lie_on_a_sheet(
    size: Size, sheet: Size, cards_a_sheet: int, paper: tuple[int, int]
) -> None:
    on = layout(size, sheet)
    assert on.across * on.down == cards_a_sheet
    assert (on.width, on.height) == paper
    wanted = SIZES[size] if cards_a_sheet > 1 else paper
    assert abs(on.card_width - wanted[0]) <= 1
    assert abs(on.card_height - wanted[1]) <= 1


def test_a_card_larger_than_its_sheet_is_refused() -> None:
    with pytest.raises(DualprevError) as caught:
        layout("A4", "A5")
    assert [fault.code for fault in caught.value.problems] == ["report.card-too-large"]


def test_the_more_a_card_says_the_smaller_its_type_and_never_below_the_smallest() -> None:
    short = cards(judged("liaoning")).cards[0]
    fields = tuple((label, filled) for label, filled in short.fields for _ in range(6))
    on, long = layout("A5", "A4"), Card(short.of, short.heading, short.shown, fields)
    assert type_size(short, on, 6.2) > type_size(long, on, 6.2) >= 7


def test_the_heading_of_a_field_keeps_to_its_line() -> None:
    for profile in ("national", "liaoning", "shandong", "henan", "fujian"):
        made = cards(judged(profile))
        longest = max(len(label.zh) for card in made.cards for label, _ in card.fields)
        assert label_width(made) >= min(longest, 8)


def test_a_name_stays_a_name_and_nothing_is_loaded() -> None:
    for kind in ("post_notice", "notice_board"):
        (page,) = card_pages(cards(judged(), kind), "cards.html").values()
        assert "<script" not in page
        assert "示例&lt;script&gt;厂" in page
        assert not re.search(r'(src|href)="', page)
        assert "default-src 'none'" in page
        assert '"Noto Sans CJK SC"' in page


def test_the_colour_is_named_and_an_open_grade_is_hatched() -> None:
    (page,) = card_pages(cards(judged(), "emergency_card"), "cards.html").values()
    assert "（红）" in page
    assert "（蓝）" in page
    half = {"enterprise": {"risk_points": [{"id": "1", "name": "点", "method": "lec", "L": 1, "E": 6}]}}
    (page,) = card_pages(cards(judged("national", half), "emergency_card"), "cards.html").values()
    assert "repeating-linear-gradient" in page
    assert "不优于" in page


def test_many_cards_are_paged() -> None:
    points = [{"id": f"P{n}", "name": f"点{n}"} for n in range(500)]
    made = cards(judged("national", {"enterprise": {"risk_points": points}}))
    pages = card_pages(made, "c.html", size="A6")
    assert list(pages) == ["c.html", "c-2.html", "c-3.html"]
    assert sum(page.count('<article class="card"') for page in pages.values()) == 500


def test_a_browser_that_is_not_there_is_said_with_what_to_do() -> None:
    with pytest.raises(DualprevError) as caught:
        print_pdf("<p>x", browser="no-such-browser")
    (fault,) = caught.value.problems
    assert (fault.code, fault.given) == ("report.no-browser", "no-such-browser")
    assert "--browser" in fault.fix("en")


def test_a_program_that_writes_no_pdf_is_said_with_its_reason() -> None:
    with pytest.raises(DualprevError) as caught:
        print_pdf("<p>x", browser=sys.executable)
    (fault,) = caught.value.problems
    assert (fault.code, fault.given) == ("report.browser-failed", sys.executable)


@pytest.mark.needs("chromium", "pdfinfo")
@pytest.mark.parametrize(
    ("size", "sheet", "pages", "paper"),
    [("A5", "A4", 1, (842, 595)), ("A5", "A5", 2, (420, 595))],
)
def test_the_pdf_has_the_paper_and_the_sheets_that_were_asked_for(
    tmp_path: Path, size: Size, sheet: Size, pages: int, paper: tuple[int, int]
) -> None:
    made = cards(judged("liaoning"))
    (page,) = card_pages(made, "cards.html", size=size, sheet=sheet).values()
    (tmp_path / "cards.pdf").write_bytes(print_pdf(page))
    info = subprocess.run(
        ["pdfinfo", str(tmp_path / "cards.pdf")], capture_output=True, encoding="utf-8", check=True
    ).stdout
    assert re.search(rf"Pages:\s+{pages}\n", info), info
    found = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", info)
    assert found
    assert (round(float(found[1])), round(float(found[2]))) == paper


def test_the_steps_of_each_point_of_a_post_stand_whole_under_its_name() -> None:
    site = copy.deepcopy(SITE)
    points = site["enterprise"]["units"][0]["risk_points"]
    points[1]["emergency_response"] = "关闭充装阀，启动吸收\n人员离开吊物下方"
    result = engine("shandong").assess(site)
    (card,) = (card for card in cards(result).cards if card.heading == "充装工")
    (steps,) = (filled for label, filled in card.fields if label.zh == "应急措施")
    # The first step is the same at both, and is left out at neither.
    assert [line.zh for line in steps.lines] == [
        "液氯钢瓶充装：",
        "关闭充装阀，启动吸收",
        "向上风向撤离",
        "钢瓶吊运：",
        "关闭充装阀，启动吸收",
        "人员离开吊物下方",
    ]
