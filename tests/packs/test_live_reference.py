"""Every live warning against the reference: figure and sign are read from there, never from the pack."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.control import Monitor
from dualprev_rules.lang.tree import Const, Lookup, Param, walk
from dualprev_rules.pack.live import SECOND, Held
from tests.packs.parts import ROOT, read
from tests.packs.test_live import SITES

pytestmark = pytest.mark.needs("durable_rules_engine")

POINTS = re.findall(
    r"\w+",
    """groundwater_change rigid_pressure_pipe rigid_pipe flexible_pipe building main_road ordinary_road
    old_building_crack new_building_crack old_ground_crack new_ground_crack""",
)
"""In the order of table 8.0.5."""
POSITIONS = re.findall(
    r"\w+",
    """return_corner coal_face coal_face_outburst face_return face_intake series_face_intake
    face_return_middle shearer heading heading_return heading_intake_split series_fan_heading
    series_fan_supply twin_mixed_return heading_middle driving_machine tbm outburst_drilling machine_chamber
    belt_shaft_return district_return main_return loading_point battery_vehicle diesel_vehicle bunker
    surface_gallery surface_pump_house temporary_pump_station temporary_pump_outlet""",
)
"""In the order of table 19."""
UNITS = {"%": "%vol", "mg/m3": "mg/m³", "ppm": "ppm(vol)", "Pa": "Pa(G)"}
CONTROL = 25
"""The control value of a tunnel's point, mm."""
FLIPPED = {">=": "<", "<=": ">", "<": ">=", ">": "<="}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as the reference has it; ``sign`` is the way in which it warns."""

    warning: str
    record: str
    fact: str
    sign: str
    figure: Fraction
    unit: str


@cache
def reference(pack: str) -> Any:
    return read(ROOT / f"tests/reference/{pack}.yaml")


def parameter(pack: str, item: str, name: str, *, required: bool) -> tuple[str, Fraction, str]:
    """The figure of an item: one that is required warns where it is not kept."""
    (found,) = (
        p
        for each in reference(pack)["items"]
        if each["id"] == item
        for p in each["parameters"]
        if p["name"] == name
    )
    sign = FLIPPED[found["op"]] if required else found["op"]
    return sign, Fraction(found["value"]), UNITS.get(str(found["unit"]), str(found["unit"]))


def cell(text: str) -> tuple[str, Fraction, str]:
    """The figure of a cell such as ``>=0.75``."""
    found = re.fullmatch(r"([<>]=?)([\d.]+)", text)
    assert found is not None, text
    return found[1], Fraction(found[2]), "%vol"


def mining() -> list[Limit]:
    named = [
        ("return-methane-1.0", "coal_place[face_return]", "methane", "coal2026-05-01", "ch4", False),
        ("return-co2", "coal_place[face_return]", "carbon_dioxide", "coal2026-05-01", "co2", False),
        ("workplace-methane-1.0", "coal_place[coal_face]", "methane", "coal2026-05-02", "ch4", False),
        ("shot-methane", "coal_place[coal_face]", "shot_methane", "coal2026-05-03", "ch4", False),
        ("workplace-methane-1.5", "coal_place[coal_face]", "methane", "coal2026-05-04", "ch4", False),
        ("motor-methane", "coal_place[coal_face]", "motor_methane", "coal2026-05-04", "ch4", False),
        (
            "accumulated-methane",
            "coal_place[coal_face]",
            "accumulation_methane",
            "coal2026-05-05",
            "ch4",
            False,
        ),
        ("intake-oxygen", "coal_place[coal_face]", "intake_oxygen", "csr2025-156-013", "o2", True),
        ("intake-co2", "coal_place[coal_face]", "intake_carbon_dioxide", "csr2025-156-013", "co2", True),
        ("metal-oxygen", "metal_place[1]", "oxygen", "gb16423-air", "o2", True),
        ("metal-co2", "metal_place[1]", "carbon_dioxide", "gb16423-air", "co2", True),
    ]
    stopped, mixing = "ch4_or_co2_in_stopped_area", "ch4_or_co2_at_mixing_point"
    for gas, fact in (("methane", "methane"), ("co2", "carbon_dioxide")):
        where = "coal_place[stopped_area]"
        named.append((f"stopped-area-{gas}", where, fact, "coal2026-05-06", stopped, False))
        where = "coal_place[coal_face]"
        named.append((f"mixing-{gas}", where, f"mixing_{fact}", "coal2026-05-07", mixing, False))
    gases = ("carbon_monoxide", "nitrogen_oxides", "sulphur_dioxide", "hydrogen_sulphide", "ammonia")
    tables = reference("mining")["tables"]
    found: list[Limit] = []
    for short, fact, row in zip(
        ("co", "nox", "so2", "h2s", "nh3"), gases, tables["csr2025-T5"]["rows"], strict=True
    ):
        named.append((f"metal-{short}", "metal_place[1]", fact, "gb16423-gas", short, True))
        figure = Fraction(row["max_percent"])
        found.append(Limit(f"mine.live.face-{short}", "coal_place[coal_face]", fact, ">", figure, "%vol"))
    for warning, record, fact, item, name, required in named:
        said = parameter("mining", item, name, required=required)
        found.append(Limit(f"mine.live.{warning}", record, fact, *said))
    of = {(row["place"], row["gas"]): cell(row["limit_percent"]) for row in tables["csr2025-CH4"]["rows"][:8]}
    found.append(
        Limit("mine.live.face-co2", "coal_place[coal_face]", "carbon_dioxide", *of["face air", "CO2"])
    )
    for gas, fact in (("methane", "methane"), ("co2", "carbon_dioxide")):
        said, where = of["main return", "CH4 or CO2"], "coal_place[main_return]"
        found.append(Limit(f"mine.live.main-return-{gas}", where, fact, *said))
    for position, row in zip(POSITIONS, tables["csr2025-T19"]["rows"], strict=True):
        where = f"methane_sensor[{position}]"
        found.append(Limit("mine.live.sensor-alarm", where, "methane", *cell(row["alarm"])))
        if row["cut_off"]:
            found.append(Limit("mine.live.sensor-cutoff", where, "methane", *cell(row["cut_off"])))
    return found


def chemicals() -> list[Limit]:
    where, item = "work_permit[P]", "sw-cs-gas"
    return [
        Limit(f"chem.live.confined-{warning}", of, fact, *parameter("chemicals", item, name, required=True))
        for warning, of, fact, name in (
            ("oxygen-low", where, "oxygen_concentration", "oxygen_min"),
            ("oxygen-high", where, "oxygen_concentration", "oxygen_max"),
            ("oxygen-high", "work_permit[E]", "oxygen_concentration", "oxygen_max_in_enriched_environment"),
            ("combustible", where, "gas_concentration", "combustible_if_lel_ge_4pct"),
            ("combustible", "work_permit[E]", "gas_concentration", "combustible_if_lel_lt_4pct"),
        )
    ]


def construction() -> list[Limit]:
    found = [
        Limit(
            f"con.live.confined-{name}",
            "confined_space[S]",
            fact,
            *parameter("construction", "n45-alarms", of, required=False),
        )
        for name, fact, of in (
            ("oxygen-low", "oxygen", "oxygen_low"),
            ("oxygen-high", "oxygen", "oxygen_high"),
            ("h2s", "hydrogen_sulphide", "H2S"),
            ("co", "carbon_monoxide", "CO"),
            ("combustible", "combustible_gas", "combustible"),
            ("ammonia", "ammonia", "NH3"),
            ("benzene", "benzene", "benzene"),
        )
    ]
    wind = parameter("construction", "jgj196-4.0-wind", "wind_speed", required=False)
    found.append(Limit("con.live.tower-crane-wind", "outdoor_task[T]", "wind_speed", *wind))
    for colour in ("yellow", "orange", "red"):
        sign, share, unit = parameter("construction", "gb50911-9.1.5", colour, required=False)
        assert unit == "% of control"
        figure = share / 100 * CONTROL
        found.append(Limit(f"con.live.tunnel-{colour}", "tunnel_point[T]", "cumulative", sign, figure, "mm"))
    rows = reference("construction")["tables"]["gb50497-8.0.5"]["rows"]
    for item, row in zip(POINTS, rows, strict=True):
        for warning, fact, key in (
            ("pit-cumulative", "cumulative", "cumulative_mm"),
            ("pit-rate", "daily_change", "rate_mm_per_day"),
        ):
            ends = [Fraction(each) for each in re.findall(r"[\d.]+", row[key])]
            # What the design says counts within the range; without it the upper end does.
            for where, end in (("designed", min(ends)), ("plain", max(ends))) if ends else ():
                found.append(
                    Limit(f"con.live.{warning}", f"pit_point[{where} {item}]", fact, ">=", end, "mm")
                )
    return found


def gas() -> list[Limit]:
    between = next(i for i in reference("gas")["items"] if i["id"] == "cjj51-hot-tap-pressure")
    (pressure,) = between["parameters"]
    least, most = map(Fraction, pressure["value"])
    free = parameter("gas", "cjj51-enter-20lel", "gas_concentration", required=True)
    welding = ("gas_repair[W]", "line_pressure")
    return [
        Limit("gas.live.welding-pressure-low", *welding, "<", least, UNITS[pressure["unit"]]),
        Limit("gas.live.welding-pressure-high", *welding, ">", most, UNITS[pressure["unit"]]),
        Limit("gas.live.repair-concentration", "gas_repair[R]", "gas_concentration", *free),
    ]


LIMITS = {"mining": mining, "chemicals": chemicals, "construction": construction, "gas": gas}
OWN = (
    # The enterprise or the design states the limit: the clause gives no figure.
    "chem.live.tank-level-high",
    "chem.live.tank-level-high-high",
    "chem.live.tank-pressure-high",
    "chem.live.confined-toxic",
    "con.live.support-deformation",
    "con.live.neighbour-deformation",
)
APART = (
    # By a test of its own, below.
    "mine.live.face-methane-3.0-held",
    # The reference has no tilt in table 8.0.5.
    "con.live.building-tilt",
)


def site(pack: str) -> dict[str, Any]:
    """The site of ``test_live``, with what stands in no place of it."""
    if pack == "construction":
        points: list[dict[str, Any]] = []
        for limit in construction():
            item = limit.record[:-1].rpartition(" ")[2]
            if limit.record.startswith("pit_point[designed"):
                key = "design_warning_value" if limit.fact == "cumulative" else "design_warning_rate"
                points.append({"id": f"designed {item}", "item": item, key: f"{float(limit.figure)} mm"})
            elif limit.record.startswith("pit_point"):
                points.append({"id": f"plain {item}", "item": item})
        merged = {each["id"]: each for each in points}
        for each in points:
            merged[each["id"]] = {**merged[each["id"]], **each}
        measured = {"id": "T", "control_value": CONTROL}
        parts = {
            "excavations": [{"id": "E", "monitoring_points": list(merged.values())}],
            "confined_spaces": [{"id": "S"}],
            "tunnels": [{"id": "U", "use": "rail_transit", "monitoring_points": [measured]}],
        }
        crane = {"id": "T", "kind": "lifting_task", "machine": "tower"}
        project = {"id": "P", "works": "building", "outdoor_tasks": [crane]}
        return {"projects": [{**project, "sub_projects": [{"id": "D", **parts}]}]}
    found = deepcopy(SITES[pack])
    if pack == "mining":
        found["coal_mines"][0]["methane_sensors"] = [{"id": each, "position": each} for each in POSITIONS]
    if pack == "chemicals":
        enriched = {"id": "E", "kind": "confined_space", "is_enriched_atmosphere": True}
        found["units"][0]["work_permits"].append({**enriched, "lower_explosive_limit": "3.9 %vol"})
    return found


@cache
def engine(pack: str) -> Engine:
    return Engine.load([ROOT / "packs" / pack / f"dualprev_pack_{pack}"], as_of="2026-11-21")


@pytest.mark.parametrize("pack", LIMITS)
def test_a_warning_is_open_where_the_reference_says(pack: str) -> None:
    """A thousandth short of the figure, at it, and a thousandth beyond."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    with Monitor(engine(pack), {"enterprise": site(pack)}) as monitor:
        for limit in LIMITS[pack]():
            rising = limit.sign in (">", ">=")
            step = limit.figure / (1000 if rising else -1000)
            for value, expected in (
                (limit.figure - step, False),
                (limit.figure, limit.sign in (">=", "<=")),
                (limit.figure + step, True),
                # Back to normal, below what closes it too.
                (limit.figure * (Fraction(1, 10) if rising else Fraction(51, 50)), False),
            ):
                at += timedelta(seconds=1)
                reading = {"sensor": "S", "record": limit.record, "fact": limit.fact, "unit": limit.unit}
                heard = monitor.feed(
                    {
                        **reading,
                        "value": str(Decimal(value.numerator) / value.denominator),
                        "at": at.isoformat(),
                    }
                )
                assert not [each.code for each in heard.problems if each.code != "control.reading-record"], (
                    limit
                )
                ids = [each.id.split("|")[:2] for each in monitor.state().open]
                assert ([limit.warning, limit.record] in ids) is expected, (limit, value)


