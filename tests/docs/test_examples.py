"""Run what the pages show: titled files are written, Python is run, commands give the output shown."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, Command, blocks, commands

NEEDS = {"live.md": pytest.mark.needs("durable_rules_engine")}
# Twins of pages that take long: the same files and commands.
SLOW = {"docs/zh/tutorial.md": pytest.mark.slow}


def _marks(page: Path) -> list[pytest.MarkDecorator]:
    found = (NEEDS.get(page.name), SLOW.get(page.relative_to(ROOT).as_posix()))
    return [mark for mark in found if mark is not None]


RUN = [
    pytest.param(page, id=page.relative_to(ROOT).as_posix(), marks=_marks(page))
    for page in PAGES
    if any(block.language in {"python", "console"} for block in blocks(page))
]


@pytest.mark.parametrize("page", RUN)
def test_page_shows_what_happens(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks(page):
        if block.title is not None:
            file = tmp_path / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
        elif block.language == "python":
            # Line numbers of a failure are those of the page.
            exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), names)
        elif block.language == "console":
            for command in commands(block):
                _check(command, f"{page.name}:{block.line}")


def _check(command: Command, where: str) -> None:
    program, *arguments = shlex.split(command.line, comments=True)
    assert program == "dualprev", (
        f"{where}: a console block holds commands of dualprev; others go in a sh block"
    )
    done = subprocess.run(
        [Path(sys.executable).with_name("dualprev"), *arguments],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
    )
    shown = done.stdout + done.stderr
    assert "Traceback" not in shown, f"{where}: {command.line}\n{shown}"
    if command.output:
        assert _pattern(command.output).search(_plain(shown)), f"{where}: {command.line}\n{shown}"
    else:
        assert done.returncode == 0, f"{where}: {command.line}\n{shown}"


def _pattern(output: str) -> re.Pattern[str]:
    """Read a line that is only ``…`` as any lines, and ``…`` inside a line as any text."""
    lines = [
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*?") + r"\s*\n"
        for line in _plain(output).splitlines()
    ]
    return re.compile(r"^" + "".join(lines), re.MULTILINE)


def _plain(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())
