"""The fields of the exchange tables: those of the reference, each with how well it is known."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from dualprev_rules.supervision.exchange import exchange_tables
from tests.cli.run import run

REFERENCE: dict[str, Any] = yaml.load(
    (Path(__file__).parents[1] / "reference" / "exchange.yaml").read_text("utf-8"),
    Loader=yaml.BaseLoader,
)
TYPES = {
    "UUID 32 or 36 chars": "uuid",
    "UUID": "uuid",
    "9 digits": "company",
    "yyyyMMddHHmmss": "stamp",
    "HH:mm:ss": "clock",
    "number>0": "above_zero",
    "1-10": "item",
    "yyyy-MM-dd HH:mm:ss": "moment",
    "datetime": "moment",
    "date or datetime": "day",
    "base64 png/jpeg <=5M": "image",
    "string": "text",
    "text": "text",
}


@pytest.mark.parametrize("said", REFERENCE["tables"], ids=lambda said: said["table"])
def test_a_table_is_that_of_the_reference(said: dict[str, Any]) -> None:
    table = exchange_tables()[said["table"]]
    assert said["parent"] in (table.parent, "hazard_object")
    # A column that no message carries has no field.
    fields = {field["json"]: field for field in said["fields"] if field["json"] != "null"}
    assert [*table.fields] == [*fields]
    for name, field in table.fields.items():
        given = fields[name]
        assert (field.status, field.column or "null") == (given["status"], given.get("db", "null"))
        assert field.required == (given.get("required") == "true"), name
        if "enum" in given:
            assert field.codes is not None
            assert [*field.codes] == REFERENCE["codes"][given["enum"]], name
            continue
        written = given.get("type", "string")
        sized = re.fullmatch(r"(?:varchar|char|string<=)(\d+)", written)
        assert field.type == ("text" if sized else TYPES[written]), name
        assert field.most == (int(sized[1]) if sized else None), name


def test_parents_come_before_children_and_every_field_says_how_well_it_is_known() -> None:
    tables = exchange_tables()
    order = list(tables)
    for table in tables.values():
        assert table.parent is None or order.index(table.parent) < order.index(table.id)
        assert table.parent_field is None or table.parent_field in table.fields
        assert {field.status for field in table.fields.values()} <= {"checked", "uncertain"}
    assert [n for n, f in tables["record"].fields.items() if f.status == "uncertain"] == [
        "mobileMe",
        "isDefend",
    ]


def test_the_command_lists_fields_with_their_status() -> None:
    (record,) = json.loads(run("exchange", "fields", "record", "--json").stdout)
    status = {field["field"]: field["status"] for field in record["fields"]}
    assert (status["checkStatus"], status["isDefend"]) == ("checked", "uncertain")
    shown = run("exchange", "fields", "--lang", "en").output
    assert "conformity to it is not certified" in shown
    assert run("exchange", "fields", "records").exit_code == 2
