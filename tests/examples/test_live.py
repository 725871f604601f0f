"""The recorded streams of examples/live: the warnings that the clauses ask for, and no others."""

from __future__ import annotations

import pytest

from dualprev_rules import Engine
from dualprev_rules.control import Monitor
from tests.packs.parts import ROOT

pytestmark = pytest.mark.needs("durable_rules_engine")

FOLDER = ROOT / "examples" / "live"
EXPECTED = {
    ("mining", "methane"): [
        # Article 5 (2): 1.0 % is reached, and the site says that powered work goes on.
        ("00:01:30", "opened", "mine.live.workplace-methane-1.0", "violated", "major"),
        # Article 5 (4): whether work stopped, power was cut and people left is not known.
        ("00:02:00", "opened", "mine.live.workplace-methane-1.5", "undetermined", "general"),
        # Article 5 (1): whether work stopped, people left and the cause was treated is not known.
        ("00:02:05", "opened", "mine.live.return-methane-1.0", "undetermined", "general"),
        # A test reading changes nothing, and an unknown one closes nothing.
        # Nor does 1.49 %: what was cut off is re-powered only below 1.0 % (table 19).
        ("00:03:02", "closed", "mine.live.return-methane-1.0", None, "general"),
        ("00:03:30", "closed", "mine.live.workplace-methane-1.0", None, "general"),
        ("00:03:30", "closed", "mine.live.workplace-methane-1.5", None, "general"),
        # The power is off: 1.0 % by itself is no breach.
        ("00:04:00", "opened", "mine.live.workplace-methane-1.0", "compliant", "general"),
        ("00:04:30", "closed", "mine.live.workplace-methane-1.0", None, "general"),
    ],
    ("mining", "methane_sensors"): [
        # Coal face, table 19: alarm 1.0 %, cut-off 1.5 %, re-power below 1.0 %: 1.00 % closes nothing.
        ("00:00:30", "opened", "mine.live.sensor-alarm", None, "general"),
        ("00:01:00", "opened", "mine.live.sensor-cutoff", None, "general"),
        ("00:02:30", "closed", "mine.live.sensor-alarm", None, "general"),
        ("00:02:30", "closed", "mine.live.sensor-cutoff", None, "general"),
        # Intake of a face in series: 0.5 % is all three.
        ("00:03:00", "opened", "mine.live.sensor-alarm", None, "general"),
        ("00:03:00", "opened", "mine.live.sensor-cutoff", None, "general"),
        ("00:03:30", "closed", "mine.live.sensor-alarm", None, "general"),
        ("00:03:30", "closed", "mine.live.sensor-cutoff", None, "general"),
        # Main return 0.75 %, machine chamber 0.5 %: an alarm, and nothing to cut off.
        ("00:04:00", "opened", "mine.live.sensor-alarm", None, "general"),
        ("00:04:30", "closed", "mine.live.sensor-alarm", None, "general"),
        ("00:05:00", "opened", "mine.live.sensor-alarm", None, "general"),
        ("00:05:30", "closed", "mine.live.sensor-alarm", None, "general"),
    ],
    ("construction", "pit"): [
        # Article 5 (4) 1: above the 30 mm of the design, so not at 30; whether it is dealt with is not known.
        ("06:20:00", "opened", "con.live.support-deformation", "undetermined", "general"),
        # GB 50497 table 8.0.5, rigid pipe: 10 to 20 mm, within it the 12 mm of the design; 2 mm a day.
        ("06:20:10", "opened", "con.live.pit-cumulative", "undetermined", "general"),
        ("06:20:20", "opened", "con.live.pit-rate", "undetermined", "general"),
        ("06:30:00", "closed", "con.live.support-deformation", None, "general"),
        # What has settled stays so: the cumulative warning is open still.
        ("06:30:20", "closed", "con.live.pit-rate", None, "general"),
    ],
    ("construction", "confined"): [
        # Table 2: oxygen from 19.5 to 23.5 %, both ends allowed; hydrogen sulphide at 10 mg/m³. Work goes on.
        ("02:01:00", "opened", "con.live.confined-oxygen-low", "violated", "general"),
        ("02:01:30", "closed", "con.live.confined-oxygen-low", None, "general"),
        ("02:02:30", "opened", "con.live.confined-oxygen-high", "violated", "general"),
        ("02:03:00", "closed", "con.live.confined-oxygen-high", None, "general"),
        ("02:03:30", "opened", "con.live.confined-h2s", "violated", "general"),
        ("02:04:00", "closed", "con.live.confined-h2s", None, "general"),
    ],
    ("chemicals", "tank"): [
        # Order 40, article 13 (1), asks for a warning; 8.0 m and 8.5 m are the enterprise's own limits.
        ("00:05:30", "opened", "chem.live.tank-level-high", None, "general"),
        # A mark hides nothing. Nobody has said where the high-high alarm of T2 stands: only the other opens.
        ("00:06:20", "opened", "chem.live.tank-level-high-high", None, "general"),
        ("00:06:30", "opened", "chem.live.tank-level-high", None, "general"),
        # What cannot be read closes nothing, nor does 8.40 m: high-high closes below the high alarm.
        ("00:08:00", "closed", "chem.live.tank-level-high", None, "general"),
        ("00:08:00", "closed", "chem.live.tank-level-high-high", None, "general"),
        ("00:08:10", "closed", "chem.live.tank-level-high", None, "general"),
        # 1.8 kPa is the enterprise's own limit, too.
        ("00:08:40", "opened", "chem.live.tank-pressure-high", None, "general"),
        ("00:09:00", "closed", "chem.live.tank-pressure-high", None, "general"),
    ],
    ("construction", "crane"): [
        # JGJ 196 clause 4.0.9: 12 m/s (43.2 km/h) and above, while the crane lifts.
        ("06:00:40", "opened", "con.live.tower-crane-wind", "violated", "general"),
        ("06:01:20", "closed", "con.live.tower-crane-wind", None, "general"),
    ],
}


