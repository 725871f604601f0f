"""The catalogue of problem codes, read from the YAML files beside this module when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from dualprev_rules.problems.words import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says of a code: message and fix are templates over the problem's arguments."""

    code: str
    message: Words
    fix: Words | None
    page: Words
    """Why it is a problem and how to mend it: the text of the code's page in the documentation."""


def codes() -> tuple[str, ...]:
    """Return every code, sorted."""
    return tuple(sorted(_catalogue()))


def entry(code: str) -> Entry:
    """Return the entry of ``code``; raises KeyError for a code that the catalogue lacks."""
    return _catalogue()[code]


@cache
def _catalogue() -> dict[str, Entry]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: dict[str, Entry] = {}
    for file in sorted(files("dualprev_rules.problems").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".yaml"):
            continue
        for code, item in yaml.load(file.read_text("utf-8"), loader).items():  # noqa: S506  (both loaders are safe)
            entries[code] = Entry(
                code,
                Words(item["zh"], item["en"]),
                Words(item["fix"]["zh"], item["fix"]["en"]) if "fix" in item else None,
                Words(item["page"]["zh"], item["page"]["en"]),
            )
    return entries
