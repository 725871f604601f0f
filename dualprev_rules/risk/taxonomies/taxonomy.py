"""Closed lists of an instrument or of usual practice, each with its days and how well it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from dualprev_rules.problems import Words


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its names, its code where the standard's own was seen, and the code above it."""

    zh: str
    en: str
    code: str | None = None
    under: str | None = None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One edition of a list. Several editions of one list may hold side by side, as those of provinces do."""

    id: str
    edition: str
    title: Words
    members: tuple[Member, ...]
    number: str | None
    """The number of the standard; None where no instrument has one, see ``source``."""
    source: Words | None
    start: date | None
    """The first day on which it holds; None: always has, as far as is known."""
    end: date | None
    """The first day on which it no longer holds."""
    confirmed: bool
    """Whether the days are confirmed."""
    status: Literal["transcription", "recalled"]
    note: Words | None

    def holds(self, day: date) -> bool:
        """Tell whether it holds on ``day``."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def find(self, name: str) -> Member | None:
        """Return the member of that code or of that name in either language, or None."""
        return next((m for m in self.members if name in (m.code, m.zh, m.en)), None)


@cache
def taxonomies() -> tuple[Taxonomy, ...]:
    """Return every edition of every list."""
    return tuple(_taxonomy(entry) for entry in read_data("taxonomies.yaml"))


def taxonomy(name: str, day: date, *, edition: str | None = None) -> Taxonomy:
    """Return the list of that name that holds on ``day``.

    Raises KeyError where none does, or where several do and ``edition`` does not say which.
    """
    found = [
        each
        for each in taxonomies()
        if each.id == name and each.holds(day) and edition in (None, each.edition)
    ]
    if len(found) != 1:
        editions = ", ".join(each.edition for each in found) or "—"
        raise KeyError(f"{name} on {day}: {editions}")
    return found[0]


def read_data(name: str) -> Any:
    """Return a file of this package, every scalar as text: 01 is a code, not the number one."""
    text = (files("dualprev_rules.risk.taxonomies") / name).read_text("utf-8")
    loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return yaml.load(text, loader)  # noqa: S506  (a base loader makes nothing but text)


def _taxonomy(entry: Any) -> Taxonomy:
    return Taxonomy(
        id=entry["taxonomy"],
        edition=entry["edition"],
        title=Words(**entry["title"]),
        members=tuple(Member(**member) for member in entry["members"]),
        number=entry.get("number"),
        source=Words(**entry["source"]) if "source" in entry else None,
        start=date.fromisoformat(entry["from"]) if "from" in entry else None,
        end=date.fromisoformat(entry["replaced_on"]) if "replaced_on" in entry else None,
        confirmed=entry.get("confirmed") != "false",
        status=entry["status"],
        note=Words(**entry["note"]) if "note" in entry else None,
    )
