"""Check exchange tables: types, lengths, codes, parents, and what fields demand of each other.

Checked is what public implementations show. Whether a system accepts the tables is for that system to say:
the official specification was not seen, and conformity to it is not certified.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime

from dualprev_rules.problems import Problem, nearest, problem
from dualprev_rules.supervision.exchange.table import Field, Row, Table, Tables, exchange_tables, width

MOST_IMAGE = 5 * 1024 * 1024
_SHAPES: Mapping[str, re.Pattern[str]] = {
    "uuid": re.compile(r"[0-9a-zA-Z]{32}|[0-9a-zA-Z-]{36}"),
    "company": re.compile(r"[0-9]{9}"),
    "credit": re.compile(r"[0-9A-Z]{18}"),
    "above_zero": re.compile(r"(?=.*[1-9])[0-9]+(?:\.[0-9]+)?"),
    "item": re.compile(r"[1-9]|10"),
}
_TIMES: Mapping[str, tuple[str, ...]] = {
    "stamp": ("%Y%m%d%H%M%S",),
    "moment": ("%Y-%m-%d %H:%M:%S",),
    "day": ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S"),
    "clock": ("%H:%M:%S",),
}
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_MOST_ITEM = {"1": 9, "2": 9, "3": 10}
"""Kind of task of a responsible person → how many items his list has."""
_HOUR = "小时"
_HAPPENED = ("record", "danger", "outage")
"""Tables of what happened: it stays when what it happened to is gone."""


def check(tables: Tables) -> tuple[Problem, ...]:
    """Return everything that is wrong with tables, table by table in the order of sending."""
    known = exchange_tables()
    faults = [
        problem("supervision.exchange-table", given=name, nearest=nearest(name, known))
        for name in tables
        if name not in known
    ]
    faults += [*companies(tables), *doubled(tables)]
    ids = {
        name: {row.get("id") for row in tables.get(name, ()) if row.get("deleted") != "1"} for name in known
    }
    gone = {name: {row.get("id") for row in tables.get(name, ())} - ids[name] for name in known}
    for table in known.values():
        parents = {name: ids[name] | gone[name] for name in known} if table.id in _HAPPENED else ids
        for number, row in enumerate(tables.get(table.id, ()), 1):
            path = f"{table.id}[{row.get('id') or number}]"
            faults += _row(table, row, path)
            faults += _parent(table, row, path, parents)
            faults += _together(table, row, path)
    return tuple(faults)


def doubled(tables: Tables) -> Iterator[Problem]:
    """Yield each key that stands in its table more than once."""
    for name in exchange_tables():
        counts = Counter(row["id"] for row in tables.get(name, ()) if "id" in row)
        for key, n in counts.items():
            if n > 1:
                yield problem("supervision.exchange-twice", path=f"{name}[{key}]", given=key)


def companies(tables: Tables) -> Iterator[Problem]:
    """Yield a problem where rows that are not deleted are of more than one enterprise."""
    rows = [row for table in tables.values() for row in table if row.get("deleted") != "1"]
    codes = sorted({row["companyCode"] for row in rows if "companyCode" in row})
    if len(codes) > 1:
        yield problem("supervision.exchange-companies", given=" ".join(codes))


def _row(table: Table, row: Row, path: str) -> Iterator[Problem]:
    for name in row:
        if name not in table.fields:
            yield problem(
                "supervision.exchange-field", path=path, given=name, nearest=nearest(name, table.fields)
            )
    for field in table.fields.values():
        value = row.get(field.name)
        if value is None:
            if field.required:
                yield problem("supervision.exchange-missing", path=path, given=field.name, label=field.label)
        elif field.status == "checked":
            yield from _value(field, value, f"{path}.{field.name}")


def _value(field: Field, value: str, path: str) -> Iterator[Problem]:
    shown = value if len(value) <= 40 else value[:40] + "…"
    if field.codes is not None:
        if value not in field.codes:
            yield problem("supervision.exchange-code", path=path, given=shown, allowed=" ".join(field.codes))
    elif field.type in _SHAPES:
        if not _SHAPES[field.type].fullmatch(value):
            yield problem("supervision.exchange-shape", path=path, given=shown, wanted=field.type)
    elif field.type in _TIMES:
        if not any(_is_time(value, form) for form in _TIMES[field.type]):
            yield problem("supervision.exchange-shape", path=path, given=shown, wanted=field.type)
    elif field.type == "image":
        if not _is_image(value):
            yield problem("supervision.exchange-shape", path=path, given=shown, wanted="png, jpeg ≤ 5 MB")
    elif field.most is not None and width(value) > field.most:
        yield problem("supervision.exchange-long", path=path, given=str(width(value)), most=field.most)


def _parent(table: Table, row: Row, path: str, ids: Mapping[str, set[str | None]]) -> Iterator[Problem]:
    named = row.get(table.parent_field or "")
    wanted = table.parent
    if wanted is not None and named is not None and row.get("deleted") != "1" and named not in ids[wanted]:
        yield problem("supervision.exchange-parent", path=path, given=named, parent=wanted)
    measure = row.get("riskMeasureId")
    if table.id == "danger" and measure is not None and measure not in ids["measure"]:
        yield problem("supervision.exchange-parent", path=path, given=measure, parent="measure")


def _together(table: Table, row: Row, path: str) -> Iterator[Problem]:
    """Yield what fields demand of each other."""
    wanted: list[str] = []
    match table.id:
        case "measure":
            first, second = row.get("classify1"), row.get("classify2")
            if first and second and not second.startswith(f"{first}-"):
                yield problem("supervision.exchange-class", path=path, given=second, other=first)
        case "task":
            if row.get("checkCycleUnit") == _HOUR:
                wanted += ["workStartTime", "workEndTime"]
            kind, item = row.get("workType", "0"), row.get("taskNum")
            if kind in _MOST_ITEM:
                wanted.append("taskNum")
                if item is not None and item.isdigit() and int(item) > _MOST_ITEM[kind]:
                    yield problem("supervision.exchange-item", path=path, given=item, most=_MOST_ITEM[kind])
        case "danger":
            if row.get("checkRecordId") is not None:
                wanted.append("riskMeasureId")
            if row.get("dangerState") == "9":
                wanted += ["checkAcceptPerson", "checkAcceptTime"]
        case _:
            pass
    for name in wanted:
        if row.get(name) is None:
            label = table.fields[name].label
            yield problem("supervision.exchange-missing", path=path, given=name, label=label)
    made, changed = row.get("createDate"), row.get("updateDate")
    if made and changed and changed < made:
        yield problem("supervision.exchange-time", path=path, given=changed, other=made)


def _is_time(value: str, form: str) -> bool:
    try:
        return datetime.strptime(value, form).strftime(form) == value  # noqa: DTZ007
    except ValueError:
        return False


def _is_image(value: str) -> bool:
    try:
        data = base64.b64decode(
            value.partition(",")[2] if value.startswith("data:") else value, validate=True
        )
    except (binascii.Error, ValueError):
        return False
    return len(data) <= MOST_IMAGE and data.startswith(_IMAGES)
