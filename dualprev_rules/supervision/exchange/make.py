"""Exchange tables from facts and ledger, and facts from exchange tables.

A risk point is the ministry's analysis unit, its risk events the events, their measures the measures; the
unit that holds a risk point is the analysis object, its id the code under which it is registered. What the
tables want and facts do not have (how a measure is controlled, its classes, what to check) comes from
``more``, by the id of the measure, of its entry in the catalogue, or of the hidden hazard. Nothing is
guessed: what is missing is missing, and ``check`` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from dualprev_rules.control.hazard import HazardRecord, State
from dualprev_rules.control.rounds import Duty
from dualprev_rules.control.words import term
from dualprev_rules.facts.possible import Items
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.problems import DualprevError
from dualprev_rules.risk.reading import text
from dualprev_rules.supervision.exchange.check import companies
from dualprev_rules.supervision.exchange.increment import stamps_of
from dualprev_rules.supervision.exchange.keys import Keys
from dualprev_rules.supervision.exchange.rows import linked, own_rows
from dualprev_rules.supervision.exchange.table import Row, Tables
from dualprev_rules.supervision.exchange.tasks import Sent, tasks_of

More = Mapping[str, Mapping[str, str]]


def tables_of(
    facts: Facts,
    hazards: Iterable[HazardRecord] | None = None,
    *,
    company: str,
    at: datetime,
    by: str,
    more: More | None = None,
    rows: Tables | None = None,
    duties: Iterable[Duty] | None = None,
) -> Tables:
    """Return the tables of units, events, measures and hidden hazards, and the given rows of others.

    ``company`` is the enterprise's code of nine digits; ``at`` and ``by`` stamp every row. Hidden hazards
    that are suspected or refuted are not exchanged; without ``hazards`` nothing is said of them. ``rows``
    are tasks, records, outages and hidden hazards of the enterprise's own system, by the fields of the
    tables. ``duties`` are the checklists that are gone through at the facts: their items become tasks.
    """
    stamps = stamps_of(at, by)
    tables: Tables = {"unit": [], "event": [], "measure": []}
    keys = Keys(company)
    given = more or {}
    sent: list[Sent] = []
    for point in facts.records():
        if point.entity.name != "risk_point" or point.phantom:
            continue
        sent += _point(tables, point, company, stamps, given, keys)
    tasks = tasks_of(duties, sent, company, stamps, keys, given) if duties is not None else None
    others = own_rows(rows or {}, keys, company, stamps)
    found = [
        {**linked("danger", dict(given.get(one.id, {})), keys), **_danger(one, company, stamps, keys)}
        for one in hazards or ()
        if one.state not in _NOT_SENT
    ]
    if tasks is not None:
        own = others.get("task", [])
        theirs = {row.get("id") for row in own}
        others["task"] = [*(row for row in tasks if row["id"] not in theirs), *own]
    if hazards is not None:
        others["danger"] = [*found, *others.get("danger", [])]
    return {**tables, **others}


def facts_of(tables: Tables, *, whole: bool = True) -> dict[str, Any]:
    """Return the facts of units, risk points, events and measures that tables hold, deleted rows left out.

    A list of which the tables hold nothing is not said to be empty, and one that may have lost rows (its
    own or, of ``whole`` false, those that did not change) is not said to be complete. Raises DualprevError
    where the rows are of more than one enterprise.
    """
    if several := [*companies(tables)]:
        raise DualprevError(several)
    live = {name: [row for row in rows if row.get("deleted") != "1"] for name, rows in tables.items()}
    lost = {name for name, parent, field in _PARENTS if _orphans(live, name, parent, field)}
    # Who hangs below a row that is not there says that the table above lacks one, too.
    lost |= {parent for name, parent, _ in _PARENTS if name in lost}

    def listed(table: str, records: list[dict[str, Any]] | None) -> Any:
        if not records:
            return None
        return records if whole and table not in lost else {"items": records, "complete": False}

    def measure_facts(row: Row) -> dict[str, Any]:
        return _known(id=row.get("id"), name=row.get("riskMeasureDesc"))

    def event_facts(row: Row) -> dict[str, Any]:
        below = listed("measure", measures.get(row.get("id", "")))
        return _known(id=row.get("id"), name=row.get("riskEventName"), measures=below)

    measures = _grouped(live.get("measure", []), "riskEventId", measure_facts)
    events = _grouped(live.get("event", []), "riskUnitId", event_facts)
    units: dict[str, list[dict[str, Any]]] = {}
    for row in live.get("unit", []):
        point = _known(
            id=row.get("id"),
            name=row.get("riskUnitName"),
            department=row.get("hazardDep"),
            owner=row.get("hazardLiablePerson"),
            risk_events=listed("event", events.get(row.get("id", ""))),
        )
        units.setdefault(row.get("hazardCode", ""), []).append(point)
    codes = {row["companyCode"] for row in live.get("unit", []) if "companyCode" in row}
    without = units.pop("", [])
    enterprise = _known(
        id=codes.pop() if len(codes) == 1 else None,
        risk_points=listed("unit", without),
        units=listed(
            "unit", [{"id": code, "risk_points": listed("unit", points)} for code, points in units.items()]
        ),
    )
    return {"enterprise": enterprise}


_PARENTS = (("measure", "event", "riskEventId"), ("event", "unit", "riskUnitId"))


def _orphans(live: Tables, table: str, parent: str, field: str) -> bool:
    keys = {row.get("id") for row in live.get(parent, [])}
    return any(row.get(field) not in keys for row in live.get(table, []))


def _point(
    tables: Tables, point: Record, company: str, stamps: Row, more: More, keys: Keys
) -> Iterator[Sent]:
    """Add the rows of a risk point; yield its measures with their keys."""
    holder = point.parent
    unit = holder if holder is not None and holder.entity.name == "unit" else None
    code = text(unit, "id") if unit is not None else None
    key = keys.made(text(point, "id"), point.path)
    keys.tell("unit", key, [text(point, "id")], code)
    tables["unit"].append(
        _known(
            id=key,
            companyCode=company,
            hazardCode=code,
            hazardDep=text(point, "department"),
            hazardLiablePerson=text(point, "owner"),
            riskUnitName=text(point, "name"),
            **stamps,
        )
    )
    for event in _children(point, "risk_events"):
        of = keys.made(text(event, "id"), event.path)
        name = text(event, "name")
        tables["event"].append(
            _known(id=of, companyCode=company, riskUnitId=key, riskEventName=name, **stamps)
        )
        for measure in _children(event, "measures"):
            own, catalogue = text(measure, "id"), text(measure, "catalogue_id")
            extra = {**more.get(catalogue or "", {}), **more.get(own or "", {})}
            made = keys.made(own, measure.path)
            keys.tell("measure", made, {own, catalogue}, code)
            given = _known(
                id=made, companyCode=company, riskEventId=of, riskMeasureDesc=text(measure, "name")
            )
            tables["measure"].append({**extra, **given, **stamps})
            yield measure, made


def _danger(one: HazardRecord, company: str, stamps: Row, keys: Keys) -> Row:
    assigned, review = one.assignment, one.review
    accepted = one.state in (State.ACCEPTED, State.CLOSED_OFF)
    return _known(
        id=keys.made(one.id, one.id),
        companyCode=company,
        hazardCode=one.unit,
        riskMeasureId=keys.find("measure", one.measure, one.unit),
        dangerName=one.title,
        dangerLevel=term("grades", one.grade).exchange,
        registTime=one.found_at.strftime("%Y-%m-%d %H:%M:%S"),
        registrant=one.found_by,
        dangerSrc=term("found_in", one.found_in).exchange,
        dangerManageType=term("treatments", one.treatment).exchange if one.treatment else None,
        dangerDesc=one.title,
        liablePerson=assigned.responsible if assigned is not None else None,
        dangerManageDeadline=one.deadline.isoformat() if one.deadline is not None else None,
        checkAcceptPerson=review.by if review is not None and accepted else None,
        checkAcceptTime=review.at.strftime("%Y-%m-%d %H:%M:%S") if review is not None and accepted else None,
        dangerState=term("states", one.state).exchange,
        managementClassification=term("causes", one.cause).exchange if one.cause else None,
        **stamps,
    )


_NOT_SENT = (State.SUSPECTED, State.REFUTED)


def _children(record: Record, name: str) -> tuple[Record, ...]:
    items = record.value(name).possible
    return items.records if isinstance(items, Items) else ()


def _grouped(
    rows: Iterable[Row], by: str, made: Callable[[Row], dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row.get(by, ""), []).append(made(row))
    return groups


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
