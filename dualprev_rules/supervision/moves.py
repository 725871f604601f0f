"""A file of moves: what a new version of a data standard takes from where, verified against both versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import Field

from dualprev_rules.facts import NUMBER, Unit, find_unit, parse_quantity
from dualprev_rules.facts.document import Trail
from dualprev_rules.facts.kinds import normal
from dualprev_rules.facts.sources.json import read_json
from dualprev_rules.facts.sources.yaml import read_yaml
from dualprev_rules.problems import DualprevError, Problem, nearest, problem
from dualprev_rules.supervision.data_standard import JsonSchema, attributes, members
from dualprev_rules.supervision.files import Strict, read_model, read_text

_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")


class Moves(Strict):
    """What a new version takes from where, in the names of both."""

    keys: Mapping[str, str] = Field(default_factory=dict)
    """``entity.key`` of the old version → the key of the new one."""
    values: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    """``entity.key`` of the old version → old value → new value."""
    drop: tuple[str, ...] = ()
    """``entity.key`` of the old version that nobody needs any more."""


def read_moves(path: Path, old: JsonSchema, new: JsonSchema) -> Moves:
    """Read a file of moves between two versions; raises DualprevError with every fault and its line."""
    moves = read_model(path, Moves)
    located = (read_json if path.suffix.lower() == ".json" else read_yaml)(read_text(path), str(path))
    faults = [*move_faults(moves, old, new)]
    if faults:
        raise DualprevError([replace(fault, place=located.locate(trail)) for trail, fault in faults])
    return moves


def move_faults(moves: Moves, old: JsonSchema, new: JsonSchema) -> Iterator[tuple[Trail, Problem]]:
    """Yield what moves say of keys and values that the versions do not have, and where it stands."""
    was, now = ({name: of for name, of in each["$defs"].items() if "." in name} for each in (old, new))
    taken: dict[str, str] = {}
    for path, key in moves.keys.items():
        target = f"{path.partition('.')[0]}.{key}"
        if (first := taken.setdefault(target, path)) != path:
            yield ("keys", path), problem("supervision.move-same", path=target, given=path, other=first)
        if path not in was:
            yield ("keys", path), _unknown(path, was)
        elif target not in now:
            yield ("keys", path), _unknown(target, now)
        elif path not in moves.values and not _alike(was[path], now[target]):
            before, after = was[path].get("x-unit", ""), now[target].get("x-unit", "")
            yield ("keys", path), problem("supervision.move-unit", given=path, old=before, new=after)
    for path, table in moves.values.items():
        if path not in was:
            yield ("values", path), _unknown(path, was)
            continue
        target = _target(path, moves, new)
        if target not in now:
            yield ("values", path), _unknown(target, now)
            continue
        for before, after in table.items():
            trail = ("values", path, before)
            known = [_spelled(member) for member in members(was[path])]
            if known and normal(before) not in known:
                near = nearest(before, known)
                yield trail, problem("supervision.move-old-value", path=path, given=before, nearest=near)
            if not _takes(now[target], after):
                near = nearest(after, map(_spelled, members(now[target])))
                yield trail, problem("supervision.move-new-value", path=target, given=after, nearest=near)
    for n, path in enumerate(moves.drop):
        if path not in was:
            yield ("drop", n), _unknown(path, was)
        elif path in moves.keys or path in moves.values:
            yield ("drop", n), problem("supervision.move-dropped", given=path)


def unit_of(schema: JsonSchema) -> Unit:
    """Return the unit in which a bare figure of an attribute is read."""
    symbol = schema.get("x-unit", "")
    return (find_unit(symbol) if symbol else None) or NUMBER


def is_number(schema: JsonSchema) -> bool:
    """Tell whether an attribute is a figure."""
    return _kind(schema) == "_number"


def is_date(schema: JsonSchema) -> bool:
    """Tell whether an attribute is a day."""
    return _kind(schema) == "_date"


def _kind(schema: JsonSchema) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _alike(before: JsonSchema, after: JsonSchema) -> bool:
    """Tell whether figures of one attribute may be figures of another."""
    both = is_number(before) and is_number(after)
    return not both or unit_of(before).dimension == unit_of(after).dimension


def _target(path: str, moves: Moves, new: JsonSchema) -> str:
    """Return the attribute of the new version that takes over from one of the old."""
    entity, _, key = path.partition(".")
    read = attributes(new["$defs"][entity]) if entity in new["$defs"] else {}
    return f"{entity}.{moves.keys.get(path) or read.get(key, key)}"


def _takes(schema: JsonSchema, value: str) -> bool:
    """Tell whether an attribute of the new version takes a value."""
    listed = members(schema)
    if listed:
        return normal(value) in map(_spelled, listed)
    if is_number(schema):
        figure = parse_quantity(normal(value))
        return figure is not None and (figure[1] or unit_of(schema)).dimension == unit_of(schema).dimension
    return not is_date(schema) or _DATE.fullmatch(normal(value)) is not None


def _spelled(member: object) -> str:
    """Return a member as a file of moves says it: yes and no as JSON has them."""
    return str(member).lower() if isinstance(member, bool) else str(member)


def _unknown(path: str, known: Mapping[str, Any]) -> Problem:
    return problem("supervision.move-unknown", given=path, nearest=nearest(path, known))
