"""What to send since the last time: rows that are new or changed, and deletion marks for those gone."""

from __future__ import annotations

from dualprev_rules.supervision.exchange.table import Row, Tables, exchange_tables

_STAMPS = ("createDate", "createBy", "updateDate", "updateBy", "deleted")


def increment(before: Tables, now: Tables) -> tuple[Tables, Tables]:
    """Return what to send, and the whole state to keep for the next time.

    A row that stayed as it was keeps its stamps and is not sent; one that changed keeps when and by whom it
    was made; one that is gone is sent once more with its deletion mark. A table that ``now`` does not have
    stays as it was: not to be given is not to be gone. ``now`` has the stamps of this time.
    """
    send: Tables = {}
    keep: Tables = {}
    stamp = next((row for rows in now.values() for row in rows), None)
    for name in exchange_tables():
        if name not in now:
            if name in before:
                send[name], keep[name] = [], before[name]
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
        for key, former in old.items():
            if key not in new and former.get("deleted") != "1":
                gone = former | {"deleted": "1"}
                if stamp is not None:
                    gone |= {each: stamp[each] for each in ("updateDate", "updateBy")}
                sent.append(gone)
                kept.append(gone)
            elif key not in new:
                kept.append(former)
        send[name], keep[name] = sent, kept
    return send, keep


def _content(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _STAMPS}
