"""What each exchange table holds: fields, types, lengths and codes, with how well each is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from dualprev_rules.problems import Words

Row = dict[str, str]
"""Field → value, as text; a field that is not there is not given."""
Tables = dict[str, list[Row]]
"""Table → its rows."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a table."""

    name: str
    label: Words
    type: str
    status: str
    """``checked`` (a transcription of public implementations) or ``uncertain``."""
    required: bool = False
    most: int | None = None
    """The greatest width of a text; a character beyond ASCII counts two."""
    codes: Mapping[str, str] | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and the one whose rows its rows belong to."""

    id: str
    title: Words
    parent: str | None
    fields: Mapping[str, Field]

    @property
    def parent_field(self) -> str | None:
        """The field that names the row of the parent."""
        return _PARENT_FIELD.get(self.id)

    def to_json(self) -> dict[str, Any]:
        """Return what the table holds, and how well each field is known."""
        return {
            "table": self.id,
            "title": self.title.to_json(),
            "parent": self.parent,
            "parent_field": self.parent_field,
            "fields": [
                {
                    "field": field.name,
                    "column": field.column,
                    "label": field.label.to_json(),
                    "type": field.type,
                    "most": field.most,
                    "required": field.required,
                    "codes": dict(field.codes) if field.codes is not None else None,
                    "status": field.status,
                }
                for field in self.fields.values()
            ],
        }


_PARENT_FIELD = {
    "event": "riskUnitId",
    "measure": "riskEventId",
    "task": "riskMeasureId",
    "record": "checkTaskId",
    "danger": "checkRecordId",
    "outage": "riskUnitId",
}


@cache
def exchange_tables() -> Mapping[str, Table]:
    """Return every table by name, parents before children: the order in which they are sent."""
    text = (files("dualprev_rules.supervision.exchange") / "tables.yaml").read_text("utf-8")
    # Every scalar is text: codes such as 0 and sizes are none of YAML's numbers.
    read = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    codes: Mapping[str, Mapping[str, str]] = read["codes"]
    return {
        each["table"]: Table(
            each["table"],
            Words(each["title"]["zh"], each["title"]["en"]),
            each.get("parent"),
            {
                field["field"]: Field(
                    field["field"],
                    Words(field["label"]["zh"], field["label"]["en"]),
                    field["type"],
                    field["status"],
                    field.get("required") == "yes",
                    int(field["most"]) if "most" in field else None,
                    codes[field["codes"]] if "codes" in field else None,
                    field.get("column"),
                )
                for field in each["fields"]
            },
        )
        for each in read["tables"]
    }


def width(text: str) -> int:
    """Return the width of a text as the tables count it: a character beyond ASCII counts two.

    >>> width("A罐")
    3
    """
    return sum(1 if char.isascii() else 2 for char in text)
