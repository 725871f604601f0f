"""The problems and notes of one reading, each with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from dualprev_rules.facts.document import Document, Trail
from dualprev_rules.facts.kinds import Refused
from dualprev_rules.problems import Effect, Problem, nearest, problem
from dualprev_rules.problems.denial import opposed

_MOST_SEARCHES = 1000
_FIGURES = re.compile(r"(\d+)")


class Reports:
    """Collects what there is to say about a reading."""

    def __init__(self, document: Document) -> None:
        self._locate = document.locate
        self.problems: list[Problem] = list(document.problems)
        self.notes: list[Problem] = list(document.notes)
        self._found: dict[tuple[str, tuple[str, ...]], str | None] = {}

    def fault(self, refused: Refused, path: str, trail: Trail, effect: Effect) -> None:
        """Add a data problem. ``effect`` says what becomes of what was given.

        Of what is denied no name is proposed: under it the same value would say the opposite.
        """
        near = self.nearest(refused.sought, refused.among)
        if near is not None and opposed(refused.sought or "", near):
            near = None
        self.problems.append(
            problem(
                refused.code,
                place=self._locate(trail),
                path=path,
                given=refused.given,
                nearest=near,
                effect=effect,
                **refused.details,
            )
        )

    def nearest(self, sought: str | None, among: Collection[str]) -> str | None:
        """Return which of some names is most like the one sought; after a thousand searches, none.

        A search costs milliseconds: without an end to them, a file of wrong names would take hours.
        """
        if sought is None:
            return None
        search = (sought, tuple(among))
        if search not in self._found:
            if len(self._found) >= _MOST_SEARCHES:
                return None
            self._found[search] = nearest(sought[:80], among)
        return self._found[search]

    def note(self, code: str, path: str, trail: Trail, given: str, effect: Effect, **args: Any) -> None:
        """Add a note: nothing is wrong, and a user should see how it was read."""
        place = self._locate(trail)
        self.notes.append(
            problem(code, severity="note", place=place, path=path, given=given, effect=effect, **args)
        )


def in_order(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems by the paths that they are about, whatever the order of keys in the input."""
    return tuple(sorted(found, key=lambda one: (_by_number(one.path or ""), one.code, one.given or "")))


def _by_number(path: str) -> tuple[tuple[int, str], ...]:
    """Return the parts of a path so that tank 10 comes behind tank 2."""
    parts = _FIGURES.split(path)
    return tuple((len(part.lstrip("0")) if at % 2 else 0, part) for at, part in enumerate(parts))
