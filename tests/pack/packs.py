"""Small packs on disk, for tests."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from dualprev_rules.pack import Ruleset, check_packs
from dualprev_rules.problems import Problem

FIXTURES = Path(__file__).parents[1] / "fixtures"
BROKEN = FIXTURES / "packs_broken"
TODAY = date(2026, 11, 21)


def small(folder: Path, *overlays: Path, files: dict[str, str] | None = None) -> Path:
    """Write the small pack of the fixtures, with what lies over it, and return its directory."""
    pack = folder / "small"
    for layer in (BROKEN / "_base", *overlays):
        shutil.copytree(layer, pack, dirs_exist_ok=True)
    for name, text in (files or {}).items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text(text, "utf-8")
    return pack


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """Write the small pack with one place of one file changed."""
    text = (BROKEN / "_base" / name).read_text("utf-8")
    assert text.count(old) == 1, old
    return small(folder, files={name: text.replace(old, new)})


def load(*packs: Path, day: date = TODAY) -> Ruleset:
    """Load packs that are at no fault."""
    ruleset, problems = check_packs(packs, None, day)
    assert ruleset is not None, "\n".join(p.show("en") for p in problems)
    return ruleset


def problems(*packs: Path, day: date = TODAY) -> list[Problem]:
    """Return what is found wrong with packs."""
    return list(check_packs(packs, None, day)[1])
