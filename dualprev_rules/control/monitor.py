"""A monitor: readings in, warnings out, as ``docs/live.md`` says. Time is the readings' own."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from dualprev_rules.control.monitor_place import BY_SENSOR, MACHINES, Machine, Sensor, Spot
from dualprev_rules.control.monitor_site import Site
from dualprev_rules.control.monitor_snapshot import machine_state, sensor_of, sensor_state, set_machine
from dualprev_rules.control.monitor_state import MonitorState, state_of
from dualprev_rules.control.monitor_telling import told
from dualprev_rules.control.monitor_warning import Heard, LiveWarning, What
from dualprev_rules.control.readings import Acknowledgement, Reading, ReadingReader, at_of, moment
from dualprev_rules.evaluate.events import Memory, live_condition, open_memory, pair_of
from dualprev_rules.evaluate.events.memory import Isolation
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.pack.live import LiveRule
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import DualprevError, Problem, problem
from dualprev_rules.risk import Profile

MOST_SENSORS = 100_000
MOST_OF_A_FACT = 16
"""Sensors of one fact at one place: every choice among them is looked at."""
_MICROSECOND = timedelta(microseconds=1)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_Key = tuple[str, str, str]
_NOTHING = Heard((), ())


class Loaded(Protocol):
    """An engine, as far as a monitor needs one."""

    @property
    def ruleset(self) -> Ruleset:
        """What holds on its day."""
        ...

    @property
    def profile(self) -> Profile:
        """The jurisdiction."""
        ...

    def read(self, facts: Any) -> Facts:
        """Read the facts of a site."""
        ...


class Monitor:
    """Watches sensors by the warnings of the packs. Pure but for the memory of what came before.

    ``facts`` is the site, as ``Engine.assess`` takes it: what its sensors do not measure. ``silent_after``
    is the time after which a sensor without a ``silence`` warning counts as silent; ``leap`` is how far
    ahead of the clock a single reading is believed. With ``isolation="process"`` durable-rules runs in a
    process of its own. To be used by one thread, and closed. Raises DualprevError where durable-rules is
    not installed.
    """

    def __init__(
        self,
        engine: Loaded,
        facts: Any = None,
        *,
        silent_after: timedelta = _MINUTE,
        leap: timedelta = _HOUR,
        isolation: Isolation = "none",
    ) -> None:
        self.ruleset = engine.ruleset
        packs = (f"{pack.id} {pack.version} {pack.hash}" for pack in self.ruleset.packs)
        profile = f"{engine.profile.id} {engine.profile.hash}"
        self._basis = [self.ruleset.as_of.isoformat(), profile, *packs]
        self.clock = 0
        self._begun = False
        self._aside: tuple[_Key, int] | None = None
        self._reader = ReadingReader(self.ruleset.schema)
        self._leap = leap // _MICROSECOND
        read = engine.read(facts) if facts is not None else None
        self._problems: list[Problem] = list(read.problems) if read is not None else []
        patience = silent_after // _MICROSECOND
        self._site = Site(self.ruleset, read, patience, self._problems.append)
        self._warnings: list[LiveWarning] = []
        self._timers: list[tuple[int, int, int, str, str, int, Any]] = []
        self._timed = 0
        self._sensors: dict[_Key, Sensor] = {}
        self._spots: dict[str, Spot] = {}
        self._machines: dict[tuple[int, str, str], Machine] = {}
        self._watching: dict[tuple[str, str], list[Machine]] = {}
        self.memory: Memory = open_memory(isolation, self._problems.append)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back what the memory holds."""
        self.memory.close()

    # --- what comes in --------------------------------------------------------------------------

    def feed(self, reading: Mapping[str, Any] | str | bytes) -> Heard:
        """Take up a reading: return the warnings that it and the time since the last one lead to.

        It may also be an acknowledgement: ``acknowledge`` (the id of a warning), ``by`` and ``at``.
        """
        given = self._reader.read(reading)
        if isinstance(given, Problem):
            self._problems.append(given)
        elif isinstance(given, Acknowledgement):
            self._acknowledge(given)
        else:
            self._feed(given)
        return self._heard()

    def tick(self, at: datetime | str) -> Heard:
        """Let time go on without a reading: what is due by then happens.

        Raises DualprevError where the time has no zone.
        """
        time = moment(at if isinstance(at, str) else at.isoformat())
        if time is None:
            raise DualprevError(problem("control.reading-time", path="tick", given=str(at)))
        self._pass(time)
        return self._heard()

    def acknowledge(self, id: str, *, by: str, at: datetime | str) -> Heard:  # noqa: A002
        """Say that a named person has taken note of an open warning; it is not escalated any more.

        Raises DualprevError where no such warning is open, or the name or the zone of the time is missing.
        """
        time = moment(at if isinstance(at, str) else at.isoformat())
        faults = [] if by.strip() else [problem("control.blank", path="acknowledge.by")]
        if time is None:
            faults.append(problem("control.reading-time", path=id, given=str(at)))
        else:
            self._pass(time)
        found = self._open(id)
        if found is None:
            faults.append(problem("control.no-warning", given=id))
        if found is None or faults:
            raise DualprevError(faults)
        found.acknowledge()
        self.tell("acknowledged", found, by.strip())
        return self._heard()

    def state(self, *, sensors: int | None = None) -> MonitorState:
        """Return what is known at the moment; of the sensors at most so many."""
        clock = self.clock if self._begun else None
        return state_of(clock, self._machines.values(), self._sensors.values(), sensors)

    # --- checkpoints ----------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """Return all that the monitor remembers, as JSON values."""
        return {
            "version": 1,
            "basis": self._basis,
            "clock": self.clock,
            "begun": self._begun,
            "aside": [list(self._aside[0]), self._aside[1]] if self._aside is not None else None,
            "sensors": [sensor_state(each) for each in self._sensors.values()],
            "machines": [machine_state(each) for each in self._machines.values()],
        }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Go on from a snapshot, which this monitor, still unused, was made for with the same packs and site.

        Raises DualprevError where the snapshot is of other packs, another profile or day, or not whole.
        """
        if self._sensors or snapshot.get("version") != 1 or snapshot.get("basis") != self._basis:
            given = "；".join(map(str, snapshot.get("basis") or ["?"]))
            raise DualprevError(problem("control.snapshot", given=given[:200]))
        try:
            self._restore(snapshot)
        except (LookupError, TypeError, ValueError) as error:
            raise DualprevError(
                problem("control.snapshot", given=f"{type(error).__name__} {error}")
            ) from error

    def _restore(self, snapshot: Mapping[str, Any]) -> None:
        self.clock, self._begun = int(snapshot["clock"]), bool(snapshot["begun"])
        if snapshot["aside"] is not None:
            (record, fact, name), at = snapshot["aside"]
            self._aside = ((record, fact, name), int(at))
        for state in snapshot["sensors"]:
            entity, fact = state["entity"], state["fact"]
            record = self._site.record(state["record"], entity)
            sensor = sensor_of(state, record, self._site.patience(entity, fact))
            self._add(sensor)
            if not sensor.silent:
                self._await_silence(sensor)
        order = {rule: index for index, rule in enumerate(self.ruleset.live)}
        for state in snapshot["machines"]:
            machine = self._machines[order[state["warning"]], state["record"], state["sensor"]]
            set_machine(machine, state)
            machine.recall()

    # --- readings -------------------------------------------------------------------------------

    def _open(self, warning: str) -> Machine | None:
        return next((m for m in self._machines.values() if m.opened is not None and m.id == warning), None)

    def _acknowledge(self, given: Acknowledgement) -> None:
        if self._begun and given.at > self.clock + self._leap:
            clock, said = at_of(self.clock).isoformat(), at_of(given.at).isoformat()
            code = "control.reading-leap"
            self._problems.append(
                problem(
                    code, severity="warning", path=given.warning, given=said, sensor=given.by, clock=clock
                )
            )
            return
        self._pass(given.at)
        found = self._open(given.warning)
        if found is None:
            self._problems.append(problem("control.no-warning", severity="warning", given=given.warning))
        elif found.acknowledge():
            self.tell("acknowledged", found, given.by)

    def _heard(self) -> Heard:
        if not self._warnings and not self._problems:
            return _NOTHING
        heard = Heard(tuple(self._warnings), tuple(self._problems))
        self._warnings.clear()
        # The memory reports into the same list.
        self._problems.clear()
        return heard

    def _feed(self, given: Reading) -> None:
        record = self._site.record(given.record, given.entity)
        key = (record.path, given.fact, given.sensor)
        sensor = self._sensors.get(key)
        if not self._taken(key, sensor, given):
            return
        if given.value is None:
            path = f"{given.record}.{given.fact}"
            self._problems.append(problem("control.reading-value", path=path, given=given.shown))
        self._pass(given.at)
        if sensor is None:
            sensor = self._meet(record, given)
        sensor.at, sensor.value, sensor.shown = given.at, given.value, given.shown
        sensor.unit, sensor.mark = given.unit, given.mark
        if given.value is not None:
            sensor.heard, sensor.silent = given.at, False
        if not sensor.timed and not sensor.silent:
            self._await_silence(sensor)
        self._spots[record.path].take(sensor)
        for machine in sensor.watching:
            machine.step(self.clock, sensor)

    def _taken(self, key: _Key, sensor: Sensor | None, given: Reading) -> bool:
        """Tell whether a reading is taken, by its time; why one is not is reported."""
        at, code = given.at, None
        if sensor is not None and at > sensor.at and self.clock <= at <= self.clock + self._leap:
            return True  # as nearly all are
        if sensor is not None and at <= sensor.at:
            same = (given.value, given.mark) == (sensor.value, sensor.mark)
            code = "control.reading-repeated" if same else "control.reading-conflict"
            code = code if at == sensor.at else "control.reading-late"
        elif self._begun and at + self._site.patience(given.entity, given.fact) <= self.clock:
            code = "control.reading-late"
        elif self._begun and at > self.clock + self._leap:
            before, self._aside = self._aside, (key, at)
            alone = len(self._sensors) == 1
            if before is None or abs(before[1] - at) > self._leap or (before[0] == key and not alone):
                code = "control.reading-leap"
            else:
                self._aside = None
        elif sensor is None and (len(self._sensors) >= MOST_SENSORS or self._crowded(key[0], given.fact)):
            code = "control.reading-sensors"
        if code is None:
            return True
        path = f"{given.record}.{given.fact}"
        said = at_of(at).isoformat()
        clock = at_of(self.clock).isoformat()
        severity = "note" if code == "control.reading-repeated" else "warning"
        self._problems.append(
            problem(code, severity=severity, path=path, given=said, sensor=given.sensor, clock=clock)
        )
        return False

    # --- time -----------------------------------------------------------------------------------

    def wake(self, at: int, rank: int, machine: Machine) -> None:
        """Wake a machine at a time."""
        self._push(at, rank, machine.index, machine.record.path, machine.sensor, machine)

    def _push(self, at: int, rank: int, index: int, record: str, name: str, what: Any) -> None:
        self._timed += 1
        heapq.heappush(self._timers, (at, rank, index, record, name, self._timed, what))

    def _pass(self, time: int) -> None:
        """Let time go on: everything happens that is due at or before a time, each at its own."""
        timers = self._timers
        while timers and timers[0][0] <= time:
            at, rank, _, _, _, _, what = heapq.heappop(timers)
            self.clock = max(self.clock, at)
            if isinstance(what, Sensor):
                self._silence(what, at)
            elif rank == 3:
                what.escalate(at)
            else:
                what.due(at)
        self.clock = max(self.clock, time) if self._begun else time
        self._begun = True

    def _await_silence(self, sensor: Sensor) -> None:
        sensor.timed = True
        self._push(sensor.heard + sensor.patience, 2, -1, sensor.record.path, sensor.name, sensor)

    def _silence(self, sensor: Sensor, at: int) -> None:
        sensor.timed = False
        if sensor.heard + sensor.patience > at:
            self._await_silence(sensor)
            return
        sensor.silent = True
        self._spots[sensor.record.path].take(sensor)
        for machine in sensor.watching:
            machine.hush()

    # --- places and sensors ---------------------------------------------------------------------

    def _meet(self, record: Record, given: Reading) -> Sensor:
        """Take up a sensor that is new."""
        patience = self._site.patience(given.entity, given.fact)
        sensor = Sensor(record, given.fact, given.sensor, patience, given.at, given.at)
        self._add(sensor)
        return sensor

    def _crowded(self, path: str, fact: str) -> bool:
        spot = self._spots.get(path)
        return spot is not None and len(spot.sensors.get(fact, ())) >= MOST_OF_A_FACT

    def _add(self, sensor: Sensor) -> None:
        record = sensor.record
        self._sensors[record.path, sensor.fact, sensor.name] = sensor
        self._spots.setdefault(record.path, Spot()).add(sensor)
        sensor.watching = self._watching.setdefault((record.path, sensor.fact), [])
        for index, rule in enumerate(self.ruleset.live.values()):
            if rule.entity == record.entity.name:
                self._watch(index, rule, sensor)

    def _watch(self, index: int, rule: LiveRule, sensor: Sensor) -> None:
        """Set up what watches a sensor for one warning, where nothing does yet."""
        record = sensor.record
        own = rule.sensor == sensor.fact
        by_sensor = isinstance(rule.form, BY_SENSOR)
        name = sensor.name if by_sensor else ""
        if (index, record.path, name) in self._machines or (by_sensor and not own):
            return
        alarm, back = (
            live_condition(each, record, self.ruleset) if each is not None else None
            for each in (rule.alarm, rule.restore)
        )
        named = {rule.sensor, *(alarm.facts if alarm else ()), *(back.facts if back else ())}
        if sensor.fact not in named or not self._site.stands_in(rule, record):
            return
        machine = MACHINES[type(rule.form)](
            rule, index, record, name, self, pair_of(rule.form), alarm, back, self._spots[record.path]
        )
        self._machines[index, record.path, name] = machine
        for fact in named:
            watching = self._watching.setdefault((record.path, fact), [])
            watching.append(machine)
            watching.sort(key=lambda each: (each.index, each.sensor))

    # --- what is told ---------------------------------------------------------------------------

    def tell(self, event: What, machine: Machine, by: str | None = None) -> None:
        """Say what happened to a warning."""
        found = told(event, machine, self.clock, self.ruleset, self._sensors.values(), by)
        self._warnings.append(found)
