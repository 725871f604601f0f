"""The national profile, loaded over the core's methods."""

from __future__ import annotations

from dataclasses import replace

from dualprev_rules.evaluate import Reference
from dualprev_rules.risk.resolve import load_profile
from tests.risk.methods import RULESET
from tests.risk.records import SCHEMA

LOADED = replace(RULESET, schema=SCHEMA)
REFERENCE = Reference(LOADED)
NATIONAL = load_profile("national", LOADED)
