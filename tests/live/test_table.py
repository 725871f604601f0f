"""The live table: on a terminal and nowhere else."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest
from rich.console import Console

from dualprev_rules import Engine
from dualprev_rules.cli import watch_table
from dualprev_rules.cli.watch_table import Table, table_of
from dualprev_rules.control.monitor import Monitor
from tests.live.worlds import SECOND, moment, pack

pytestmark = pytest.mark.needs("durable_rules_engine")

TITLE = {"zh": "甲烷超限", "en": "Methane over the limit"}
RULE = {
    "warning": "over",
    "title": TITLE,
    "for": "spot",
    "sensor": "a",
    "when": {"held": "0 s"},
    "alarm": "a >= 2",
    "grade": 1,
    "act": {"zh": "撤人", "en": "Withdraw people"},
    "cite": {"instrument": "i", "clause": "1"},
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine.load(pack(tmp_path_factory.mktemp("table") / "pack", [RULE]), as_of="2026-11-21")


def feed(monitor: Monitor, sensor: str, value: Any, second: int = 0, **rest: Any) -> None:
    at = moment(second * SECOND)
    monitor.feed(
        {"sensor": sensor, "record": f"spot[{sensor}]", "fact": "a", "value": value, "at": at, **rest}
    )


def drawn(monitor: Monitor, height: int = 30) -> str:
    on = Console(file=io.StringIO(), force_terminal=True, width=100, height=height, color_system=None)
    with Table(monitor, on, "en") as table:
        table.say("[note] beside it")
    assert isinstance(on.file, io.StringIO)
    return on.file.getvalue()


def test_open_warnings_and_sensors_are_shown(engine: Engine) -> None:
    with Monitor(engine) as monitor:
        assert "No reading yet" in drawn(monitor)
        feed(monitor, "S1", "2.5")
        feed(monitor, "S2", "1.5", 30, mark="test")
        feed(monitor, "S3", "\x1b[31m", 31)
        feed(monitor, "S2", "1.0", 61)
        shown = drawn(monitor)
        state = monitor.state(sensors=1)
    assert "Methane over the limit" in shown
    assert "Withdraw people" in shown
    assert "3 sensors, 1 of them silent; 1 warnings open" in shown
    assert "unreadable" in shown
    assert "[note] beside it" in shown
    assert "\x1b[31m" not in shown
    assert (state.known, state.silent, len(state.open), len(state.sensors)) == (3, 1, 1, 1)
    assert state.sensors[0].state == "silent"


def test_what_does_not_fit_is_counted(engine: Engine) -> None:
    with Monitor(engine) as monitor:
        for number in range(40):
            feed(monitor, f"S{number}", "1")
        shown = drawn(monitor, height=20)
    assert "26 more not shown" in shown


@pytest.mark.parametrize(
    ("terminal", "wanted", "has_file", "shown"),
    [
        (True, None, True, True),
        (True, False, True, False),
        (False, True, True, False),
        (True, True, False, True),
    ],
)
def test_only_on_a_terminal(
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,
    wanted: bool | None,
    has_file: bool,
    shown: bool,
) -> None:
    on = Console(file=io.StringIO(), force_terminal=terminal)
    monkeypatch.setattr(watch_table, "console", lambda **_: on)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    with Monitor(engine) as monitor:
        table = table_of(monitor, "zh", wanted=wanted, has_file=has_file)
    assert (table is not None) is shown
    assert table is None or table.takes_stdout is not has_file
