"""JSON: figures keep every digit, and a key that stands twice is kept as such."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

from dualprev_rules.facts.document import MOST_DEPTH, Document, Figure, Trail, Twice
from dualprev_rules.facts.shown import printable
from dualprev_rules.facts.sources.yaml import compose
from dualprev_rules.problems import DualprevError, Place, problem

_CONTAINERS = frozenset((dict, list, Twice))
_LOCATED = 4 * 1024 * 1024
"""Up to so many characters the places of problems are sought: it takes longer than the reading."""


def read_json(text: str, name: str) -> Document:
    """Read a JSON text; raises DualprevError where it is none."""
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_float=Figure, parse_int=Figure, parse_constant=Figure
        )
    except json.JSONDecodeError as fault:
        source = printable((text.split("\n", fault.lineno)[fault.lineno - 1 : fault.lineno] or [""])[0])
        place = Place(name, fault.lineno, fault.colno, 1, source)
        raise DualprevError(problem("facts.syntax", place=place, given=name, reason=fault.msg)) from fault
    except RecursionError as fault:
        raise DualprevError(problem("facts.too-deep", place=Place(name), limit=MOST_DEPTH)) from fault
    _check_depth(value, name)
    return Document(value, name, _Locator(text, name), plain=True)


def _check_depth(value: Any, name: str) -> None:
    """Refuse what nests too deeply, level by level: nothing is copied."""
    level: list[Any] = [value]
    for _ in range(MOST_DEPTH):
        level = [part for each in level for part in _parts(each) if type(part) in _CONTAINERS]
        if not level:
            return
    raise DualprevError(problem("facts.too-deep", place=Place(name), limit=MOST_DEPTH))


def _parts(value: Any) -> Iterable[Any]:
    match value:
        case dict():
            return cast("dict[str, Any]", value).values()
        case list():
            return cast("list[Any]", value)
        case Twice(values):
            return values
        case _:
            return ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        values: dict[str, list[Any]] = {}
        for key, value in pairs:
            values.setdefault(key, []).append(value)
        made = {key: given[0] if len(given) == 1 else Twice(tuple(given)) for key, given in values.items()}
    return made


class _Locator:
    """Finds places by reading the text once more, as YAML with marks, when the first one is asked for."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._document: Document | None = None

    def __call__(self, trail: Trail) -> Place | None:
        if len(self._text) > _LOCATED:
            return Place(self._name)
        if self._document is None:
            try:
                self._document = compose(self._text, self._name)
            except DualprevError:
                # Some JSON is no YAML (escaped surrogates …): then the file's name is all there is.
                self._document = Document(None, self._name, lambda _: Place(self._name))
        return self._document.locate(trail) or Place(self._name)
