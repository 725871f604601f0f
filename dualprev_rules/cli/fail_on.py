"""What ``--fail-on`` may name, and whether a result has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dualprev_rules.problems import DualprevError, nearest, problem

Document = Mapping[str, Any]


def read_words(given: str | None) -> tuple[str, ...]:
    """Return the words of the option; raises DualprevError that lists every word there is."""
    words = tuple(word.strip() for word in (given or "").replace("，", ",").split(",") if word.strip())
    # An empty text (of a variable that is not set) would never fail, and say nothing of it.
    unread = words if words or given is None else ("",)
    faults = [
        problem("cli.fail-on", given=word, nearest=nearest(word, _MET), words=", ".join(_MET))
        for word in unread
        if word not in _MET
    ]
    if faults:
        raise DualprevError(faults)
    return words


def met(words: tuple[str, ...], document: Document) -> list[str]:
    """Return those of the words that the result has."""
    return [word for word in words if _MET[word](document)]


def _has(*parts: str) -> Callable[[Document], bool]:
    def found(document: Document) -> bool:
        from dualprev_rules.report import part_of

        return any(part_of(finding) in parts for finding in document["findings"])

    return found


def _at_worst(level: int) -> Callable[[Document], bool]:
    """Tell whether the grade is, or as far as is known may be, as bad as ``level``."""

    def found(document: Document) -> bool:
        grade = document["grade"]
        return grade is not None and grade["at_worst"] is not None and grade["at_worst"] <= level

    return found


_MET: dict[str, Callable[[Document], bool]] = {
    "violated": _has("major", "violated"),
    "major": _has("major"),
    "undetermined": _has("undetermined"),
    "presumed": _has("presumed"),
    "data-problem": lambda document: bool(document["data_problems"]) or _has("doubtful")(document),
    "red": _at_worst(1),
    "orange": _at_worst(2),
}
