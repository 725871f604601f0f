"""A warning raises the risk grade of its place where the profile says so, and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules import Engine, Result
from dualprev_rules.control import Monitor, raised_grade
from dualprev_rules.report.profiles import profile_rows
from dualprev_rules.risk.load import shipped_profiles
from dualprev_rules.risk.resolve import load_profile
from tests.packs.parts import ROOT

pytestmark = pytest.mark.needs("durable_rules_engine")

CHEMICALS = ROOT / "packs" / "chemicals" / "dualprev_pack_chemicals"
LOW = {"id": "1", "method": "lec", "L": 1, "E": 6, "C": 1}
PERMIT = {"id": "P", "kind": "confined_space", "is_enriched_atmosphere": False}
UNITS: list[dict[str, Any]] = [{"id": "U", "work_permits": [PERMIT]}, {"id": "V"}]
SITE = {"enterprise": {"units": [{**unit, "risk_points": [LOW]} for unit in UNITS]}}
HERE = {"enterprise": 1, "unit[U]": 1}
LOCAL = """\
profile: local
version: 0.1.0
title: {zh: 本企业}
extends: national
warnings_raise:
  grades: {1: 1, 2: 2}
  because: {zh: 本企业的规定}
"""


class Local:
    """An engine under the profile ``local``, as far as a monitor needs one."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        file = folder / "local.yaml"
        file.write_text(LOCAL, "utf-8")
        self.ruleset, self.read = engine.ruleset, engine.read
        self.profile = load_profile("local", engine.ruleset, {**shipped_profiles(), "local": file})


def grades(result: Result, monitor: Monitor) -> dict[str, int | None]:
    assert result.place is not None
    found = {place.short: raised_grade(place, monitor.state()) for place in result.place.all_places()}
    return {name: grade.level if grade is not None else None for name, grade in found.items()}


def oxygen(value: str, second: int) -> dict[str, str]:
    at = (datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=second)).isoformat()
    return {
        "sensor": "O",
        "record": "work_permit[P]",
        "fact": "oxygen_concentration",
        "value": value,
        "at": at,
    }


def test_a_grade_is_raised_while_the_warning_is_open_and_the_profile_says_so(tmp_path: Path) -> None:
    engine = Engine.load([CHEMICALS], as_of="2026-11-21")
    result = engine.assess(SITE)
    before = {"enterprise": 4, "unit[U]": 4, "unit[V]": 4}
    for loaded, open_, raises in ((engine, before, None), (Local(engine, tmp_path), before | HERE, 1)):
        with Monitor(loaded, SITE) as monitor:
            assert grades(result, monitor) == before
            (warning,) = monitor.feed(oxygen("19.4", 0)).warnings
            assert (warning.event, warning.raises, warning.to_json().get("raises")) == (
                "opened",
                raises,
                raises,
            )
            assert grades(result, monitor) == open_
            (warning,) = monitor.feed(oxygen("20", 1)).warnings
            assert (warning.event, warning.raises) == ("closed", None)
            assert grades(result, monitor) == before


def test_a_profile_that_says_so_shows_it(tmp_path: Path) -> None:
    engine = Engine.load([CHEMICALS], as_of="2026-11-21")
    assert "warnings_raise" not in profile_rows(engine.profile, engine.ruleset)
    _, said = profile_rows(Local(engine, tmp_path).profile, engine.ruleset)["warnings_raise"]
    assert said.zh == "1级预警未解除时不低于重大风险；2级预警未解除时不低于较大风险；本企业的规定"
