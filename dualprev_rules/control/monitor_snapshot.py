"""The state of a monitor as JSON values, and back: nothing in it but texts, whole numbers and lists."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from typing import Any

from dualprev_rules.control.monitor_place import Machine, Sensor
from dualprev_rules.evaluate.events import Known
from dualprev_rules.facts.record import Record

_MADE = ("record", "value", "timed", "patience", "watching")
_OF_SENSOR = tuple(f.name for f in fields(Sensor) if f.name not in _MADE)
_OF_MACHINE = ("number", "opened", "answered", "last")


def sensor_state(sensor: Sensor) -> dict[str, Any]:
    """Return what is kept of a sensor."""
    kept = {name: getattr(sensor, name) for name in _OF_SENSOR}
    value = sensor.value
    shown = {"number": f"{value.numerator}/{value.denominator}"} if isinstance(value, Fraction) else value
    return {"record": sensor.record.path, "entity": sensor.record.entity.name, **kept, "value": shown}


def sensor_of(state: dict[str, Any], record: Record, patience: int) -> Sensor:
    """Return the sensor again; of other values raises LookupError, TypeError or ValueError."""
    value: Known | dict[str, str] | None = state["value"]
    known = Fraction(value["number"]) if isinstance(value, dict) else value
    kept = {name: state[name] for name in _OF_SENSOR}
    return Sensor(record=record, patience=patience, value=known, **kept)


def machine_state(machine: Machine) -> dict[str, Any]:
    """Return what is kept of a warning at a place."""
    kept = {name: getattr(machine, name) for name in _OF_MACHINE}
    about = {"warning": machine.rule.id, "record": machine.record.path, "sensor": machine.sensor}
    return {**about, **kept, "past": [list(fact) for fact in machine.past], "more": dict(machine.more)}


def set_machine(machine: Machine, state: dict[str, Any]) -> None:
    """Bring a machine to a state that was kept."""
    for name in _OF_MACHINE:
        setattr(machine, name, state[name])
    machine.past.extend((int(fact), int(time), int(number)) for fact, time, number in state["past"])
    machine.more.update(state["more"])
