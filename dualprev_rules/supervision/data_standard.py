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
    "entity_gone", "key_gone", "values_gone", "type_changed", "renamed", "key_added", "entity_added"
]
BREAKING: tuple[Kind, ...] = ("entity_gone", "key_gone", "values_gone", "type_changed")
JsonSchema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One change between two versions of a data standard."""

    kind: Kind
    path: str
    """The entity, or ``entity.key``."""
    detail: str = ""
    """The name that is now read, or the values that are gone."""

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
    if not isinstance(tree, dict) or "$defs" not in tree or "x-standard" not in tree:
        raise DualprevError(problem("supervision.no-standard", given=str(path)))
    return cast("JsonSchema", tree)


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
        was, now = (_attributes(defs[name]) for defs in (old, new))
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


def _attributes(entity: JsonSchema) -> dict[str, str]:
    """Return every key of an entity with the attribute that it means."""
    return {key: str(of["$ref"]).rpartition(".")[2] for key, of in entity["properties"].items()}


def _values(path: str, old: JsonSchema, new: JsonSchema) -> Iterator[SchemaChange]:
    was, now = _members(old), _members(new)
    if was and now:
        gone = [str(member) for member in was if member not in now]
        if gone:
            yield SchemaChange("values_gone", path, " ".join(gone))
    elif _said(old) != _said(new):
        yield SchemaChange("type_changed", path)


def _members(schema: JsonSchema) -> list[Any]:
    """Return the members that an attribute may have, wherever they stand in its schema."""
    if "enum" in schema:
        return [member for member in cast("list[Any]", schema["enum"]) if member is not None]
    parts = [*cast("list[JsonSchema]", schema.get("anyOf", []))]
    if isinstance(schema.get("items"), dict):
        parts.append(cast("JsonSchema", schema["items"]))
    for part in parts:
        members = _members(part)
        if members:
            return members
    return []


def _said(schema: JsonSchema) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in ("title", "description")}