@pytest.mark.parametrize(("pack", "stream"), EXPECTED)
def test_recorded_stream(pack: str, stream: str) -> None:
    engine = Engine.load([ROOT / "packs" / pack / f"dualprev_pack_{pack}"], as_of="2026-11-21")
    told = []
    with Monitor(engine, FOLDER / stream / "site.yaml") as monitor:
        for line in (FOLDER / stream / "readings.jsonl").read_text("utf-8").splitlines():
            for warning in monitor.feed(line).warnings:
                found = warning.suspect(id="YH-1", by="监测系统")
                assert found.suspected
                shown = warning.to_json()
                told.append(
                    (
                        shown["at"][11:19],
                        *(shown.get(k) for k in ("event", "warning", "outcome")),
                        found.grade,
                    )
                )
    assert told == EXPECTED[pack, stream]


def test_the_limits_of_the_enterprise_are_shown_as_its_own() -> None:
    engine = Engine.load([ROOT / "packs" / "chemicals" / "dualprev_pack_chemicals"], as_of="2026-11-21")
    with Monitor(engine, FOLDER / "tank" / "site.yaml") as monitor:
        reading = {"sensor": "LT-1", "record": "tank[T1]", "fact": "level", "value": "8.5"}
        high, very_high = monitor.feed({**reading, "at": "2026-11-22T08:00:00+08:00"}).warnings
    assert high.to_json()["stated"] == {"high_level_alarm": "8 m"}
    assert very_high.to_json()["stated"] == {"high_high_level_alarm": "8.5 m", "high_level_alarm": "8 m"}
    assert high.figures == {}
    assert [citation.clause for citation in high.citations] == ["第十三条(一)"]


def test_what_would_decide_is_named() -> None:
    engine = Engine.load([ROOT / "packs" / "mining" / "dualprev_pack_mining"], as_of="2026-11-21")
    with Monitor(engine, FOLDER / "methane" / "site.yaml") as monitor:
        reading = {"sensor": "KJ-07", "record": "coal_place[P1]", "fact": "methane", "value": "1.5"}
        warnings = monitor.feed({**reading, "at": "2026-11-22T08:00:00+08:00"}).warnings
    (steep,) = (w for w in warnings if w.warning == "mine.live.workplace-methane-1.5")
    missing = [path.rpartition(".")[2] for path in steep.missing]
    assert missing == ["people_withdrawn", "power_cut", "work_stopped"]
    assert steep.figures == {"ch4": "1.5 %vol", "restore": "1 %vol"}
    assert [citation.clause for citation in steep.citations] == ["第5条第4项"]
