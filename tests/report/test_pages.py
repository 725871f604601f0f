"""The pages as a reader sees them: whole, legible and quiet, on a phone and at a desk, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules import Result
from dualprev_rules.report import render_html
from dualprev_rules.report.map import four_colour_map, read_plan
from dualprev_rules.report.today import today
from dualprev_rules.report.today_page import today_page
from tests.browser import DESK, WIDTHS, OpenPage, contrast, no_overflow
from tests.docs.pages import ROOT
from tests.engines import loaded
from tests.report.test_map import PLAN, judged

pytestmark = pytest.mark.needs("chromium")
SITE = ROOT / "examples" / "chlor_alkali_lpg" / "site.yaml"


@pytest.fixture(scope="module")
def example() -> Result:
    engine = loaded("chemicals")
    return engine.result_of(engine.read(SITE))


@pytest.fixture(scope="module")
def pages(example: Result, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {
        "report": render_html(example.document()),
        "blocks": four_colour_map(example),
        "plan": four_colour_map(judged(), read_plan(PLAN)),
        "refused": today_page(today(example), example.profile),
        "commitment": today_page(today(judged()), example.profile),
    }
    folder = tmp_path_factory.mktemp("pages")
    for name, page in made.items():
        (folder / f"{name}.html").write_text(page, "utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["report", "blocks", "plan", "refused", "commitment"])
def test_a_page_is_whole_and_legible(
    open_page: OpenPage, pages: dict[str, Path], name: str, width: int
) -> None:
    page = open_page(pages[name], width)
    no_overflow(page)
    contrast(page)
    page.get_by_text("English", exact=True).first.click()
    no_overflow(page)


def test_a_zone_leads_to_its_points_and_the_switch_to_inherent_risk(
    open_page: OpenPage, pages: dict[str, Path]
) -> None:
    page = open_page(pages["plan"], DESK)
    page.locator("svg.residual .zone", has_text="罐区").click()
    assert page.locator("article:target h3").inner_text().startswith("1 罐区")
    assert "点1" in page.locator("article:target").inner_text()
    assert page.locator("svg.residual").is_visible()
    page.get_by_text("固有风险", exact=True).click()
    assert not page.locator("svg.residual").is_visible()
    # Nothing was scored as if there were no measures: no zone has a colour.
    assert page.locator("svg.inherent .sign:visible").all_text_contents() == ["未评估"] * 5
