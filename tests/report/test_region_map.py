"""The map of a region: each enterprise by its grade, where it is, what is not known; the list behind it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import DualprevError, Result
from dualprev_rules.report.map import enterprises_of, read_plan, region_map
from dualprev_rules.supervision.roster import roster
from tests.browser import WIDTHS, OpenPage, contrast, no_overflow
from tests.cli.run import run
from tests.engines import loaded

ENGINE = loaded()
PACK = str(Path(__file__).parents[1] / "risk" / "bans")
SCORES = {1: (10, 6, 15), 2: (6, 6, 7), 4: (1, 6, 1)}


def facts(name: str, grade: int | None, district: str | None, *industries: str) -> dict[str, Any]:
    """Return an enterprise whose one risk point has a grade, or was not assessed."""
    point: dict[str, Any] = {"id": "1", "name": "点", "kind": "place"}
    if grade is not None:
        point |= {"method": "lec", **dict(zip("LEC", SCORES[grade], strict=True))}
    given = {
        "name": name,
        "district": district,
        "industries": list(industries),
        "units": [],
        "risk_points": [point],
    }
    return {"enterprise": {key: value for key, value in given.items() if value is not None}}


SITES = [
    facts("甲厂", 1, "东区", "chemicals"),
    facts("乙厂", 4, "东区", "construction"),
    facts("丙厂", 2, "西区", "chemicals", "construction"),
    facts("丁<b>厂", None, "西区", "other_industry"),
    facts("戊厂", 4, None, "chemicals"),
]


def judged(*sites: dict[str, Any]) -> list[Result]:
    return [ENGINE.assess(site) for site in sites or SITES]


def zones(page: str) -> list[tuple[str, str]]:
    """Return the title and the fill of each zone as drawn."""
    drawing = page[page.index('<svg class="residual"') :]
    drawing = drawing[: drawing.index("</svg>")]
    titles = re.findall(r"<title>(.*?)：", drawing)
    return list(zip(titles, re.findall(r'<path d="[^"]*" fill="([^"]*)" fill-rule', drawing), strict=True))


def colour(grade: int | None) -> str:
    profile = ENGINE.profile
    return profile.not_assessed.hex if grade is None else profile.grades[grade].hex


def test_enterprises_stand_by_district_or_by_industry_in_the_colour_of_their_grade() -> None:
    by_district = region_map(judged())
    assert [fill for _, fill in zones(by_district)] == [colour(g) for g in (1, 4, 4, 2, None)]
    assert "东区：甲厂" in by_district
    assert "未填写：戊厂" in by_district
    by_industry = region_map(judged(), by="industry")
    for shown in ("危险化学品：甲厂", "危险化学品：丙厂", "建筑施工：丙厂", "其他行业：丁&lt;b&gt;厂"):
        assert shown in by_industry
    assert len(zones(by_industry)) == 6


def test_the_table_says_name_kind_grade_and_place_of_each() -> None:
    page = region_map(judged())
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', page, re.DOTALL)
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in rows]
    assert len(told) == len(SITES)
    for row, said in zip(
        told,
        [
            ("甲厂", "危险化学品", "重大风险", "东区"),
            ("乙厂", "建筑施工", "低风险", "东区"),
            ("丙厂", "危险化学品、建筑施工", "较大风险", "西区"),
            ("丁&lt;b&gt;厂", "其他行业", "未评估", "西区"),
            ("戊厂", "危险化学品", "低风险", "未填写"),
        ],
        strict=True,
    ):
        assert all(part in row for part in said), row


def test_a_plan_of_districts_has_the_colour_of_the_worst_enterprise_in_each() -> None:
    plan = {
        "zones": [
            {"place": name, "outline": [[x, 0], [x + 50, 0], [x + 50, 50], [x, 50]]}
            for x, name in ((0, "东区"), (60, "西区"))
        ]
    }
    assessed = [site for site in SITES if "丁" not in site["enterprise"]["name"]]
    page = region_map(judged(*assessed), plan=read_plan(plan))
    assert zones(page) == [("东区", colour(1)), ("西区", colour(2))]
    # With one that was not assessed it is open which is the worst.
    assert zones(region_map(judged(), plan=read_plan(plan)))[1] == ("西区", "url(#residual-h1)")
    # What lies in no zone of the plan is listed all the same.
    assert "戊厂" in page
    with pytest.raises(DualprevError):
        region_map(judged(), plan=read_plan({"zones": [{**plan["zones"][0], "place": "南区"}]}))


def test_a_district_that_reported_nothing_is_drawn_grey_and_listed() -> None:
    plan = {
        "zones": [
            {"place": name, "outline": [[x, 0], [x + 50, 0], [x + 50, 50], [x, 50]]}
            for x, name in ((0, "东区"), (60, "南区"))
        ]
    }
    page = region_map(judged(SITES[0]), plan=read_plan(plan), expected=["东区", "南区"])
    assert zones(page) == [("东区", colour(1)), ("南区", colour(None))]
    assert "未上报" in page
    blocks = region_map(judged(SITES[0]), expected=["东区", "南区"])
    assert [fill for _, fill in zones(blocks)] == [colour(1), colour(None)]


def test_the_list_has_the_base_data_of_every_enterprise() -> None:
    listed = [each.to_json() for each in enterprises_of(judged())]
    assert [(one["name"], one["grade"], one["district"]) for one in listed] == [
        ("甲厂", 1, "东区"),
        ("乙厂", 4, "东区"),
        ("丙厂", 2, "西区"),
        ("丁<b>厂", None, "西区"),
        ("戊厂", 4, None),
    ]
    assert [words["zh"] for words in listed[2]["industries"]] == ["危险化学品", "建筑施工"]
    assert (listed[3]["risk_points"], listed[3]["assessed"]) == (1, 0)


def test_the_map_is_that_of_the_facts_of_the_day() -> None:
    before, after = (region_map(judged(facts("甲厂", grade, "东区", "chemicals"))) for grade in (1, 4))
    assert [fill for _, fill in zones(before) + zones(after)] == [colour(1), colour(4)]
    assert "2026-11-21" in after


def test_the_list_is_a_roster() -> None:
    sites = [{"enterprise": {**site["enterprise"], "id": f"E{n}"}} for n, site in enumerate(SITES[:2], 1)]
    sites[1]["enterprise"]["credit_code"] = "91X"
    listed = json.loads(json.dumps([each.to_json() for each in enterprises_of(judged(*sites))]))
    found = [(one.id, one.name, one.area[2], one.grades) for one in roster(listed)]
    assert found == [("E1", "甲厂", "东区", (1,)), ("91X", "乙厂", "东区", (4,))]


def test_no_enterprise_is_no_map() -> None:
    with pytest.raises(DualprevError):
        region_map([])


def test_the_command_writes_the_page_and_the_list(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.json" for number in range(2)]
    for file, site in zip(files, SITES[:2], strict=True):
        file.write_text(json.dumps(site), "utf-8")
    page, data = tmp_path / "map.html", tmp_path / "list.json"
    options = ("--pack", PACK, "--as-of", "2026-11-21", "-o", str(page), "--data", str(data))
    done = run("region-map", *map(str, files), *options)
    assert done.exit_code == 0, done.output
    assert [fill for _, fill in zones(page.read_text("utf-8"))] == [colour(1), colour(4)]
    assert [one["name"] for one in json.loads(data.read_text("utf-8"))] == ["甲厂", "乙厂"]


@pytest.mark.needs("chromium")
def test_the_page_is_whole_and_legible(open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "region.html"
    file.write_text(region_map(judged()), "utf-8")
    for width in WIDTHS:
        page = open_page(file, width)
        no_overflow(page)
        contrast(page)
