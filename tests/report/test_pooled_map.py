"""The map of a roster: as bad as the worst, hatched while it may be worse, grey where nothing came."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import DualprevError
from dualprev_rules.report.map import pooled_map, read_plan
from dualprev_rules.supervision.pool import Area, By, pool
from tests.browser import WIDTHS, OpenPage, contrast, no_overflow
from tests.cli.run import run
from tests.engines import loaded
from tests.supervision.schemes import enterprise

COUNTY = Path(__file__).parents[2] / "examples" / "county"
ENGINE = loaded()
EAST, WEST, NORTH = (("辽", "甲市", name, None) for name in ("东县", "西县", "北县"))
MANY = [
    enterprise("A", 4, area=EAST),
    enterprise("B", 2, area=EAST),
    enterprise("C", 3, area=WEST),
    enterprise("D", area=WEST),
    enterprise("E", area=NORTH),
]
ALL: list[Area] = [("辽", "甲市", "南县")]


def plan(*names: str) -> Any:
    return read_plan(
        {
            "zones": [
                {"place": name, "outline": [[x, 0], [x + 50, 0], [x + 50, 50], [x, 50]]}
                for x, name in zip(range(0, 600, 60), names, strict=False)
            ]
        }
    )


def page(by: By = "county", expected: list[Area] = ALL, *, among: Any = MANY, **options: Any) -> str:
    return pooled_map(pool(among, by, expected), ENGINE.profile, ENGINE.as_of, **options)


def zones(written: str) -> dict[str, str]:
    """Return the fill of each zone by its title."""
    return dict(re.findall(r'<title>([^<：]*)：[^<]*</title>\s*<path d="[^"]*" fill="([^"]*)"', written))


def row(written: str, name: str) -> str:
    (found,) = re.findall(rf'<tr id="z\d+"><th scope="row">{name}(.*?)</tr>', written, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


COLOURS = {grade: swatch.hex for grade, swatch in ENGINE.profile.grades.items()}
GREY = ENGINE.profile.not_assessed.hex
EXPECTED = {"东县": COLOURS[2], "西县": "url(#h1)", "北县": GREY, "南县": GREY}


def test_an_area_has_the_colour_of_its_worst_and_is_grey_where_nothing_came() -> None:
    assert zones(page()) == EXPECTED
    assert GREY not in {"#FFFFFF", *COLOURS.values()}
    on_plan = page(plan=plan("东县", "西县", "甲市/北县", "辽/甲市/南县"))
    assert [*zones(on_plan).values()] == [*EXPECTED.values()]


def test_the_table_counts_every_area_and_says_which_the_plan_lacks() -> None:
    written = page(plan=plan("东县", "远县"))
    # A zone that no enterprise names is not reported; an area without a zone is not lost.
    assert zones(written) == {"东县": COLOURS[2], "远县": GREY}
    assert row(written, "东县").endswith("2 0 1 0 1 0 0")
    assert "未上报" in row(written, "远县")
    assert "图上没有" in row(written, "西县")
    assert row(written, "西县").endswith("2 0 0 1 0 0 1")
    assert "5 家企业，其中 2 家未上报" in written


def test_areas_of_one_name_are_told_apart() -> None:
    twins = [enterprise(city, 1, area=("苏", city, "鼓楼区", None)) for city in ("南京市", "徐州市")]
    assert [*zones(page(expected=[], among=twins))] == ["南京市/鼓楼区", "徐州市/鼓楼区"]
    with pytest.raises(DualprevError, match=r"supervision\.map-several"):
        page(expected=[], among=twins, plan=plan("鼓楼区"))
    assert zones(page(expected=[], among=twins, plan=plan("徐州市/鼓楼区"))) == {"徐州市/鼓楼区": COLOURS[1]}


def test_a_zone_of_several_areas_is_as_bad_as_the_worst() -> None:
    both = read_plan(
        {"zones": [{"place": ["东县", "西县"], "name": "开发区", "outline": [[0, 0], [9, 0], [9, 9]]}]}
    )
    written = page(plan=both)
    assert zones(written) == {"开发区": "url(#h1)"}
    assert row(written, "开发区").endswith("4 0 1 1 1 0 1")


def test_without_an_area_there_is_no_map() -> None:
    with pytest.raises(DualprevError):
        page(expected=[], among=[])


def test_the_command_draws_a_roster(tmp_path: Path) -> None:
    file = tmp_path / "map.html"
    options = ("--areas", str(COUNTY / "areas.txt"), "-o", str(file), "--as-of", "2026-11-21")
    done = run("supervise", "map", str(COUNTY / "roster.csv"), *options)
    assert done.exit_code == 0, done.output
    found = zones(file.read_text("utf-8"))
    assert (found["新县"], found["南县"], found["东县"]) == (GREY, "url(#h1)", COLOURS[1])


@pytest.mark.needs("chromium")
def test_the_page_is_whole_and_what_is_not_reported_is_seen(open_page: OpenPage, tmp_path: Path) -> None:
    file = tmp_path / "map.html"
    file.write_text(page(plan=plan("东县", "西县", "北县", "南县")), "utf-8")
    for width in WIDTHS:
        shown = open_page(file, width)
        no_overflow(shown)
        contrast(shown)
        silent = shown.locator("a.zone", has_text="南县")
        assert silent.locator("path").evaluate("of => getComputedStyle(of).fill") not in {
            "rgb(255, 255, 255)",
            "none",
        }
        assert silent.locator("tspan.sign:visible").text_content() == "未上报"
        shown.locator('label[for="lang-en"]').click()
        assert silent.locator("tspan.sign:visible").text_content() == "Not reported"
        contrast(shown)
