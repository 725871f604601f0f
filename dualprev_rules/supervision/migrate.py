"""Move facts from one version of a data standard to another.

What the two schemas say is done by them: a key that was renamed takes its new name, a bare figure keeps the
unit in which it was read, one value becomes a list of one. What they cannot say (which key took over from one
that is gone, which value from another) a file of moves says. Nothing is lost in silence: what cannot be moved
is left out and told, and a list or fact of which a part cannot be moved is left out whole, since a part would
read as all there is.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

from dualprev_rules.facts import find_unit, parse_quantity
from dualprev_rules.facts.given import LIMITS, PARTS
from dualprev_rules.facts.kinds import normal
from dualprev_rules.facts.shown import visible
from dualprev_rules.problems import DualprevError, Problem, problem
from dualprev_rules.supervision.data_standard import JsonSchema, attributes, members
from dualprev_rules.supervision.files import read_text, read_tree
from dualprev_rules.supervision.moves import Moves, is_date, is_number, move_faults, unit_of

Form = Literal["yes_no", "number", "date", "text", "choice", "records"]
_BETWEEN = re.compile("[、，,;；]")
_SIGNS = " <>=≤≥＜＞≦≧"
_HELD = (*LIMITS, "value", "items")
"""The parts of a fact in which its values stand; the others say where they come from."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """A document of the new version, and what of the old one it does not hold."""

    document: dict[str, Any]
    moved: int
    """How many facts read otherwise than before: by another key, value, unit or form."""
    left: tuple[Problem, ...]


def read_document(path: Path) -> Mapping[str, Any]:
    """Read facts in JSON or YAML as they stand; raises DualprevError where the file holds no records."""
    if path.suffix.lower() != ".json":
        tree = read_tree(path)
    else:
        try:
            tree = json.loads(read_text(path), parse_float=_figure)
        except (ValueError, RecursionError) as error:
            reason = type(error).__name__
            raise DualprevError(problem("supervision.unreadable", given=str(path), reason=reason)) from error
    if not isinstance(tree, dict):
        raise DualprevError(problem("supervision.move-none", given=str(path)))
    return cast("Mapping[str, Any]", tree)


def _figure(text: str) -> float | str:
    """Return a figure as it stands: as text where the machine's number is another one."""
    number = float(text)
    return number if Decimal(repr(number)) == Decimal(text) else text


def migrate(document: Mapping[str, Any], old: JsonSchema, new: JsonSchema, moves: Moves) -> Migrated:
    """Return a document of the old version as one of the new, with everything that could not be moved.

    Raises DualprevError where the moves contradict themselves or name what the versions do not have.
    """
    faults = [fault for _, fault in move_faults(moves, old, new)]
    if faults:
        raise DualprevError(faults)
    migration = _Migration(old, new, moves)
    return Migrated(migration.document(document), migration.moved, tuple(migration.left))


class _LeftError(Exception):
    """A value that the new version cannot take."""


