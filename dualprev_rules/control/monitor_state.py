"""What a monitor knows at the moment: the warnings that are open, and the sensors."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dualprev_rules.control.monitor_place import Machine
from dualprev_rules.control.monitor_sensor import Sensor
from dualprev_rules.control.readings import at_of
from dualprev_rules.problems import Words
from dualprev_rules.risk.raising import Raising


@dataclass(frozen=True, slots=True)
class OpenWarning:
    """A warning that is open."""

    id: str
    title: Words
    record: str
    path: str
    grade: int | None
    raises: int | None
    """The risk grade that the place has at least by the profile; None where the profile says nothing."""
    since: datetime
    act: Words | None


@dataclass(frozen=True, slots=True)
class SensorState:
    """A sensor: what it said last, and whether that stands."""

    record: str
    fact: str
    sensor: str
    value: str
    """As given."""
    unit: str | None
    at: datetime
    mark: str | None
    state: Literal["stands", "unreadable", "silent"]


@dataclass(frozen=True, slots=True)
class MonitorState:
    """A monitor at a moment."""

    clock: datetime | None
    """None before the first reading."""
    open: tuple[OpenWarning, ...]
    """The worst first, then the oldest."""
    sensors: tuple[SensorState, ...]
    """Those that are silent or unreadable first, then by record; at most as many as asked for."""
    known: int
    """How many sensors there are."""
    silent: int


def state_of(
    clock: datetime | None,
    machines: Iterable[Machine],
    sensors: Collection[Sensor],
    most: int | None,
    raising: Raising,
) -> MonitorState:
    """Return the state of a monitor, with at most so many of its sensors."""
    found = [_open(each, each.opened, raising) for each in machines if each.opened is not None]
    found.sort(key=lambda each: (each.grade or 5, each.since, each.id))
    ordered = sorted(
        sensors, key=lambda each: (each.stands is not None, each.record.path, each.fact, each.name)
    )
    return MonitorState(
        clock=clock,
        open=tuple(found),
        sensors=tuple(_sensor(each) for each in ordered[:most]),
        known=len(ordered),
        silent=sum(1 for each in ordered if each.silent),
    )


def _open(machine: Machine, opened: int, raising: Raising) -> OpenWarning:
    rule, record = machine.rule, machine.record
    raises = raising.of(rule.grade)
    return OpenWarning(
        machine.id, rule.title, record.short, record.path, rule.grade, raises, at_of(opened), rule.act
    )


def _sensor(sensor: Sensor) -> SensorState:
    return SensorState(
        sensor.record.short,
        sensor.fact,
        sensor.name,
        sensor.shown,
        sensor.unit,
        at_of(sensor.at),
        sensor.mark,
        "silent" if sensor.silent else "unreadable" if sensor.value is None else "stands",
    )
