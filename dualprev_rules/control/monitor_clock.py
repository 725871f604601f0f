"""The clock of a monitor: it stands where readings bring it, and what is due by then happens before."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from typing import Any

from dualprev_rules.control.monitor_place import Machine
from dualprev_rules.control.monitor_sensor import Sensor, Spot

_SILENCE, _ESCALATION = 2, 3


class Clock:
    """The time that has come, in microseconds since 1970, and what is waited for."""

    def __init__(self, spots: Mapping[str, Spot]) -> None:
        self.now = 0
        self.read = 0
        """How far readings have brought it; ticks take it on from there."""
        self.begun = False
        self._spots = spots
        self._timers: list[tuple[int, int, int, str, str, int, Any]] = []
        self._count = 0

    def go_on(self, time: int) -> None:
        """Let time go on: everything happens that is due at or before a time, each at its own."""
        timers = self._timers
        while timers and timers[0][0] <= time:
            at, rank, _, _, _, _, what = heapq.heappop(timers)
            self.now = max(self.now, at)
            if isinstance(what, Sensor):
                self._silence(what, at)
            elif rank == _ESCALATION:
                what.escalate(at)
            else:
                what.due(at)
        if time > self.now or not self.begun:
            self.now = time
        self.begun = True

    def reach(self, time: int) -> None:
        """Take up that readings have come to a time."""
        self.read = max(self.read, time) if self.begun else time

    def set_back(self, to: int, sensors: Iterable[Sensor], machines: Iterable[Machine]) -> None:
        """Go on from an earlier time, with all that has been set up."""
        self.now = self.read = to
        self._timers.clear()
        for sensor in sensors:
            sensor.set_back(to)
            if not sensor.silent:
                self.await_silence(sensor)
        for machine in machines:
            machine.set_back(to)

    def wake(self, at: int, rank: int, machine: Machine) -> None:
        """Wake a machine at a time; what has a smaller rank comes first."""
        self._push(at, rank, machine.index, machine.record.path, machine.sensor, machine)

    def await_silence(self, sensor: Sensor) -> None:
        """Wait for the silence of a sensor."""
        sensor.timed = True
        self._push(sensor.heard + sensor.patience, _SILENCE, -1, sensor.record.path, sensor.name, sensor)

    def _push(self, at: int, rank: int, index: int, record: str, name: str, what: Any) -> None:
        self._count += 1
        heapq.heappush(self._timers, (at, rank, index, record, name, self._count, what))

    def _silence(self, sensor: Sensor, at: int) -> None:
        sensor.timed = False
        if sensor.heard + sensor.patience > at:
            self.await_silence(sensor)
            return
        sensor.silent = True
        self._spots[sensor.record.path].take(sensor)
        for machine in sensor.watching:
            machine.hush()
