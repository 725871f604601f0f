"""Look at a page as a reader does: in headless Chromium, at the width of a phone and of a desk.

``open_page(path, width)`` opens a file of HTML. A script error, a message on the console, or a request for
anything but ``file:`` and ``data:`` fails the test at its end. A test that uses it carries
``@pytest.mark.needs("chromium")``.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Route

PHONE = 390
DESK = 1280
WIDTHS = (PHONE, DESK)

OpenPage = Callable[[Path, int], "Page"]

_READY_MS = 60_000
_LOOKING = Path(__file__).with_name("browser.js").read_text("utf-8").strip()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once for a module: while it runs, no other event loop can run in this thread."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--font-render-hinting=none"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Return what opens a file at a width; what goes wrong in it until the test ends fails the test."""
    faults: list[str] = []
    opened: list[Page] = []

    def open_file(path: Path, width: int) -> Page:
        opened.append(load(browser, path, width, faults))
        return opened[-1]

    yield open_file
    for page in opened:
        page.close()
    assert not faults, "\n".join(faults)


def load(browser: Browser, path: Path, width: int, faults: list[str]) -> Page:
    """Open a file in a new page; whatever goes wrong in it, now or later, is added to ``faults``."""

    def pass_on(route: Route) -> None:
        if route.request.url.startswith(("file:", "data:")):
            route.continue_()
        else:
            faults.append(f"asks for {route.request.url}")
            route.abort()

    def hear(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            faults.append(f"console: {said.text}")

    page = browser.new_page(viewport={"width": width, "height": 800}, locale="zh-CN")
    page.set_default_timeout(_READY_MS)
    page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    page.on("console", hear)
    page.route("**/*", pass_on)
    page.goto(path.resolve().as_uri(), wait_until="load")
    return page


def no_overflow(page: Page) -> None:
    """Check that nothing stands out of the window sideways, unless inside a box that scrolls by itself.

    It is looked at twice: as it is, and with wider letters, since no two phones have the same fonts.
    """
    assert page.locator('meta[name="viewport"][content*="width=device-width"]').count() == 1, "no viewport"
    for spacing in ("normal", "0.1em"):
        wide: list[str] = page.evaluate(f"{_LOOKING}.overflowing('{spacing}')")
        assert not wide, "\n".join([f"letter-spacing {spacing}:", *wide])


def contrast(page: Page) -> None:
    """Check the contrast of all visible text by WCAG 2.2 AA: 4.5 to 1, or 3 to 1 where it is large.

    A text upon a hatched or blended ground is held against each of its colours.
    """
    faint: list[str] = page.evaluate(f"{_LOOKING}.faint()")
    assert not faint, "\n".join(faint)
