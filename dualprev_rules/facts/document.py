"""What a source gives: a plain tree, and where each part of it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dualprev_rules.problems import Place, Problem

MOST_BYTES = 64 * 1024 * 1024
MOST_DEPTH = 32
MOST_RECORDS = 1_000_000

Trail = tuple[str | int, ...]
"""The keys and positions (from 0) that lead to a part of the tree."""


class Figure(str):
    """A number as a file writes it: ``5.10`` stays ``5.10`` where a text is wanted."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Twice:
    """The values of a key that stands more than once in one record."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Reported:
    """Stands for a value, or a record, that cannot be used and whose problem has been reported already."""

    given: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands for a cell that holds no value, such as an error of Excel; ``code`` is its problem."""

    code: str
    given: str


def nowhere(_: Trail) -> Place | None:
    """Locate nothing: what is in memory has no place."""
    return None


@dataclass(frozen=True, slots=True)
class Document:
    """The tree of a source: mappings, lists and scalars; ``locate`` finds the place of a part."""

    value: Any
    name: str = ""
    locate: Callable[[Trail], Place | None] = nowhere
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    plain: bool = False
    """True where the tree is of dicts, lists and scalars only, of bounded depth, and nobody else's."""


_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def plain_scalar(text: str) -> Any:
    """Read a scalar without quotes as JSON means it: null, true, false, a figure, else text.

    ``no``, ``12:30``, ``010`` and dates stay text: the schema gives the type.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return Figure(text) if _JSON_NUMBER.fullmatch(text) else text


def follow(value: Any, trail: Trail) -> Any:
    """Return the part of a tree that a trail leads to, or None."""
    try:
        for step in trail:
            value = value[step]
    except (LookupError, TypeError):
        return None
    return value