def test_no_warning_is_left_out() -> None:
    tried = {limit.warning for limits in LIMITS.values() for limit in limits()}
    live = {name: rule for pack in LIMITS for name, rule in engine(pack).ruleset.live.items()}
    assert sorted(live.keys() - tried) == sorted((*OWN, *APART))
    for name in OWN:
        alarm = live[name].alarm
        assert alarm is not None
        assert not [node for node in walk(alarm.node) if isinstance(node, Const | Param | Lookup)], name


def test_cut_off_power_comes_back_as_table_19_says() -> None:
    """And the warning of 1.5 % at a face with it."""
    rows = reference("mining")["tables"]["csr2025-T19"]["rows"]
    at = datetime(2026, 11, 22, tzinfo=UTC)
    with Monitor(engine("mining"), {"enterprise": site("mining")}) as monitor:

        def events(record: str, value: Fraction) -> set[tuple[str, str]]:
            nonlocal at
            at += timedelta(seconds=1)
            reading = {"sensor": "S", "record": record, "fact": "methane", "at": at.isoformat()}
            heard = monitor.feed({**reading, "value": str(Decimal(value.numerator) / value.denominator)})
            return {(each.event, each.warning) for each in heard.warnings}

        for position, row in zip(POSITIONS, rows, strict=True):
            if not row["re_power"]:
                continue
            (sign, back, _), (_, cut, _) = cell(row["re_power"]), cell(row["cut_off"])
            assert sign == "<"
            where = f"methane_sensor[{position}]"
            assert ("opened", "mine.live.sensor-cutoff") in events(where, cut), position
            closed = ("closed", "mine.live.sensor-cutoff")
            assert closed not in events(where, back), position
            assert closed in events(where, back - Fraction(1, 1000)), position
        _, back, _ = cell(rows[1]["re_power"])
        events("coal_place[coal_face]", Fraction(3, 2))
        closed = ("closed", "mine.live.workplace-methane-1.5")
        assert closed not in events("coal_place[coal_face]", back)
        assert closed in events("coal_place[coal_face]", back - Fraction(1, 1000))


def test_three_percent_for_ten_minutes_as_the_reference_has_it() -> None:
    _, figure, _ = parameter("mining", "coal2026-05-08", "ch4", required=False)
    _, minutes, unit = parameter("mining", "coal2026-05-08", "duration", required=False)
    assert unit == "min"
    rule = engine("mining").ruleset.live["mine.live.face-methane-3.0-held"]
    assert rule.form == Held(int(minutes) * 60 * SECOND)
    assert rule.alarm is not None
    (limit,) = (node.value for node in walk(rule.alarm.node) if isinstance(node, Param))
    assert limit == figure
