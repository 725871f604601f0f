"""The limits of live warnings, each just not reached and then reached, as the clauses have them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.control import Monitor, with_silences
from dualprev_rules.engine import core_pack, profile_files
from dualprev_rules.pack.live import SECOND, Held
from dualprev_rules.pack.load import load_ruleset
from dualprev_rules.problems import DualprevError
from tests.packs.parts import ROOT

pytestmark = pytest.mark.needs("durable_rules_engine")

KINDS = ("coal_face", "face_return", "main_return", "stopped_area")
PLACES: list[dict[str, Any]] = [
    {"id": kind, "kind": kind, "gas_release": True, "shot_methane_distance": 20, "motor_methane_distance": 20}
    for kind in KINDS
]
PLACES[0]["accumulation_volume"] = "0.51 m³"
SITES: dict[str, Any] = {
    "mining": {"coal_mines": [{"id": "M", "kind": "underground", "places": PLACES}]},
    "chemicals": {
        "units": [
            {
                "id": "U",
                "work_permits": [
                    {"id": "P", "kind": "confined_space", "is_enriched_atmosphere": False}
                    | {"lower_explosive_limit": "4 %vol", "toxic_exposure_limit": "10 mg/m³"}
                ],
            }
        ]
    },
    "gas": {"gas_repairs": [{"id": "W", "kind": "live_welding"}, {"id": "R", "kind": "rush_repair"}]},
}
# Article 5 of Order 21; articles 156 and 191 to 197 of the Regulations;
# GB 16423 6.6.1.1; GB 30871 6.4; CJJ 51.
LIMITS = {
    "mining": [
        ("coal_place[face_return]", "carbon_dioxide", "1.49", "1.5", "mine.live.return-co2"),
        ("coal_place[coal_face]", "carbon_dioxide", "1.49", "1.5", "mine.live.face-co2"),
        ("coal_place[stopped_area]", "carbon_dioxide", "3.0", "3.01", "mine.live.stopped-area-co2"),
        ("coal_place[stopped_area]", "methane", "3.0", "3.01", "mine.live.stopped-area-methane"),
        ("coal_place[main_return]", "carbon_dioxide", "0.74", "0.75", "mine.live.main-return-co2"),
        ("coal_place[main_return]", "methane", "0.74", "0.75", "mine.live.main-return-methane"),
        ("coal_place[coal_face]", "shot_methane", "0.99", "1.0", "mine.live.shot-methane"),
        ("coal_place[coal_face]", "motor_methane", "1.49", "1.5", "mine.live.motor-methane"),
        ("coal_place[coal_face]", "accumulation_methane", "1.99", "2.0", "mine.live.accumulated-methane"),
        ("coal_place[coal_face]", "mixing_methane", "1.5", "1.51", "mine.live.mixing-methane"),
        ("coal_place[coal_face]", "mixing_carbon_dioxide", "1.5", "1.51", "mine.live.mixing-co2"),
        ("coal_place[coal_face]", "intake_oxygen", "20", "19.99", "mine.live.intake-oxygen"),
        ("coal_place[coal_face]", "intake_carbon_dioxide", "0.5", "0.51", "mine.live.intake-co2"),
        ("metal_place[1]", "oxygen", "20", "19.99", "mine.live.metal-oxygen"),
        ("metal_place[1]", "carbon_dioxide", "0.5", "0.51", "mine.live.metal-co2"),
        ("coal_place[coal_face]", "carbon_monoxide", "0.0024", "0.00241", "mine.live.face-co"),
        ("coal_place[coal_face]", "nitrogen_oxides", "0.00025", "0.000251", "mine.live.face-nox"),
        ("coal_place[coal_face]", "sulphur_dioxide", "0.0005", "0.00051", "mine.live.face-so2"),
        ("coal_place[coal_face]", "hydrogen_sulphide", "0.00066", "0.000661", "mine.live.face-h2s"),
        ("coal_place[coal_face]", "ammonia", "0.004", "0.0041", "mine.live.face-nh3"),
        ("metal_place[1]", "carbon_monoxide", "24", "24.1", "mine.live.metal-co"),
        ("metal_place[1]", "nitrogen_oxides", "2.5", "2.51", "mine.live.metal-nox"),
        ("metal_place[1]", "sulphur_dioxide", "5", "5.1", "mine.live.metal-so2"),
        ("metal_place[1]", "hydrogen_sulphide", "6.6", "6.61", "mine.live.metal-h2s"),
        ("metal_place[1]", "ammonia", "40", "40.1", "mine.live.metal-nh3"),
    ],
    "chemicals": [
        ("work_permit[P]", "oxygen_concentration", "19.5", "19.4", "chem.live.confined-oxygen-low"),
        ("work_permit[P]", "oxygen_concentration", "21", "21.1", "chem.live.confined-oxygen-high"),
        ("work_permit[P]", "gas_concentration", "0.5", "0.51", "chem.live.confined-combustible"),
        ("work_permit[P]", "toxic_concentration", "10", "10.1", "chem.live.confined-toxic"),
    ],
    "gas": [
        ("gas_repair[W]", "line_pressure", "300", "299", "gas.live.welding-pressure-low"),
        ("gas_repair[W]", "line_pressure", "800", "801", "gas.live.welding-pressure-high"),
        ("gas_repair[R]", "gas_concentration", "19.9", "20", "gas.live.repair-concentration"),
    ],
}


@cache
def engine(pack: str) -> Engine:
    return Engine.load([ROOT / "packs" / pack / f"dualprev_pack_{pack}"], as_of="2026-11-21")


@pytest.mark.parametrize("pack", LIMITS)
def test_a_limit_warns_where_it_is_reached(pack: str) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    with Monitor(engine(pack), {"enterprise": SITES[pack]}) as monitor:
        for record, fact, short_of, reached, warning in LIMITS[pack]:
            for value, expected in ((short_of, []), (reached, [("opened", warning)]), (short_of, None)):
                at += timedelta(seconds=1)
                reading = {"sensor": "S", "record": record, "fact": fact, "value": value}
                heard = monitor.feed({**reading, "at": at.isoformat()})
                told = [(w.event, w.warning) for w in heard.warnings]
                assert told == (expected if expected is not None else [("closed", warning)]), (warning, value)


def test_silence_is_told_where_a_warning_stands() -> None:
    watched = with_silences(engine("mining"), timedelta(minutes=1))
    at = datetime(2026, 11, 22, tzinfo=UTC)
    # The methane of an opencast mine's places is the business of no warning.
    site = {"coal_mines": [{"id": "M", "kind": "opencast", "places": PLACES}]}
    for facts, expected in ((SITES["mining"], ["silence.coal_place.methane"]), (site, [])):
        with Monitor(watched, {"enterprise": facts}) as monitor:
            reading = {"sensor": "S", "record": "coal_place[coal_face]", "fact": "methane", "value": "0.9"}
            assert not monitor.feed({**reading, "at": at.isoformat()}).warnings
            heard = monitor.tick((at + timedelta(minutes=1)).isoformat())
        assert [w.warning for w in heard.warnings] == expected


def test_three_percent_for_ten_minutes() -> None:
    """Article 5 item 8: methane at 3.0 % at a face that goes on for more than ten minutes."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    told: list[tuple[int, str]] = []
    with Monitor(engine("mining"), {"enterprise": SITES["mining"]}) as monitor:
        for second in range(0, 700, 20):
            reading = {"sensor": "S", "record": "coal_place[coal_face]", "fact": "methane"}
            value = "2.99" if second == 40 else "3.0"
            heard = monitor.feed(
                {**reading, "value": value, "at": (at + timedelta(seconds=second)).isoformat()}
            )
            told += [
                (second, w.event) for w in heard.warnings if w.warning == "mine.live.face-methane-3.0-held"
            ]
    assert told == [(660, "opened")]


