"""Packs and profiles: the form of their files, reading, the registry, and what holds on a day.

``load_ruleset`` goes the whole way: files are read as located text (``yaml_reader``), each part is
checked by itself (``spec``), and all are put together for one day (``resolve``). What a ruleset is
made of stands in ``model``. Reading and checking are imported when something is first loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dualprev_rules.pack.load import check_packs, load_ruleset, read_cases, read_packs
from dualprev_rules.pack.model import (
    RULE_KINDS,
    Bands,
    Case,
    Checklist,
    ChecklistItem,
    Citation,
    Definition,
    Expression,
    Factor,
    GradingMethod,
    Instrument,
    Measure,
    PackInfo,
    Parameter,
    Rule,
    Ruleset,
    Table,
    TableRow,
)
from dualprev_rules.pack.registry import (
    InstalledPack,
    find_pack,
    functions,
    hookimpl,
    hookspec,
    installed_packs,
    installed_profiles,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from dualprev_rules.pack.load import ProfileFiles, Where
    from dualprev_rules.pack.read import PackSource
    from dualprev_rules.problems import Problem

__all__ = [
    "RULE_KINDS",
    "Bands",
    "Case",
    "Checklist",
    "ChecklistItem",
    "Citation",
    "Definition",
    "Expression",
    "Factor",
    "GradingMethod",
    "InstalledPack",
    "Instrument",
    "Measure",
    "PackInfo",
    "Parameter",
    "Rule",
    "Ruleset",
    "Table",
    "TableRow",
    "check_packs",
    "find_pack",
    "functions",
    "hookimpl",
    "hookspec",
    "installed_packs",
    "installed_profiles",
    "json_schemas",
    "lint_packs",
    "load_ruleset",
    "read_cases",
    "read_pack",
    "read_packs",
]


def read_pack(path: str | Path | Traversable, shown_as: str | None = None) -> PackSource:
    """Read the pack in the directory ``path``; its faults are in ``problems``, never raised."""
    from dualprev_rules.pack.read import read_pack as read

    return read(path, shown_as)


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each kind of file, for editors; generated from the models."""
    from dualprev_rules.pack.schemas import json_schemas as generate

    return generate()


def lint_packs(
    packs: Sequence[Where],
    as_of: date,
    *,
    profile: str | None = None,
    core: Where | None = None,
    profiles: ProfileFiles | None = None,
) -> tuple[Problem, ...]:
    """Return every error and warning of packs, on ``as_of`` and on as many days as show every edition."""
    from dualprev_rules.pack.lint import lint_packs as lint

    return lint(packs, as_of, profile=profile, core=core, profiles=profiles)
