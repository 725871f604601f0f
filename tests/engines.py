"""Engines that many tests ask, each loaded once; an engine is immutable, so no test leaves a mark on one."""

from __future__ import annotations

from functools import cache

from dualprev_rules import Engine

DAY = "2026-11-21"


@cache
def loaded(*packs: str, profile: str = "national", as_of: str = DAY) -> Engine:
    """Return the engine of installed packs; of the core alone without any."""
    return Engine.load(packs, profile, as_of=as_of)
