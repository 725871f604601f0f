"""The catalogue of problem codes: a YAML file a room beside this module, each read when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dualprev_rules.problems.words import Words

_FILES = files("dualprev_rules.problems")
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
    rooms = (f.name.removesuffix(".yaml") for f in _FILES.iterdir() if f.name.endswith(".yaml"))
    return tuple(sorted(code for room in rooms for code in _catalogue(room)))


def entry(code: str) -> Entry:
    """Return the entry of ``code``; raises KeyError for a code that the catalogue lacks."""
    return _catalogue(code.partition(".")[0])[code]


@cache
def _catalogue(room: str) -> dict[str, Entry]:
    """Return the entries of one room: the codes that begin with its name stand in its file."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    file = _FILES / f"{room}.yaml"
    entries: dict[str, Entry] = {}
    if not file.is_file():
        return entries
    for code, item in yaml.load(file.read_text("utf-8"), loader).items():  # noqa: S506  (both loaders are safe)
        said = {key: Words(words["zh"], words["en"]) for key, words in item.items() if key in _WORDS}
        message = Words(item["zh"], item["en"])
        entries[code] = Entry(code, message, said.get("fix"), said.get("otherwise"), said["page"])
    return entries
