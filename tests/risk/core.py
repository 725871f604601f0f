"""The core alone, loaded as the engine loads it: its facts, its grading methods, the national profile."""

from __future__ import annotations

from datetime import date
from typing import Any

from dualprev_rules.engine import core_pack
from dualprev_rules.evaluate import Reference
from dualprev_rules.facts.reading import Reader
from dualprev_rules.facts.record import Record
from dualprev_rules.pack.load import load_ruleset
from dualprev_rules.risk import Place, RiskPoint, read_place
from dualprev_rules.risk.resolve import load_profile, shipped_profiles

DAY = date(2026, 11, 21)
RULESET = load_ruleset([], "national", DAY, core=core_pack(), profiles=shipped_profiles())
METHODS = RULESET.methods
REFERENCE = Reference(RULESET)
NATIONAL = load_profile("national", RULESET)
READER = Reader(RULESET.schema)


def enterprise(**given: Any) -> Record:
    """Read an enterprise from plain values."""
    (root,) = READER.read({"enterprise": given}, as_of=DAY).roots
    return root


def read(**given: Any) -> Place:
    """Read and grade an enterprise."""
    return read_place(REFERENCE, NATIONAL, enterprise(**given))


def read_one(**given: Any) -> RiskPoint:
    """Read and grade one risk point."""
    (point,) = read(risk_points=[given]).points
    return point
