"""Run the command: in this process for most tests, as a program where pipes and statuses matter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from dualprev_rules.cli import app

HERE = Path(__file__).parent
YARD = str(HERE / "yard")
SITE = str(HERE / "site.yaml")
DAY = ("--pack", YARD, "--as-of", "2026-11-21")


def run(*arguments: str) -> Any:
    """Run the command in this process, with room for long lines."""
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "NO_COLOR": "1"})


def program(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command as a program of its own; nothing is printed in the locale's encoding."""
    foreign = ("PYTHON", "DUALPREV", "LC_", "LANG")
    environment = {k: v for k, v in os.environ.items() if k == "DUALPREV_CACHE" or not k.startswith(foreign)}
    return subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment | {"COLUMNS": "200", "NO_COLOR": "1", "LC_ALL": "C"},
        check=False,
        timeout=120,
        **options,  # type: ignore[call-overload]
    )


PROGRAM = (
    sys.executable,
    "-c",
    "import sys; sys.argv[0] = 'dualprev'; from dualprev_rules.cli import main; main()",
)
