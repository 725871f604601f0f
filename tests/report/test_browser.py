"""What looks at pages sees what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import DESK, PHONE, OpenPage, contrast, load, no_overflow

pytestmark = pytest.mark.needs("chromium")

HEAD = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
SVG = '<svg viewBox="0 0 100 20" width="100" height="20">'
STRIPES = """<pattern id='p' width='4' height='4'>
<rect width='4' height='2' fill='#fff'/><rect y='2' width='4' height='2' fill='#000'/></pattern>"""


def written(folder: Path, body: str, head: str = HEAD) -> Path:
    file = folder / "page.html"
    file.write_text(head + body, "utf-8")
    return file


@pytest.mark.parametrize(
    "body",
    [
        "<script>nothing.there()</script>",
        "<script>console.error('no')</script>",
        "<img src='https://example.invalid/a.png'>",
        "<link rel=stylesheet href='http://example.invalid/a.css'>",
    ],
)
def test_a_fault_of_the_page_is_noticed(browser: Browser, tmp_path: Path, body: str) -> None:
    faults: list[str] = []
    page = load(browser, written(tmp_path, body), DESK, faults)
    page.wait_for_timeout(100)
    page.close()
    assert faults


def test_what_stands_out_is_seen_and_what_scrolls_is_not(open_page: OpenPage, tmp_path: Path) -> None:
    wide = "<div style='width:600px'>宽</div>"
    no_overflow(open_page(written(tmp_path, f"<div style='overflow-x:auto'>{wide}</div>"), PHONE))
    no_overflow(open_page(written(tmp_path, wide), DESK))
    with pytest.raises(AssertionError, match="608 of 390"):
        no_overflow(open_page(written(tmp_path, wide), PHONE))
    with pytest.raises(AssertionError, match="viewport"):
        no_overflow(open_page(written(tmp_path, "", "<!doctype html>"), PHONE))


STANDS_OUT = [
    "<p style='color:#767676'>灰</p>",
    "<p style='color:#777;font-size:24px'>大</p>",
    "<p style='color:#777' hidden>藏</p>",
    "<div style='background:#000'><p style='color:#fff'>白</p></div>",
    f"{SVG}<rect width='100' height='20' fill='#ff0'/><text y='15'>字</text></svg>",
]
FAINT = [
    "<p style='color:#777'>灰</p>",
    "<p style='opacity:.5'>淡</p>",
    "<div style='background:rgba(0,0,0,.2)'><p style='color:#767676'>灰</p></div>",
    "<p style='background:linear-gradient(#000,#fff)'>渐变</p>",
    f"{SVG}<rect width='100' height='20' fill='#000'/><text y='15'>字</text></svg>",
    f"{SVG}{STRIPES}<rect width='100' height='20' fill='url(#p)'/><text y='15'>字</text></svg>",
]


def test_faint_text_is_seen(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(written(tmp_path, ""), DESK)
    for body in STANDS_OUT:
        page.set_content(HEAD + body)
        contrast(page)
    for body in FAINT:
        page.set_content(HEAD + body)
        with pytest.raises(AssertionError, match="to 1"):
            contrast(page)
