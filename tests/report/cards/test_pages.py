"""Registers, cards and boards as a reader sees them: whole and legible, on a phone and at a desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules.report.cards import card_pages, cards
from dualprev_rules.report.registers import register, register_pages
from tests.browser import DESK, PHONE, WIDTHS, OpenPage, contrast, no_overflow
from tests.report.cards.test_cards import judged

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    result = judged("shandong")
    made = {
        "dossier": register_pages(register(result, "dossier"), "dossier.html"),
        "cards": card_pages(cards(result), "cards.html", size="A6"),
        "board": card_pages(cards(result, "notice_board"), "board.html"),
    }
    folder = tmp_path_factory.mktemp("pages")
    for name, page in made.items():
        (folder / f"{name}.html").write_text(page[f"{name}.html"], "utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["dossier", "cards", "board"])
def test_a_page_is_whole_and_legible(
    open_page: OpenPage, pages: dict[str, Path], name: str, width: int
) -> None:
    page = open_page(pages[name], width)
    no_overflow(page)
    contrast(page)
    page.get_by_text("English", exact=True).first.click()
    no_overflow(page)
    contrast(page)


def test_a_phone_shows_a_board_row_by_row_with_its_headings(
    open_page: OpenPage, pages: dict[str, Path]
) -> None:
    cell = open_page(pages["board"], PHONE).locator("td").first
    assert cell.evaluate("of => getComputedStyle(of, '::before').content") == '"主要风险点"'
    cell = open_page(pages["board"], DESK).locator("td").first
    assert cell.evaluate("of => getComputedStyle(of, '::before').content") == "none"
