"""Objects in memory: a plain copy of them, in bounded depth and without cycles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from dualprev_rules.facts.document import MOST_DEPTH, Figure, Twice
from dualprev_rules.facts.shown import shown
from dualprev_rules.problems import DualprevError, problem

_SCALARS = frozenset((str, Figure, int, float, bool, type(None)))


def plain(value: Any) -> Any:
    """Return a copy of dicts and lists only, with text as keys; what is no container stays as it is.

    Mappings of any kind and pydantic models become dicts; lists, tuples and sets become lists. Raises
    DualprevError for what is nested too deeply, or in itself.
    """
    return _Copying().copy(value, 1)[0]


class _Copying:
    """A copying; what is shared is copied once, so that the copy is never larger than the original."""

    def __init__(self) -> None:
        # The original is kept too: an id is only its own while the object lives.
        self.done: dict[int, tuple[Any, Any, int]] = {}

    def copy(self, value: Any, depth: int) -> tuple[Any, int]:
        """Return the copy and its height."""
        if type(value) in _SCALARS:
            return value, 0
        known = self.done.get(id(value))
        if known is not None:
            if depth + known[2] > MOST_DEPTH + 1:
                raise _too_deep()
            return known[1], known[2]
        parts = _parts(value)
        if parts is None:
            return value, 0
        if depth > MOST_DEPTH:
            raise _too_deep()
        made, height = self._container(parts, depth + 1)
        self.done[id(value)] = (value, made, height)
        return made, height

    def _container(self, parts: dict[Any, Any] | list[Any] | Twice, depth: int) -> tuple[Any, int]:
        height = 0
        if isinstance(parts, dict):
            made: dict[str, Any] = {}
            for key, part in parts.items():
                if type(part) not in _SCALARS:
                    part, below = self.copy(part, depth)  # noqa: PLW2901
                    height = max(height, below)
                made[key if type(key) is str else _key(key)] = part
            return made, height + 1
        values = parts.values if isinstance(parts, Twice) else parts
        copies: list[Any] = []
        for part in values:
            if type(part) not in _SCALARS:
                part, below = self.copy(part, depth)  # noqa: PLW2901
                height = max(height, below)
            copies.append(part)
        return (Twice(tuple(copies)) if isinstance(parts, Twice) else copies), height + 1


def _parts(value: Any) -> Any:
    """Return what a container holds, as dict, list or Twice, or None for what is none."""
    if type(value) in (dict, list, Twice):
        return value
    kind: type = type(value)  # pyright: ignore[reportUnknownVariableType]
    try:
        if issubclass(kind, (list, tuple)):
            return list(value)
        if issubclass(kind, (set, frozenset)):
            return sorted(value, key=shown)
        if issubclass(kind, Mapping):
            return dict(value)
        if callable(dump := getattr(cast("Any", kind), "model_dump", None)):
            made: Any = dump(value)
            return dict(made)
    except Exception as fault:
        raise DualprevError(problem("facts.unreadable-object", given=kind.__name__)) from fault
    return None


def _key(key: Any) -> str:
    return str.__str__(key) if isinstance(key, str) else shown(key)


def _too_deep() -> DualprevError:
    return DualprevError(problem("facts.too-deep", limit=MOST_DEPTH))