@pytest.mark.parametrize(
    ("record", "fact", "value", "unit", "shown", "opens"),
    [
        ("metal_place[1]", "carbon_monoxide", "25", "ppm", ("25", "ppm(vol)"), "mine.live.metal-co"),
        ("metal_place[1]", "carbon_monoxide", "25 PPM", None, ("25", "ppm(vol)"), "mine.live.metal-co"),
        ("metal_place[1]", "carbon_monoxide", "25", "Ppm", ("25", "ppm(vol)"), "mine.live.metal-co"),
        ("metal_place[1]", "carbon_monoxide", "25Ppm", None, ("25", "ppm(vol)"), "mine.live.metal-co"),
        ("coal_place[coal_face]", "methane", "1.0", "％", ("1.0", "%vol"), "mine.live.workplace-methane-1.0"),
        (
            "coal_place[coal_face]",
            "methane",
            "1.0%",
            None,
            ("1.0", "%vol"),
            "mine.live.workplace-methane-1.0",
        ),
    ],
)
def test_a_bare_share_of_a_gas_is_one_of_the_volume_and_the_warning_says_so(
    record: str, fact: str, value: str, unit: str | None, shown: tuple[str, str], opens: str
) -> None:
    """Gas detectors say ppm and %, and mean the volume; the warning has the unit that was taken."""
    given = {"sensor": "S", "record": record, "fact": fact, "value": value, "at": "2026-11-22T08:00:00Z"}
    with Monitor(engine("mining"), {"enterprise": SITES["mining"]}) as monitor:
        heard = monitor.feed(given | ({"unit": unit} if unit else {}))
        assert "control.reading-value" not in [each.code for each in heard.problems]
        (told,) = (w for w in heard.warnings if w.warning == opens)
        assert [(each.value, each.unit) for each in told.readings] == [shown]


