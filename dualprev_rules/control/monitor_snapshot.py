"""The state of a monitor as JSON values, and back: nothing in it but texts, whole numbers and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any, cast

from dualprev_rules.control.monitor_doubts import Aside, Doubts
from dualprev_rules.control.monitor_place import Machine
from dualprev_rules.control.monitor_places import Places
from dualprev_rules.control.monitor_sensor import Sensor
from dualprev_rules.control.monitor_site import Site
from dualprev_rules.control.readings import Reading
from dualprev_rules.evaluate.events import Known
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Bool, Enum, Number
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import Problem, problem

_VALUES = ("value", "last", "plain")
_MADE = ("record", *_VALUES, "before", "timed", "patience", "watching")
_OF_SENSOR = tuple(f.name for f in fields(Sensor) if f.name not in _MADE)
_OF_MACHINE = ("number", "opened", "answered", "broken", "last")


def sensor_state(sensor: Sensor) -> dict[str, Any]:
    """Return what is kept of a sensor."""
    kept = {name: getattr(sensor, name) for name in _OF_SENSOR}
    values = {name: _kept(getattr(sensor, name)) for name in _VALUES}
    before = [_kept(value) for value in sensor.before]
    return {**_place(sensor.record), **kept, **values, "before": before}


def sensor_of(state: Mapping[str, Any], record: Record, patience: int) -> Sensor:
    """Return the sensor again; of other values raises LookupError, TypeError or ValueError."""
    kept = {name: state[name] for name in _OF_SENSOR}
    before = tuple(_known(value) for value in state["before"])
    values = {name: _known(state[name]) for name in _VALUES}
    return Sensor(record=record, patience=patience, before=before, **values, **kept)


def fits(state: Mapping[str, Any], schema: Schema) -> bool:
    """Tell whether the fact of a sensor or reading is still measured, and still by such values."""
    declared = schema.entities.get(state["entity"])
    attribute = declared.attributes.get(state["fact"]) if declared is not None else None
    match attribute.type if attribute is not None else None:
        case Number():
            kind: type[Known] = Fraction
        case Bool():
            kind = bool
        case Enum():
            kind = str
        case _:
            return False
    values = [_known(value) for value in (state["value"], state.get("last"), *state.get("before", ()))]
    return all(value is None or type(value) is kind for value in values)


def machine_state(machine: Machine) -> dict[str, Any]:
    """Return what is kept of a warning at a place."""
    kept = {name: getattr(machine, name) for name in _OF_MACHINE}
    about = {"warning": machine.rule.id, **_place(machine.record), "sensor": machine.sensor}
    past = [list(fact) for fact in machine.past]
    return {**about, **kept, "form": _form(machine), "past": past, "more": dict(machine.more)}


def set_machine(machine: Machine, state: Mapping[str, Any]) -> None:
    """Bring a machine to a state that was kept; what a form counted goes with that form alone."""
    for name in _OF_MACHINE:
        setattr(machine, name, state[name])
    past = [(int(fact), int(time), int(number)) for fact, time, number in state["past"]]
    if state["form"] == _form(machine):
        machine.past.extend(past)
        machine.more.update(state["more"])


def doubts_state(doubts: Doubts) -> dict[str, Any]:
    """Return what is kept of the readings whose time nobody has confirmed."""
    return {
        "alone": list(doubts.alone) if doubts.alone is not None else None,
        "first": doubts.first,
        "ahead": [_aside(each) for each in doubts.ahead],
        "behind": [_aside(each) for each in doubts.behind],
        "runs": [[list(key), since] for key, since in doubts.runs.items()],
        "lead": [
            list(doubts.lead.key) if doubts.lead.key is not None else None,
            doubts.lead.since,
            [[list(key), lag] for key, lag in doubts.lead.lags.items()],
        ],
    }


def set_doubts(doubts: Doubts, state: Mapping[str, Any], paths: Mapping[str, str], schema: Schema) -> None:
    """Bring them to a state that was kept; ``paths`` says how a record is called now."""

    def key_of(key: Any) -> tuple[str, str, str]:
        record, fact, name = key
        return paths.get(record, record), str(fact), str(name)

    doubts.alone = key_of(state["alone"]) if state["alone"] is not None else None
    doubts.first = bool(state["first"])
    doubts.runs = {key_of(key): int(since) for key, since in state["runs"]}
    lead, since, lags = state.get("lead") or (None, 0, ())
    doubts.lead.key, doubts.lead.since = (key_of(lead) if lead is not None else None), int(since)
    doubts.lead.lags = {key_of(key): int(lag) for key, lag in lags}
    for where, kept in ((doubts.ahead, state["ahead"]), (doubts.behind, state["behind"])):
        for each in kept:
            values: dict[str, Any] = dict(each["reading"])
            if fits(values, schema):
                values["value"] = _known(values["value"])
                where.append(Aside(key_of(each["key"]), Reading(**values)))


def carry_over(
    snapshot: Mapping[str, Any],
    ruleset: Ruleset,
    site: Site,
    places: Places,
    report: Callable[[Problem], None],
) -> dict[str, str]:
    """Bring sensors and warnings to where they stand now; return how records that were kept are called now.

    What stands nowhere is reported. Of other values raises LookupError, TypeError or ValueError.
    """

    def dropped(what: str) -> None:
        report(problem("control.snapshot-dropped", severity="warning", given=what))

    paths: dict[str, str] = {}
    for state in snapshot["sensors"]:
        record = _standing(state, site) if fits(state, ruleset.schema) else None
        if record is None or (record.path, state["fact"], state["name"]) in places.sensors:
            dropped(f"{state['short']}.{state['fact']} {state['name']}")
            continue
        paths[state["record"]] = record.path
        places.add(sensor_of(state, record, site.patience(state["entity"], state["fact"])))
    order = {rule: index for index, rule in enumerate(ruleset.live)}
    for state in snapshot["machines"]:
        key = (order.get(str(state["warning"]), -1), paths.get(state["record"], ""), str(state["sensor"]))
        machine = places.machines.get(key)
        if machine is not None:
            set_machine(machine, state)
        elif state["opened"] is not None:
            about = f"|{state['sensor']}" if state["sensor"] else ""
            dropped(f"{state['warning']}|{state['short']}{about}|{state['number']}")
    return paths


def _standing(state: Mapping[str, Any], site: Site) -> Record | None:
    """Return the record that was kept: by its path, else by its short name."""
    entity = str(state["entity"])
    named = site.named(state["record"]) or site.record(state["short"], entity)
    return named if named is not None and named.entity.name == entity else None


def _aside(each: Aside) -> dict[str, Any]:
    reading = each.reading
    return {"key": list(each.key), "reading": {**reading._asdict(), "value": _kept(reading.value)}}


def _place(record: Record) -> dict[str, str]:
    return {"record": record.path, "short": record.short, "entity": record.entity.name}


def _form(machine: Machine) -> str:
    rule = machine.rule
    return f"{rule.form} {rule.sensor} {rule.alarm.text if rule.alarm is not None else ''}"


def _kept(value: Known | None) -> Any:
    return {"number": f"{value.numerator}/{value.denominator}"} if isinstance(value, Fraction) else value


def _known(value: Any) -> Known | None:
    return Fraction(str(cast("Mapping[str, Any]", value)["number"])) if isinstance(value, dict) else value
