"""The problems and notes of one reading, each with its place."""

from __future__ import annotations

from typing import Any

from dualprev_rules.facts.document import Document, Trail
from dualprev_rules.facts.kinds import Refused
from dualprev_rules.problems import Problem, problem


class Reports:
    """Collects what there is to say about a reading."""

    def __init__(self, document: Document) -> None:
        self._locate = document.locate
        self.problems: list[Problem] = list(document.problems)
        self.notes: list[Problem] = list(document.notes)

    def fault(self, refused: Refused, path: str, trail: Trail, effect: str) -> None:
        """Add a data problem. ``effect`` says what becomes of what was given."""
        self.problems.append(
            problem(
                refused.code,
                place=self._locate(trail),
                path=path,
                given=refused.given,
                nearest=refused.nearest,
                effect=effect,
                **refused.details,
            )
        )

    def note(self, code: str, path: str, trail: Trail, given: str, effect: str, **args: Any) -> None:
        """Add a note: nothing is wrong, and a user should see how it was read."""
        place = self._locate(trail)
        self.notes.append(
            problem(code, severity="note", place=place, path=path, given=given, effect=effect, **args)
        )
