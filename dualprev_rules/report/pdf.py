"""PDF from a page, printed by a browser of the Chromium family that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from dualprev_rules.problems import DualprevError, problem

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
_SECONDS = 300


def print_pdf(page: str, browser: str | None = None) -> bytes:
    """Return a page of HTML as PDF, on the paper that its style asks for.

    ``browser`` is the program, by name or path; without it the first that is found of BROWSERS. It runs
    headless, in a profile of its own, and loads nothing. Raises DualprevError where there is no browser,
    and where it fails.
    """
    program = _find([browser] if browser is not None else BROWSERS)
    # A browser may still write to its profile while it ends.
    with TemporaryDirectory(prefix="dualprev-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_bytes(page.encode("utf-8", "replace"))
        command = [
            program,
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--disable-extensions",
            "--disable-background-networking",
            "--no-pdf-header-footer",
            f"--user-data-dir={Path(folder, 'profile')}",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # The sandbox does not start for root; the page runs no script and loads nothing.
            command.insert(1, "--no-sandbox")
        reason = _run(command)
        if not target.is_file() or not target.stat().st_size:
            raise DualprevError(problem("report.browser-failed", given=program, reason=reason))
        return target.read_bytes()


def _find(names: Sequence[str]) -> str:
    found = next((path for name in names if (path := shutil.which(name)) is not None), None)
    if found is None:
        raise DualprevError(problem("report.no-browser", given=names[0], words=" ".join(names)))
    return found


def _run(command: list[str]) -> str:
    """Run the browser; return what went wrong, in its words, or its status."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - a program found by name, files of ours
    except subprocess.TimeoutExpired:
        return f"> {_SECONDS} s"
    except OSError as error:
        return error.strerror or str(error)
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return said[-1] if done.returncode and said else str(done.returncode)