class _Migration:
    """One document on its way."""

    def __init__(self, old: JsonSchema, new: JsonSchema, moves: Moves) -> None:
        self.old, self.new, self.moves = old, new, moves
        self.was, self.now = old["$defs"], new["$defs"]
        shared = {name for name, of in self.was.items() if "properties" in of} & self.now.keys()
        self.keys = {
            name: (attributes(self.was[name]), attributes(self.now[name]))
            for name in shared
            if "title" in self.was[name]
        }
        """Of each entity what every key means, before and now."""
        self.moved = 0
        self.left: list[Problem] = []

    def document(self, tree: Mapping[str, Any]) -> dict[str, Any]:
        """Return the records of every kind that stands at the top."""
        found: dict[str, Any] = {}
        for key, given in tree.items():
            entity = _child(self.old["properties"].get(key, {}))
            if entity is None or entity not in self.keys:
                self._leave("supervision.move-key", key, given)
            else:
                found[key if key in self.new["properties"] else entity] = self._records(given, entity, key)
        return found

    def _records(self, given: Any, entity: str, path: str) -> Any:
        """Return the record, or the list of records, in whatever form it is given."""
        if isinstance(given, list):
            many = cast("list[Any]", given)
            return [self._records(one, entity, f"{path}[{n}]") for n, one in enumerate(many, 1)]
        if not isinstance(given, dict):
            return given
        mapping = cast("dict[str, Any]", given)
        if any(PARTS.get(key) in ("items", "value") for key in mapping):
            return {
                key: self._records(part, entity, path) if PARTS.get(key) in ("items", "value") else part
                for key, part in mapping.items()
            }
        return self._record(mapping, entity, path)

    def _record(self, given: Mapping[str, Any], entity: str, path: str) -> dict[str, Any]:
        was, now = self.keys[entity]
        found: dict[str, Any] = {}
        attributes = {key: was.get(key) or was.get(normal(key)) for key in given}
        names = {
            key: self.moves.keys.get(f"{entity}.{of or key}") or now.get(key) or now.get(of or "")
            for key, of in attributes.items()
            if f"{entity}.{of or key}" not in self.moves.drop
        }
        several = Counter(name for key, name in names.items() if attributes[key] is not None)
        for key, name in names.items():
            here, value, attribute = f"{path}.{key}", given[key], attributes[key]
            source = f"{entity}.{attribute or key}"
            if attribute is None or name is None:
                self._leave("supervision.move-key", here, value)
                continue
            if several[name] > 1:
                self._leave("supervision.move-two", here, value, other=name)
                continue
            try:
                made = self._fact(value, source, f"{entity}.{name}", here)
            except _LeftError:
                self._leave("supervision.move-value", here, value)
                continue
            found[name] = made
            # A list of records is no fact of its own: what moved in it was counted there.
            records = _child(self.now[f"{entity}.{name}"]) is not None
            self.moved += name != attribute or (made != value and not records)
        for name in self.now[entity].get("required", ()):
            if name not in found:
                self._leave("supervision.move-required", f"{path}.{name}", "")
        return found

    def _fact(self, value: Any, source: str, target: str, path: str) -> Any:
        before, after = self.was[source], self.now[target]
        child, now = _child(before), _child(after)
        if child is not None or now is not None:
            if child is None or child != now or child not in self.keys:
                raise _LeftError
            return self._records(value, child, path)
        if _is_set(before) and isinstance(value, str):
            value = [part for part in _BETWEEN.split(value) if part.strip()]
        value = _value(value, self._moved(source, before, after))
        if _is_set(after) and not _is_set(before) and not isinstance(value, (list, dict, type(None))):
            return [value]
        if _is_set(before) and not _is_set(after) and value is not None:
            several = cast("list[Any]", value) if isinstance(value, list) else []
            if len(several) != 1:
                raise _LeftError
            return several[0]
        return cast("object", value)

    def _moved(self, source: str, before: JsonSchema, after: JsonSchema) -> Callable[[Any, str], Any]:
        """Return what moves one plain value; it raises _LeftError where the new version cannot take it."""
        table = {normal(old): new for old, new in self.moves.values.get(source, {}).items()}
        form, allowed = _form(after), {str(one) for one in members(after)}
        units = before.get("x-unit", ""), after.get("x-unit", "")
        was_number = _form(before) == "number"

        def move(value: Any, beside: str) -> Any:
            if value is None:
                return None
            plain = str(value).lower() if isinstance(value, bool) else normal(str(value))
            value = table.get(plain, value)
            if form in ("choice", "yes_no"):
                if str(value) not in allowed and normal(str(value)) not in allowed:
                    raise _LeftError
            elif form in ("number", "date") and form != _form(before):
                if form == "date" or isinstance(value, bool) or parse_quantity(str(value)) is None:
                    raise _LeftError
                return _in_units(value, beside, "", units[1])
            elif was_number and form == "number":
                return _in_units(value, beside, *units)
            return value

        return move

    def _leave(self, code: str, path: str, given: Any, **more: Any) -> None:
        self.left.append(problem(code, path=path, given=str(given)[:60], **more))


def _value(given: Any, move: Callable[[Any, str], Any], beside: str = "") -> Any:
    """Return a fact with each of its plain values moved, in the form in which it is given.

    ``beside`` is the unit that stands beside them, empty where none does.
    """
    if isinstance(given, list):
        return [_value(one, move, beside) for one in cast("list[Any]", given)]
    if isinstance(given, dict):
        mapping = cast("dict[Any, Any]", given)
        parts = {key: PARTS.get(normal(str(key))) for key in mapping}
        beside = (
            next((str(mapping[key] or "") for key, part in parts.items() if part == "unit"), "") or beside
        )
        return {
            key: _value(part, move, beside) if parts[key] in _HELD else part for key, part in mapping.items()
        }
    return move(given, beside)


def _in_units(value: Any, beside: str, was: str, now: str) -> Any:
    """Return a figure so that it says what it said where bare ones were read in another unit.

    Raises _LeftError where the unit in which it is given is not of the kind that is wanted now. What is no
    figure stays: neither version reads it.
    """
    written = visible(str(value)).strip()
    figure = parse_quantity(written.lstrip(_SIGNS))
    if was == now or isinstance(value, bool) or figure is None:
        return value
    bare = figure[1] is None and not beside
    unit = figure[1] or find_unit(beside or was)
    if unit is None or unit.dimension != unit_of({"x-unit": now}).dimension:
        raise _LeftError
    return f"{written} {was}" if bare else value


def _child(schema: JsonSchema) -> str | None:
    """Return the entity whose records an attribute holds."""
    for form in schema.get("anyOf", ()):
        name = str(form.get("$ref", "")).rpartition("/")[2]
        if name and not name.startswith("_"):
            return name
    return None


def _is_set(schema: JsonSchema) -> bool:
    """Tell whether an attribute holds several values."""
    return any(
        form.get("type") == "array" or (form.get("anyOf") and _is_set(form))
        for form in schema.get("anyOf", ())
        if form.get("type") != "object"
    ) and not _child(schema)


def _form(schema: JsonSchema) -> Form:
    listed = members(schema)
    if any(isinstance(member, bool) for member in listed):
        return "yes_no"
    if listed:
        return "choice"
    return "number" if is_number(schema) else "date" if is_date(schema) else "text"
