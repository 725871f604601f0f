"""A problem, its place, and the one exception that carries problems to callers."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dualprev_rules.problems.catalogue import entry
from dualprev_rules.problems.words import Lang, Words

Severity = Literal["error", "warning", "note"]
Effect = Literal[
    "unknown", "range_in_doubt", "any", "ignored", "incomplete", "kept", "unused", "used", "both", "read"
]
"""What a data problem does to the outcome; docs/result.md says each."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file: a line and column (both from 1, in characters), or a sheet and cell."""

    file: str
    line: int | None = None
    column: int | None = None
    width: int = 1
    source: str | None = None
    """The whole source line, for the caret."""
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        if self.sheet is not None:
            return f"{self.file} [{self.sheet}!{self.cell}]" if self.cell else f"{self.file} [{self.sheet}]"
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an author, a caller or the data.

    ``path`` is the path of the fact for a data problem; ``effect`` says what a data problem does
    to the outcome (``unknown``, ``read`` …). ``args`` fill the templates of the code.
    """

    code: str
    severity: Severity = "error"
    place: Place | None = None
    path: str | None = None
    given: str | None = None
    nearest: str | None = None
    effect: str | None = None
    args: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def text(self, lang: Lang) -> str:
        """Return the message in ``lang``."""
        return _fill(entry(self.code).message, lang, self)

    def fix(self, lang: Lang) -> str | None:
        """Return the proposed fix in ``lang``, or None where only a person can know it."""
        words = entry(self.code).fix
        if words is not None and self.nearest is None and "{nearest}" in words.get(lang):
            words = entry(self.code).otherwise
        return _fill(words, lang, self) if words is not None else None

    def show(self, lang: Lang) -> str:
        """Return place, code, message, source line with a caret, and fix, as lines of text."""
        where = str(self.place) if self.place else (self.path or "")
        lines = [f"{where}: {self.code}: {self.text(lang)}" if where else f"{self.code}: {self.text(lang)}"]
        if self.place is not None and self.place.source is not None:
            lines.append(f"    {self.place.source}")
            if self.place.column is not None:
                lines.append(f"    {_caret(self.place.source, self.place.column, self.place.width)}")
        fix = self.fix(lang)
        if fix:
            lines.append(f"    {'改法' if lang == 'zh' else 'fix'}: {fix}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Return the problem as JSON values, in a fixed order of keys, without empty ones."""
        fix = {lang: text for lang in ("zh", "en") if (text := self.fix(lang))}
        values: dict[str, Any] = {
            "code": self.code,
            "severity": self.severity,
            "place": str(self.place) if self.place else None,
            "path": self.path,
            "given": self.given,
            "nearest": self.nearest,
            "effect": self.effect,
            "message": {"zh": self.text("zh"), "en": self.text("en")},
            "fix": fix or None,
        }
        return {key: value for key, value in values.items() if value is not None}


def problem(
    code: str,
    *,
    severity: Severity = "error",
    place: Place | None = None,
    path: str | None = None,
    given: str | None = None,
    nearest: str | None = None,
    effect: str | None = None,
    **args: Any,
) -> Problem:
    """Make a problem; ``args`` fill the templates that the catalogue has for ``code``."""
    return Problem(code, severity, place, path, given, nearest, effect, args)


class DualprevError(Exception):
    """The one exception of this library: input that cannot be used, with every problem found.

    ``problems`` holds them all; ``str()`` is in both languages, one after the other.
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(self.show("en").splitlines()[:50]))

    @property
    def code(self) -> str:
        """The code of the first problem."""
        return self.problems[0].code

    def show(self, lang: Lang) -> str:
        """Return every problem as text, one after the other."""
        return "\n".join(problem.show(lang) for problem in self.problems)


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _fill(words: Words, lang: Lang, of: Problem) -> str:
    values = _Blank(of.args)
    for name in ("given", "nearest", "path", "effect"):
        value = getattr(of, name)
        if value is not None:
            values.setdefault(name, value)
    for name, value in list(values.items()):
        if isinstance(value, Words):
            values[name] = value.get(lang)
    return words.get(lang).format_map(values)


def _caret(source: str, column: int, width: int) -> str:
    # A Chinese character is two columns wide on a terminal: fill with full-width spaces under it.
    lead = "".join("\u3000" if _wide(c) else ("\t" if c == "\t" else " ") for c in source[: column - 1])
    mark = "".join("^^" if _wide(c) else "^" for c in source[column - 1 : column - 1 + width])
    return lead + (mark or "^")


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"