def test_of_what_is_no_share_of_the_volume_a_bare_one_is_refused() -> None:
    given = {"sensor": "S", "record": "gas_repair[R]", "fact": "gas_concentration", "value": "20"}
    with Monitor(engine("gas"), {"enterprise": SITES["gas"]}) as monitor:
        heard = monitor.feed({**given, "unit": "%", "at": "2026-11-22T08:00:00Z"})
    assert [each.code for each in heard.problems] == ["control.reading-value"]


@pytest.mark.parametrize(
    ("value", "opens"), [("-13.9", []), ("-14", ["yellow"]), ("20", ["yellow", "orange", "red"])]
)
def test_a_point_that_settles_counts_like_one_that_heaves(value: str, opens: list[str]) -> None:
    point = {"id": "T", "control_value": 20}
    parts = {"tunnels": [{"id": "U", "use": "rail_transit", "monitoring_points": [point]}]}
    project = {"id": "P", "works": "building", "sub_projects": [{"id": "D", **parts}]}
    given = {"sensor": "S", "record": "tunnel_point[T]", "fact": "cumulative", "value": value, "unit": "mm"}
    with Monitor(engine("construction"), {"enterprise": {"projects": [project]}}) as monitor:
        heard = monitor.feed({**given, "at": "2026-11-22T08:00:00Z"})
    assert heard.problems == ()
    assert [w.warning for w in heard.warnings] == [f"con.live.tunnel-{colour}" for colour in opens]


@pytest.mark.parametrize(("value", "opens"), [("-1.9", []), ("-2", ["con.live.building-tilt"])])
def test_a_building_may_tilt_either_way(value: str, opens: list[str]) -> None:
    excavation = {"id": "E", "monitoring_points": [{"id": "H", "item": "building"}]}
    part = {"id": "D", "excavations": [excavation]}
    project = {"id": "P", "works": "building", "sub_projects": [part]}
    given = {"sensor": "S", "record": "pit_point[H]", "fact": "building_tilt", "value": value, "unit": "‰"}
    with Monitor(engine("construction"), {"enterprise": {"projects": [project]}}) as monitor:
        heard = monitor.feed({**given, "at": "2026-11-22T08:00:00Z"})
    assert heard.problems == ()
    assert [w.warning for w in heard.warnings] == opens


def test_a_profile_that_tightens_the_time_of_a_rule_tightens_that_of_its_warning(tmp_path: Path) -> None:
    """Three per cent for ten minutes, and for five where a profile says so."""
    file = tmp_path / "local.yaml"
    file.write_text(
        "profile: local\nversion: 0.1.0\ntitle: {zh: 本企业}\nextends: national\ntailor:\n"
        "  - {rule: mine.coal2026.05-08, set: {duration: '5'}, reason: {zh: 本企业的规定}}\n",
        "utf-8",
    )
    pack, name = ROOT / "packs" / "mining" / "dualprev_pack_mining", "mine.live.face-methane-3.0-held"
    profiles = {**profile_files(), "local": file}
    for profile, minutes in (("national", 10), ("local", 5)):
        load = partial(load_ruleset, [pack], profile, date(2026, 11, 21), core=core_pack())
        assert load(profiles=profiles).live[name].form == Held(minutes * 60 * SECOND)


def test_a_profile_that_sets_no_time_is_told_of_its_own_line(tmp_path: Path) -> None:
    file = tmp_path / "local.yaml"
    file.write_text(
        "profile: local\nversion: 0.1.0\ntitle: {zh: 本企业}\nextends: national\ntailor:\n"
        "  - {rule: mine.coal2026.05-08, set: {duration: '-5'}, reason: {zh: 本企业的规定}}\n",
        "utf-8",
    )
    pack, profiles = ROOT / "packs" / "mining" / "dualprev_pack_mining", {**profile_files(), "local": file}
    with pytest.raises(DualprevError) as caught:
        load_ruleset([pack], "local", date(2026, 11, 21), core=core_pack(), profiles=profiles)
    told = {(p.code, p.place.file, p.place.line, p.given) for p in caught.value.problems if p.place}
    assert told == {("pack.not-a-time", "profiles/local.yaml", 6, "duration: -5 min")}
