"""How far a long command is: told on a terminal, and nowhere else."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from dualprev_rules.cli import progress
from dualprev_rules.problems import Words


def told(monkeypatch: pytest.MonkeyPatch, rows: int, *, terminal: bool) -> str:
    """Return what is told while so many rows are worked through."""
    on = Console(file=io.StringIO(), force_terminal=terminal, width=80)
    monkeypatch.setattr(progress, "console", lambda **_: on)
    with progress.watching("en") as watch:
        assert list(watch(range(rows), Words("清单", "List of points"))) == list(range(rows))
    assert isinstance(on.file, io.StringIO)
    return on.file.getvalue()


def test_a_terminal_shows_a_bar_with_how_many_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = told(monkeypatch, 10_000, terminal=True)
    assert "Reading and judging" in shown
    assert "List of points" in shown
    assert "10000/10000" in shown


def test_what_is_short_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "List of points" not in told(monkeypatch, 20, terminal=True)


def test_a_file_or_pipe_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not told(monkeypatch, 10_000, terminal=False).strip()
