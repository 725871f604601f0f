"""Rows that facts do not have: tasks, records, outages and hidden hazards of the enterprise's own system."""

from __future__ import annotations

from dualprev_rules.supervision.exchange.keys import Keys
from dualprev_rules.supervision.exchange.table import Row, Tables

OWN = ("task", "record", "danger", "outage")
"""The tables that may be given as rows, parents first."""
_LINKS = {
    "task": {"riskMeasureId": "measure"},
    "record": {"checkTaskId": "task"},
    "danger": {"checkRecordId": "record", "riskMeasureId": "measure"},
    "outage": {"riskUnitId": "unit"},
}


def own_rows(given: Tables, keys: Keys, company: str, stamps: Row) -> Tables:
    """Return given rows as they are sent: with keys, company and stamps, and their parents' keys.

    A parent may be named as the enterprise names it. A row that is marked as deleted is left out: what was
    sent before and is gone is marked by ``increment``.
    """
    made: Tables = {}
    for table in OWN:
        if table not in given:
            continue
        rows = [row for row in given[table] if row.get("deleted") != "1"]
        sent: list[Row] = []
        for row in rows:
            key = keys.made(row.get("id"), f"{table}\n{row['id']}") if "id" in row else None
            if key is not None:
                keys.tell(table, key, [row["id"]])
            own = {"id": key} if key is not None else {}
            sent.append({**linked(table, row, keys), **own, "companyCode": company, **stamps})
        made[table] = sent
    return made


def linked(table: str, row: Row, keys: Keys) -> Row:
    """Return a row with the keys of its parents in place of their names, where they are found."""
    unit = row.get("hazardCode")
    found = {field: keys.find(of, row.get(field), unit) for field, of in _LINKS[table].items()}
    return {**row, **{field: key for field, key in found.items() if key is not None}}
