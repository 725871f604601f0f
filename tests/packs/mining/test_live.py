"""Every row of table 19: the sensor's alarm, cut-off and re-power values are those that warn and close."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
import yaml

from dualprev_rules import Engine
from dualprev_rules.control import Monitor
from tests.packs.parts import ROOT

pytestmark = pytest.mark.needs("durable_rules_engine")

PACK = ROOT / "packs" / "mining" / "dualprev_pack_mining"
TABLE = (PACK / "tables" / "csr2025_table19.yaml").read_text("utf-8")
ROWS: list[dict[str, Any]] = yaml.load(TABLE, yaml.BaseLoader)["rows"]
STEP = Fraction(1, 100)


def expected(row: dict[str, Any], value: Fraction, rising: bool) -> set[tuple[str, str]]:
    """The events of a rise from 0 to the highest value of a row, and of a fall, a hundredth at a time."""
    found: set[tuple[str, str]] = set()
    alarm, cut, back = (Fraction(row[k]) if k in row else None for k in ("alarm", "cut_off", "restore"))
    if rising:
        found |= {("opened", "mine.live.sensor-alarm")} if value == alarm else set()
        found |= {("opened", "mine.live.sensor-cutoff")} if value == cut else set()
    else:
        found |= {("closed", "mine.live.sensor-alarm")} if value + STEP == alarm else set()
        found |= {("closed", "mine.live.sensor-cutoff")} if value + STEP == back else set()
    return found


def test_every_row_of_table_19() -> None:
    engine = Engine.load([PACK], as_of="2026-11-21")
    sensors = [{"id": row["no"], "position": row["position"][0]} for row in ROWS]
    site = {"enterprise": {"coal_mines": [{"id": "M", "kind": "underground", "methane_sensors": sensors}]}}
    start = datetime(2026, 11, 22, tzinfo=UTC)
    with Monitor(engine, site) as monitor:
        for row in ROWS:
            figures = {Fraction(row[k]) for k in ("alarm", "cut_off", "restore") if k in row}
            values = sorted({f - STEP for f in figures} | figures)
            for rising in (True, False):
                for value in values if rising else values[::-1]:
                    start += timedelta(seconds=1)
                    reading = {"sensor": "x", "record": f"methane_sensor[{row['no']}]", "fact": "methane"}
                    said = {**reading, "value": str(float(value)), "at": start.isoformat()}
                    heard = {(w.event, w.warning) for w in monitor.feed(said).warnings}
                    assert heard == expected(row, value, rising), (row, value, rising)
