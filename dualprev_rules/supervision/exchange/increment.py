"""What to send since the last time: rows that are new or changed, and deletion marks for those gone."""

from __future__ import annotations

from datetime import datetime

from dualprev_rules.problems import DualprevError, Problem, problem
from dualprev_rules.supervision.exchange.check import doubled
from dualprev_rules.supervision.exchange.table import Row, Tables, exchange_tables
from dualprev_rules.supervision.exchange.unknown import Unknown

_STAMPS = ("createDate", "createBy", "updateDate", "updateBy", "deleted")


def stamps_of(at: datetime, by: str) -> Row:
    """Return the stamps of rows that are made at a time by someone."""
    stamp = at.strftime("%Y%m%d%H%M%S")
    return {"deleted": "0", "createDate": stamp, "createBy": by, "updateDate": stamp, "updateBy": by}


def increment(
    before: Tables, now: Tables, unknown: Unknown, *, at: datetime, by: str
) -> tuple[Tables, Tables]:
    """Return what to send, and the whole state to keep for the next time.

    A row that stayed as it was keeps its stamps and is not sent; one that changed keeps when and by whom it
    was made; one that is gone is sent once more with its deletion mark, stamped ``at`` and ``by``. Not to be
    known is not to be gone: a table that ``now`` does not have stays as it was, and so does a row of a list
    that is ``unknown``, with all that is below it. Only a task goes with its measure whether tasks are given
    or not; records and hidden hazards tell what happened, and stay.

    Raises DualprevError where a key stands twice ``now``: one of the rows would be lost.
    """
    if twice := [*doubled(now)]:
        raise DualprevError(twice)
    send: Tables = {}
    keep: Tables = {}
    stamp = stamps_of(at, by)
    there: set[str] = set()
    stayed: set[str] = set()
    gone: set[str] = set()

    def marked(row: Row) -> Row:
        return row | {"deleted": "1"} | {each: stamp[each] for each in ("updateDate", "updateBy")}

    for name in exchange_tables():
        if name not in now:
            if name in before:
                below = [
                    row
                    for row in before[name]
                    if name == "task" and row.get("riskMeasureId") in gone and row.get("deleted") != "1"
                ]
                send[name] = [marked(row) for row in below]
                keep[name] = [marked(row) if row in below else row for row in before[name]]
            continue
        old = {row["id"]: row for row in before.get(name, ()) if "id" in row}
        new = {row["id"]: row for row in now.get(name, ()) if "id" in row}
        sent: list[Row] = []
        kept: list[Row] = []
        for key, row in new.items():
            former = old.get(key)
            if former is not None and former.get("deleted") != "1":
                if _content(former) == _content(row):
                    kept.append(former)
                    continue
                row = row | {each: former[each] for each in ("createDate", "createBy") if each in former}  # noqa: PLW2901
            sent.append(row)
            kept.append(row)
        perhaps: set[str] = set()
        for key, former in old.items():
            if key in new:
                continue
            if former.get("deleted") == "1":
                kept.append(former)
            elif unknown.may_hold(name, former, there, stayed):
                perhaps.add(key)
                kept.append(former)
            else:
                sent.append(marked(former))
                kept.append(marked(former))
        gone |= {row["id"] for row in kept if row.get("deleted") == "1"}
        send[name], keep[name] = sent, kept
        there |= new.keys()
        stayed |= perhaps
    return send, keep


def state_faults(before: Tables, *, company: str, at: datetime) -> list[Problem]:
    """Return why a state cannot be the last one: it is of another enterprise, or later than ``at``."""
    rows = [row for table in before.values() for row in table]
    others = {row["companyCode"] for row in rows if "companyCode" in row} - {company}
    faults = [
        problem("supervision.exchange-company", given=other, wanted=company) for other in sorted(others)
    ]
    last = max((row.get("updateDate", "") for row in rows), default="")
    stamp = stamps_of(at, "")["updateDate"]
    if last > stamp:
        faults.append(problem("supervision.exchange-before", given=stamp, last=last))
    return faults


def _content(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _STAMPS}
