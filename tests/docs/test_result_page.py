"""The page on the result document describes the fields that its schema has, all of them and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from tests.docs.pages import ROOT

SCHEMA = json.loads((files("dualprev_rules.report") / "result.schema.json").read_text("utf-8"))
CALLED = {"open_value": "value"}
"""Definitions of the schema that the page describes under another heading."""


def _names(schema: Any) -> Iterator[str]:
    """Yield the properties of a schema and of what is written within it, not of what it refers to."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for key, part in schema.items():
            if key != "$defs":
                yield from _names(list(part.values()) if key == "properties" else part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _names(part)


def _fields() -> dict[str, set[str]]:
    """Return heading → fields: the top-level keys, and the definitions that have fields."""
    found: dict[str, set[str]] = {}
    for name, part in [*SCHEMA["properties"].items(), *SCHEMA["$defs"].items()]:
        names = set(_names(part))
        if names and name != "words":
            found.setdefault(CALLED.get(name, name), set()).update(names)
    return found


FIELDS = _fields()
PAGE = (ROOT / "docs" / "result.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## `(\w+)`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def test_every_part_of_the_document_has_a_section() -> None:
    assert sorted(SECTIONS) == sorted(FIELDS)


@pytest.mark.parametrize("name", FIELDS)
def test_section_names_the_fields_of_the_schema(name: str) -> None:
    said = set(re.findall(r"`(\w+)`", SECTIONS[name]))
    rows = re.findall(r"^\| (`.*?) \|", SECTIONS[name], re.MULTILINE)
    assert FIELDS[name] - said == set()
    assert {field for row in rows for field in re.findall(r"`(\w+)`", row)} - FIELDS[name] == set()


def test_the_overview_lists_the_keys_in_their_order() -> None:
    overview = PAGE.partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", overview, re.MULTILINE) == list(SCHEMA["properties"])
