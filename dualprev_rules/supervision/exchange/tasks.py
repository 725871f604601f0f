"""Tasks of checking, made from checklists: an item that checks a measure is a task of that measure.

An item of a checklist names the measure of the catalogue whose failure it finds; a measure of the facts
that is of this entry (``catalogue_id``), and is of what the checklist is gone through at, has it as a task.
A checklist that is gone through each time that there is occasion has no cycle, and the table knows no task
without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dualprev_rules.control.rounds import Duty
from dualprev_rules.control.who import above_of
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.pack.interval import Interval
from dualprev_rules.pack.model import Checklist, ChecklistItem
from dualprev_rules.risk.reading import text
from dualprev_rules.supervision.exchange.keys import Keys
from dualprev_rules.supervision.exchange.table import Row

Sent = tuple[Record, str]
"""A measure of the facts, with the key of its row."""


def tasks_of(
    duties: Iterable[Duty],
    measures: Sequence[Sent],
    company: str,
    stamps: Row,
    keys: Keys,
    more: Mapping[str, Mapping[str, str]],
) -> list[Row]:
    """Return a task for each item at each measure that it checks, by the shortest cycle of those that do.

    ``more`` has further fields by the id of the item, or of its checklist (working hours, the kind of task).
    """
    by_entry: dict[str, list[Sent]] = {}
    for measure, key in measures:
        entry = text(measure, "catalogue_id")
        if entry is not None:
            by_entry.setdefault(entry, []).append((measure, key))
    found: dict[str, tuple[Interval, Row]] = {}
    for duty in duties:
        if duty.interval is None:
            continue
        cycle, unit = task_cycle(duty.interval)
        for item in duty.checklist.items:
            for measure, of in by_entry.get(item.measure, ()) if item.id in duty.targets else ():
                if not _at(duty.record, measure):
                    continue
                key = _key(item, measure, keys)
                if key in found and _hours(found[key][0]) <= _hours(duty.interval):
                    continue
                keys.tell("task", key, [item.id])
                given = {**more.get(duty.checklist.id, {}), **more.get(item.id, {})}
                own = {
                    "id": key,
                    "companyCode": company,
                    "riskMeasureId": of,
                    "troubleshootContent": item.ask.get("zh"),
                    "checkCycle": str(cycle),
                    "checkCycleUnit": unit,
                }
                found[key] = duty.interval, {**given, **own, **stamps}
    return [row for _, row in found.values()]


def open_tasks(checklists: Iterable[Checklist], facts: Facts, keys: Keys) -> frozenset[str]:
    """Return the keys of tasks of the measures of the facts that are not known to be none.

    They are of measures whose entry in the catalogue is not known, or of checklists and items that look at
    what may be there unsaid.
    """
    unsaid: dict[str, list[Record]] = {}
    measures: list[Record] = []
    for record in facts.records():
        if record.phantom:
            unsaid.setdefault(record.entity.name, []).append(record)
        elif record.entity.name == "control_measure":
            measures.append(record)
    found: set[str] = set()
    schema = facts.schema
    for checklist in checklists:
        for item in checklist.items:
            at, settled = checklist.object, (item.settles or checklist.object).partition(".")[0]
            perhaps = [record for entity in {at, settled} for record in unsaid.get(entity, ())]
            related = settled in (at, *schema.descend(at)) or at in schema.descend(settled)
            elsewhere = not related and settled in unsaid
            for measure in measures:
                entry = text(measure, "catalogue_id")
                unknown = elsewhere or any(_at(record, measure) for record in perhaps)
                if entry is None or (entry == item.measure and unknown):
                    found.add(_key(item, measure, keys))
    return frozenset(found)


def _key(item: ChecklistItem, measure: Record, keys: Keys) -> str:
    return keys.made(None, f"task\n{item.id}\n{measure.path}")


def _at(record: Record, measure: Record) -> bool:
    """Tell whether a measure is of a record: lies below it, or is of what the record lies in."""
    holders = [above for above in above_of(measure) if above.entity.name not in _OF_A_POINT]
    return any(above is record for above in holders) or any(above is holders[0] for above in above_of(record))


_OF_A_POINT = ("risk_point", "risk_event", "control_measure")


def task_cycle(interval: Interval) -> tuple[int, str]:
    """Return an interval as the table has it.

    >>> task_cycle(Interval(hours=168)), task_cycle(Interval(months=24))
    ((7, '天'), (2, '年'))
    """
    if interval.months:
        years, months = divmod(interval.months, 12)
        return (interval.months, "月") if months else (years, "年")
    days, hours = divmod(interval.hours, 24)
    return (interval.hours, "小时") if hours else (days, "天")


def _hours(interval: Interval) -> int:
    return interval.months * 31 * 24 + interval.hours
