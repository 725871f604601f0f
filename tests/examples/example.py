"""The example site, read and judged once for each of the days of its tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dualprev_rules import Engine
from dualprev_rules.result import Result

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "chlor_alkali_lpg"
SITE, TWIN = FOLDER / "site.yaml", FOLDER / "site.xlsx"
DAYS = {2018: "2018-01-01", 2020: "2020-01-01", 2026: "2026-11-21"}
"""GB 18218-2009 is in force and not encoded; the criteria of 2017 decide; AQ 3067-2026 decides."""


@cache
def engine(year: int) -> Engine:
    """Return the engine of chemicals as of the day of that year."""
    return Engine.load([ROOT / "packs" / "chemicals" / "dualprev_pack_chemicals"], as_of=DAYS[year])


@cache
def judged(year: int, source: Path = SITE) -> Result:
    """Return the result of the example on the day of that year."""
    return engine(year).assess(source)
