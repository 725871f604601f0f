"""The engine that a command's options ask for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dualprev_rules.cli.options import read_day
from dualprev_rules.cli.output import complain
from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from dualprev_rules.engine import Engine
    from dualprev_rules.result import Result

_KEYS = "DUALPREV_KEYS"


def load(
    packs: list[str] | None,
    profile: str,
    as_of: str | None,
    lang: Lang,
    lists: Literal["assumed", "stated"] = "assumed",
) -> Engine:
    """Load packs and profile for the day asked for; a day that nobody asked for is printed."""
    day = read_day(as_of)
    if not packs:
        raise DualprevError(problem("cli.no-pack"))
    from dualprev_rules.engine import Engine

    if as_of is None:
        from dualprev_rules.report.phrases import phrase

        complain(phrase("today", day=day.isoformat()).get(lang))
    return Engine.load(packs=packs, profile=profile, as_of=day.isoformat(), lists=lists, keys=trusted())


def trusted() -> list[Path]:
    """Return the public keys that the environment names: then every pack must be signed by one of them."""
    return [Path(name) for name in os.environ.get(_KEYS, "").split(os.pathsep) if name.strip()]


def judge(engine: Engine, site: str | Path, *, strict: bool = False) -> Result:
    """Return the result of one site, judged as its document is made.

    ``Engine.assess`` compiles the rules first, which pays where many sites are judged, and not for one.
    """
    result = engine.result_of(engine.read(site))
    if strict and result.data_problems:
        raise DualprevError(result.data_problems)
    return result
