"""Where a reason comes from, in words: what was given and by whom, and rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dualprev_rules.problems import Words
from dualprev_rules.report.phrases import joined, named, phrase, value_words, words

Entry = Mapping[str, Any]


def origin(reason: Entry) -> Iterator[Words]:
    """Yield what was given for a fact, and its source, as far as the input says."""
    given, value = reason.get("given"), reason["value"]
    if given is None:
        yield phrase("said_none" if value in (None, []) else "not_given")
    elif given == "":
        yield phrase("given_empty")
    elif not _is_list(value):  # a list's number of records says enough
        yield phrase("given_as", given=given)
    if "source" in reason:
        yield named("source", reason["source"])
    for key in ("by", "at", "evidence"):
        if key in reason:
            yield words(reason[key])


def _is_list(value: object) -> bool:
    if isinstance(value, Mapping):
        return "at_least" in value
    return isinstance(value, int) and not isinstance(value, bool)


def row_words(row: Entry, tables: Mapping[str, Entry]) -> Words:
    """Return a row of a look-up table: the table, the row, its cells with their units."""
    table = tables.get(row["table"], {})
    columns: Mapping[str, Entry] = table.get("columns", {})
    cells = [
        joined(
            [words(_label(columns, name)), value_words(cell, columns.get(name, {}).get("unit", ""))], "space"
        )
        for name, cell in row["cells"].items()
        if cell not in (None, [])
    ]
    at = phrase("table_row", table=words(table.get("title") or row["table"]), row=row["no"])
    return joined([at, joined(cells, "comma")], "colon")


def _label(columns: Mapping[str, Entry], name: str) -> object:
    return columns.get(name, {}).get("label") or name
