"""What the workbench found: a problem with its place, and the facts or the row that show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dualprev_rules.problems import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, and what a reader needs to check it by hand."""

    problem: Problem
    about: str
    """The rule, the definition (``entity.name``), the bands (``method.variant``), fact or instrument."""
    witness: Mapping[str, Any] | None = None
    """Facts for which it is so, as an input document; the reference confirmed it."""
    path: str = ""
    """The record of the witness that it is about."""
    row: str | None = None
    """The row that closes a gap, as YAML; what it gives is for the author to say."""

    def to_json(self) -> dict[str, Any]:
        """Return the finding as JSON values, in a fixed order of keys, without empty ones."""
        more = {
            "about": self.about,
            "path": self.path or None,
            "witness": self.witness,
            "row": self.row,
        }
        return {**self.problem.to_json(), **{key: value for key, value in more.items() if value is not None}}
