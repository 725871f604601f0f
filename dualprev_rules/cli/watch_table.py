"""The live table of a watch, on a terminal and nowhere else: open warnings, and the sensors below."""

from __future__ import annotations

import sys
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Self

from dualprev_rules.cli.output import console
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.phrases import phrase
from dualprev_rules.report.printable import printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table as Grid
    from rich.text import Text

    from dualprev_rules.control.monitor import Monitor
    from dualprev_rules.control.monitor_state import MonitorState, OpenWarning, SensorState

_PAUSE = 0.5
"""Seconds between two pictures at least."""
_AROUND = 6
"""Lines for the summary, the heads and what was left out."""
_COLOURS = {1: "white on red", 2: "black on dark_orange", 3: "black on yellow", 4: "white on blue"}
_STATES = {"unreadable": "live_unreadable", "silent": "live_silent"}
_MARKS = {"calibration": "live_calibration", "test": "live_test", "maintenance": "live_maintenance"}


def table_of(monitor: Monitor, lang: Lang, *, wanted: bool | None, has_file: bool) -> Table | None:
    """Return the table that is wanted, or by default where warnings do not go to the terminal themselves."""
    on = console(stderr=True)
    elsewhere = has_file or not sys.stdout.isatty()
    if not on.is_terminal or wanted is False or (wanted is None and not elsewhere):
        return None
    return Table(monitor, on, lang, takes_stdout=not elsewhere)


class Table:
    """Shows what the monitor knows, at most twice a second."""

    def __init__(self, monitor: Monitor, on: Console, lang: Lang, *, takes_stdout: bool = False) -> None:
        from rich.live import Live

        self.takes_stdout = takes_stdout
        """Whether warnings are shown here instead of printed."""
        self._monitor = monitor
        self._lang: Lang = lang
        self._on = on
        self._live = Live(console=on, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)
        self._shown = 0.0
        self._readings = 0

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._draw()
        self._live.stop()

    def show(self, readings: int = 0) -> None:
        """Count readings, and draw again where the last picture is old."""
        self._readings += readings
        if monotonic() >= self._shown + _PAUSE:
            self._draw()

    def say(self, text: str) -> None:
        """Print lines above the table."""
        from rich.text import Text

        self._on.print(Text(printable(text)))

    def _draw(self) -> None:
        room = max(self._on.height - _AROUND, 2)
        self._live.update(self._picture(self._monitor.state(sensors=room), room), refresh=True)
        self._shown = monotonic()

    def _picture(self, state: MonitorState, room: int) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        if state.clock is None:
            return Text(self._words("live_waiting"))
        summary = phrase(
            "live_summary",
            clock=f"{state.clock.astimezone():%Y-%m-%d %H:%M:%S}",
            readings=self._readings,
            known=state.known,
            silent=state.silent,
            open=len(state.open),
        )
        parts: list[RenderableType] = [Text(summary.get(self._lang))]
        warnings = state.open[: max(room // 2, room - state.known)]
        sensors = state.sensors[: room - len(warnings)]
        if warnings:
            parts.append(self._warnings(warnings))
        if sensors:
            parts.append(self._sensors(sensors))
        left = len(state.open) - len(warnings) + state.known - len(sensors)
        if left:
            parts.append(Text(phrase("live_more", n=left).get(self._lang), style="dim"))
        return Group(*parts)

    def _warnings(self, warnings: tuple[OpenWarning, ...]) -> RenderableType:
        from rich.text import Text

        table = self._table("", "live_warning", "where", "live_since", "live_act")
        for each in warnings:
            grade = str(each.grade) if each.grade is not None else " "
            act = each.act.get(self._lang) if each.act is not None else ""
            cells = (each.title.get(self._lang), each.record, _time(each.since), act)
            grade_cell = Text(f" {grade} ", style=_COLOURS.get(each.grade or 0, "reverse"))
            table.add_row(grade_cell, *(_cell(text) for text in cells))
        return table

    def _sensors(self, sensors: tuple[SensorState, ...]) -> RenderableType:
        table = self._table("where", "live_fact", "live_sensor", "live_value", "live_at", "")
        for each in sensors:
            said = [self._words(_STATES[each.state])] if each.state in _STATES else []
            said += (
                [self._words(_MARKS[each.mark]) if each.mark in _MARKS else each.mark] if each.mark else []
            )
            value = f"{each.value} {each.unit or ''}".strip()
            cells = (each.record, each.fact, each.sensor, value, _time(each.at), " ".join(said))
            table.add_row(*(_cell(text, "bold" if said else "") for text in cells))
        return table

    def _table(self, *heads: str) -> Grid:
        from rich.table import Table as Grid

        grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", expand=False)
        for head in heads:
            grid.add_column(self._words(head) if head else "", no_wrap=True)
        return grid

    def _words(self, name: str) -> str:
        return phrase(name).get(self._lang)


def _cell(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(printable(text), no_wrap=True, overflow="ellipsis", style=style)


def _time(at: datetime) -> str:
    return f"{at.astimezone():%H:%M:%S}"
