"""The national profile, from its own file."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml

from dualprev_rules.problems import Words
from dualprev_rules.risk import ControlLevel, Profile, Swatch

LEVELS = {"公司": ControlLevel.COMPANY, "车间": ControlLevel.WORKSHOP, "班组": ControlLevel.TEAM}


def _swatch(item: dict[str, Any]) -> Swatch:
    return Swatch(Words(**item["name"]), item["colour"], item["hex"], item["ink"])


def _national() -> Profile:
    item = yaml.safe_load((files("dualprev_rules.risk") / "profiles" / "national.yaml").read_text("utf-8"))
    because = item["choose"].pop("because")
    return Profile(
        item["profile"],
        item["version"],
        Words(**item["title"]),
        {grade: _swatch(swatch) for grade, swatch in item["grades"].items()},
        _swatch(item["not_assessed"]),
        Words(**item["undecided"]),
        item["basis"],
        item["aggregate"],
        item["choose"],
        Words(**because),
        {grade: LEVELS[level] for grade, level in item["control_levels"].items()},
    )


NATIONAL = _national()
