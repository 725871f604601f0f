"""A data standard (数据标准): the JSON Schema of facts as it is published, and what a new version changes.

A key of the old version that is now a further name of an attribute is still read: data need no change. What
is gone, or takes other values, is what whoever has data of the old version must move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from dualprev_rules.engine import Engine
from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.result.document import engine_version
from dualprev_rules.supervision.files import read_tree

Kind = Literal[
    "entity_gone",
    "key_gone",
    "values_gone",
    "type_changed",
    "unit_changed",
    "required",
    "renamed",
    "optional",
    "values_added",
    "key_added",
    "entity_added",
]
BREAKING: tuple[Kind, ...] = (
    "entity_gone",
    "key_gone",
    "values_gone",
    "type_changed",
    "unit_changed",
    "required",
)
JsonSchema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change between two versions of a data standard."""

    kind: Kind
    path: str
    """The entity, or ``entity.key``."""
    detail: str = ""
    """The name that is now read, the values that are gone or added, or the units before and after."""

    @property
    def breaking(self) -> bool:
        """Tell whether data of the old version may no longer be read as they were."""
        return self.kind in BREAKING


def data_standard(engine: Engine, version: str) -> dict[str, Any]:
    """Return the schema of facts as it is published under a version, with what it was made from."""
    made = {
        "version": version,
        "as_of": engine.as_of.isoformat(),
        "engine": engine_version(),
        "profile": engine.profile.id,
        "packs": [
            {"id": pack.id, "version": pack.version, "hash": pack.hash} for pack in engine.ruleset.packs
        ],
    }
    schema = engine.facts_schema()
    return {"$schema": schema["$schema"], "title": schema["title"], "x-standard": made, **schema}


def read_standard(path: Path) -> JsonSchema:
    """Read a published standard; raises DualprevError where the file is none."""
    tree = read_tree(path)
    held = cast("dict[str, Any]", tree) if isinstance(tree, dict) else {}
    wanted = ("$defs", "properties", "x-standard")
    if not all(isinstance(held.get(name), dict) for name in wanted) or "version" not in held["x-standard"]:
        raise DualprevError(problem("supervision.no-standard", given=str(path)))
    return held


def schema_changes(old: JsonSchema, new: JsonSchema) -> tuple[SchemaChange, ...]:
    """Return what a new version changes, the breaking changes first, then by path."""
    found = [*_entities(old["$defs"], new["$defs"])]
    return tuple(sorted(found, key=lambda change: (not change.breaking, change.path, change.kind)))


def next_version(old: str, changes: tuple[SchemaChange, ...]) -> str:
    """Return the version that follows: another first number for breaking changes, else another second.

    >>> next_version("1.2", (SchemaChange("key_gone", "unit.x"),))
    '2.0'
    """
    first, _, second = old.partition(".")
    if any(change.breaking for change in changes):
        return f"{int(first) + 1}.0"
    return f"{first}.{int(second or 0) + 1}" if changes else old


def _entities(old: JsonSchema, new: JsonSchema) -> Iterator[SchemaChange]:
    before, after = (
        {name for name, of in defs.items() if "title" in of and "properties" in of} for defs in (old, new)
    )
    yield from (SchemaChange("entity_gone", name) for name in before - after)
    yield from (SchemaChange("entity_added", name) for name in after - before)
    for name in before & after:
        yield from _demands(name, old[name], new[name])
        was, now = (attributes(defs[name]) for defs in (old, new))
        gone = {*was.values()} - {*now.values()} - now.keys()
        for key, attribute in was.items():
            if attribute in gone and key != attribute:
                continue  # It went with the attribute, which is told once.
            if key not in now:
                # A further name may go while the attribute stays: its own name says so.
                yield SchemaChange("key_gone", f"{name}.{key}")
            elif now[key] != attribute and key == attribute:
                yield SchemaChange("renamed", f"{name}.{key}", now[key])
        for attribute in sorted({*was.values()} & {*now.values()}):
            yield from _values(f"{name}.{attribute}", old[f"{name}.{attribute}"], new[f"{name}.{attribute}"])
        added = {*now.values()} - {*was.values()} - {now[key] for key in was if key in now}
        yield from (SchemaChange("key_added", f"{name}.{attribute}") for attribute in added)


def attributes(entity: JsonSchema) -> dict[str, str]:
    """Return every key of an entity with the attribute that it means."""
    return {key: str(of["$ref"]).rpartition(".")[2] for key, of in entity["properties"].items()}


def _demands(name: str, old: JsonSchema, new: JsonSchema) -> Iterator[SchemaChange]:
    """Yield what an entity newly demands of its keys, or no longer."""
    was, now = ({*cast("list[str]", of.get("required", []))} for of in (old, new))
    yield from (SchemaChange("required", f"{name}.{key}") for key in now - was)
    yield from (SchemaChange("optional", f"{name}.{key}") for key in was - now)


def _values(path: str, old: JsonSchema, new: JsonSchema) -> Iterator[SchemaChange]:
    if _shape(old) != _shape(new):
        yield SchemaChange("type_changed", path)
        return
    units = [str(of.get("x-unit", "1")) for of in (old, new)]
    if units[0] != units[1]:
        yield SchemaChange("unit_changed", path, " → ".join(units))
    was, now = members(old), members(new)
    changes: tuple[tuple[Kind, list[Any], list[Any]], ...] = (
        ("values_gone", was, now),
        ("values_added", now, was),
    )
    for kind, these, those in changes:
        only = [str(member) for member in these if member not in those]
        if only:
            yield SchemaChange(kind, path, " ".join(only))


def members(schema: object) -> list[Any]:
    """Return the members that an attribute may have, wherever they stand in its schema, each once."""
    if isinstance(schema, list):
        parts = cast("list[object]", schema)
    elif isinstance(schema, dict):
        held = cast("dict[str, object]", schema)
        listed = held.get("enum")
        if isinstance(listed, list):
            return [member for member in cast("list[Any]", listed) if member is not None]
        parts = [*held.values()]
    else:
        return []
    found: list[Any] = []
    for part in parts:
        found += [member for member in members(part) if member not in found]
    return found


def _shape(schema: object) -> object:
    """Return a schema without its words and the members that it lists: what kind of value it takes."""
    if isinstance(schema, list):
        return [_shape(part) for part in cast("list[object]", schema)]
    if not isinstance(schema, dict):
        return schema
    held = cast("dict[str, object]", schema)
    listed = held.get("enum")
    if isinstance(listed, list):
        # A member that is a yes or no is of another type than a word.
        members = cast("list[object]", listed)
        return {"enum": sorted({type(member).__name__ for member in members if member is not None})}
    return {
        key: _shape(value) for key, value in held.items() if key not in ("title", "description", "x-unit")
    }
