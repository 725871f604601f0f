"""The catalogue of problem codes, read from the YAML files beside this module when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dualprev_rules.problems.words import Words

_WORDS = ("fix", "otherwise", "page")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue says of a code: message and fix are templates over the problem's arguments."""

    code: str
    message: Words
    fix: Words | None
    otherwise: Words | None
    """The fix where it would propose a name and none is near."""
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
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: dict[str, Entry] = {}
    for file in sorted(files("dualprev_rules.problems").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".yaml"):
            continue
        for code, item in yaml.load(file.read_text("utf-8"), loader).items():  # noqa: S506  (both loaders are safe)
            said = {key: Words(words["zh"], words["en"]) for key, words in item.items() if key in _WORDS}
            message = Words(item["zh"], item["en"])
            entries[code] = Entry(code, message, said.get("fix"), said.get("otherwise"), said["page"])
    return entries
