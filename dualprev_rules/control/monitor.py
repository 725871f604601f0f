"""A monitor: readings in, warnings out, as ``docs/live.md`` says. Time is the readings' own."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from dualprev_rules.control.monitor_doubts import Aside, Doubts, Key
from dualprev_rules.control.monitor_judging import Judging
from dualprev_rules.control.monitor_place import Machine
from dualprev_rules.control.monitor_places import Places
from dualprev_rules.control.monitor_sensor import Sensor
from dualprev_rules.control.monitor_site import Site
from dualprev_rules.control.monitor_snapshot import (
    carry_over,
    doubts_state,
    machine_state,
    sensor_state,
    set_doubts,
)
from dualprev_rules.control.monitor_state import MonitorState, state_of
from dualprev_rules.control.monitor_telling import told
from dualprev_rules.control.monitor_warning import Heard, LiveWarning, What
from dualprev_rules.control.readings import MARKS, Acknowledgement, Reading, ReadingReader, at_of, moment
from dualprev_rules.evaluate.events import Memory, open_memory
from dualprev_rules.evaluate.events.memory import Isolation
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import DualprevError, Problem, problem
from dualprev_rules.risk import Profile

_MICROSECOND = timedelta(microseconds=1)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
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
    ahead of the clock a sensor that is alone is believed. With ``isolation="process"`` durable-rules runs
    in a process of its own. To be used by one thread, and closed. Raises DualprevError where durable-rules is
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
        self._leap = leap // _MICROSECOND
        self._doubts = Doubts(self._leap)
        read = engine.read(facts) if facts is not None else None
        self._problems: list[Problem] = list(read.problems) if read is not None else []
        patience = silent_after // _MICROSECOND
        self._site = Site(self.ruleset, read, patience, self._problems.append)
        self._reader = ReadingReader(self.ruleset.schema, self._entity_of)
        self._warnings: list[LiveWarning] = []
        self._timers: list[tuple[int, int, int, str, str, int, Any]] = []
        self._timed = 0
        places = self._places = Places(self.ruleset, self._site, self)
        self._sensors, self._spots, self._machines = places.sensors, places.spots, places.machines
        self._judging = Judging(self.ruleset, places.spots)
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
        self._feed_near()
        return self._heard()

    def acknowledge(self, id: str, *, by: str, at: datetime | str) -> Heard:  # noqa: A002
        """Say that a named person has taken note of an open warning; it is not escalated any more.

        Raises DualprevError where no such warning is open, or the name or the zone of the time is missing.
        """
        time = moment(at if isinstance(at, str) else at.isoformat())
        faults = [] if by.strip() else [problem("control.blank", path="acknowledge.by")]
        if time is None:
            faults.append(problem("control.reading-time", path=id, given=str(at)))
        said = Acknowledgement(id, by.strip(), time if time is not None else self.clock)
        found = self._acknowledged(said)
        if isinstance(found, Problem):
            faults.append(found)
        if isinstance(found, Problem) or faults:
            raise DualprevError(faults)
        self._note(found, said, again=True)
        return self._heard()

    def state(self, *, sensors: int | None = None) -> MonitorState:
        """Return what is known at the moment; of the sensors at most so many."""
        clock = self.clock if self._begun else None
        return state_of(clock, self._machines.values(), self._sensors.values(), sensors)

    # --- checkpoints ----------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """Return all that the monitor remembers, as JSON values; the first of ``basis`` is the day."""
        return {
            "version": 2,
            "basis": self._basis,
            "clock": self.clock,
            "begun": self._begun,
            "doubts": doubts_state(self._doubts),
            "sensors": [sensor_state(each) for each in self._sensors.values()],
            "machines": [machine_state(each) for each in self._machines.values()],
        }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Go on from a snapshot, in a monitor that is still unused.

        With other packs, another profile, day or site what still stands somewhere is carried over; what
        does not is dropped. Both are reported with the next reading. Raises DualprevError where the
        snapshot is not whole.
        """
        if self._sensors or snapshot.get("version") != 2:
            raise DualprevError(problem("control.snapshot", given=str(snapshot.get("version"))[:20]))
        try:
            self._restore(snapshot)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise DualprevError(
                problem("control.snapshot", given=f"{type(error).__name__} {error}"[:200])
            ) from error

    def _restore(self, snapshot: Mapping[str, Any]) -> None:
        if snapshot["basis"] != self._basis:
            before, now = ("；".join(map(str, each)) for each in (snapshot["basis"], self._basis))
            code = "control.snapshot-basis"
            self._problems.append(problem(code, severity="warning", given=before[:400], now=now[:400]))
        self.clock, self._begun = int(snapshot["clock"]), bool(snapshot["begun"])
        paths = carry_over(snapshot, self.ruleset, self._site, self._places, self._problems.append)
        for sensor in self._sensors.values():
            self._doubts.patience = min(self._doubts.patience, sensor.patience)
            if not sensor.silent:
                self._await_silence(sensor)
        for machine in self._machines.values():
            machine.recall()
        self._judging.restore(self._machines.values())
        set_doubts(self._doubts, snapshot["doubts"], paths, self.ruleset.schema)

    # --- acknowledgements -----------------------------------------------------------------------

    def _acknowledge(self, given: Acknowledgement) -> None:
        found = self._acknowledged(given)
        if isinstance(found, Problem):
            self._problems.append(found)
        else:
            self._note(found, given, again=False)

    def _acknowledged(self, given: Acknowledgement) -> Machine | Problem:
        """Return the open warning that is meant, or why it cannot be; nothing has moved by then."""
        open_ones = (each for each in self._machines.values() if each.opened is not None)
        found = next((each for each in open_ones if each.id == given.warning), None)
        if found is None:
            return problem("control.no-warning", severity="warning", given=given.warning)
        if given.at > self.clock + self._leap:
            clock, said = at_of(self.clock).isoformat(), at_of(given.at).isoformat()
            return problem(
                "control.reading-leap",
                severity="warning",
                path=given.warning,
                given=said,
                sensor=given.by,
                clock=clock,
            )
        return found

    def _note(self, found: Machine, given: Acknowledgement, *, again: bool) -> None:
        """Take up an acknowledgement; the clock goes no further with it than it would with a sensor."""
        if given.at <= self.clock + self._doubts.patience:
            self._pass(given.at)
        if found.acknowledge() or again:
            self.tell("acknowledged", found, given.by)

    # --- readings -------------------------------------------------------------------------------

    def _entity_of(self, path: str) -> str | None:
        record = self._site.named(path)
        return record.entity.name if record is not None else None

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
        if record is None:
            self._refuse("control.reading-places", given)
            return
        key = (record.path, given.fact, given.sensor)
        begins, doubts = not self._begun, self._doubts
        sensor = self._sensors.get(key)
        if not self._taken(key, sensor, given):
            return
        self._take(record, sensor or self._sensors.get(key), given)
        if begins:
            doubts.alone, doubts.first = key, True
        elif doubts.alone is not None or doubts.ahead or doubts.behind or doubts.runs:
            doubts.forget(key)
            doubts.taken(key)
            self._feed_near()

    def _take(self, record: Record, sensor: Sensor | None, given: Reading) -> None:
        """Let a reading take effect."""
        if given.value is None or given.mark is not None:
            self._report_content(given)
        self._pass(given.at)
        is_first = sensor is None
        if sensor is None:
            sensor = self._meet(record, given)
        before = sensor.choices if self._judging.unbroken else None
        sensor.take(given, is_first)
        if not sensor.timed and not sensor.silent:
            self._await_silence(sensor)
        self._spots[record.path].take(sensor)
        for machine in sensor.watching:
            machine.step(self.clock, sensor)
        if before is not None and (is_first or sensor.choices != before):
            self._judge_again(record, given.fact)

    def _report_content(self, given: Reading) -> None:
        path = f"{given.record}.{given.fact}"
        if given.value is None:
            self._problems.append(problem("control.reading-value", path=path, given=given.shown))
        if given.mark is not None and given.mark not in MARKS:
            code, marks = "control.reading-mark", " / ".join(MARKS)
            self._problems.append(
                problem(code, severity="warning", path=path, given=given.mark, nearest=marks)
            )

    def _again(self, waiting: list[Aside]) -> None:
        """Let readings take effect that were put aside, each in the order of its sensor."""
        for _, given in waiting:
            record = self._site.record(given.record, given.entity)
            if record is None:
                continue
            key = (record.path, given.fact, given.sensor)
            sensor = self._sensors.get(key)
            if not self._places.full(*key[:2]) if sensor is None else given.at > sensor.at:
                self._take(record, sensor, given)
                self._doubts.taken(key)

    def _feed_near(self) -> None:
        """Let what waits ahead take effect where time has come near it."""
        while self._doubts.ahead and (near := self._doubts.until(self.clock + self._doubts.patience)):
            self._again(near)

    def _meet(self, record: Record, given: Reading) -> Sensor:
        """Take up a sensor that is new."""
        patience = self._site.patience(given.entity, given.fact)
        sensor = Sensor(record, given.fact, given.sensor, patience, given.at, given.at)
        self._add(sensor)
        if not sensor.watching:
            self._refuse("control.reading-unwatched", given)
        return sensor

    def _add(self, sensor: Sensor) -> None:
        self._places.add(sensor)
        self._doubts.patience = min(self._doubts.patience, sensor.patience)

    def _taken(self, key: Key, sensor: Sensor | None, given: Reading) -> bool:
        """Tell whether a reading is taken, by its time; why one is not is reported."""
        at, clock, doubts = given.at, self.clock, self._doubts
        if sensor is not None and at > sensor.at and clock <= at <= clock + doubts.patience:
            return True  # as nearly all are
        code = None
        is_late = self._begun and at + self._site.patience(given.entity, given.fact) <= clock
        if sensor is not None and at == sensor.at:
            same = (given.value, given.mark) == (sensor.value, sensor.mark)
            code = "control.reading-repeated" if same else "control.reading-conflict"
        elif is_late and self._set_back(key, sensor, given):
            return True
        elif is_late or (sensor is not None and at < sensor.at):
            code = "control.reading-late"
        elif sensor is None and self._places.full(key[0], given.fact):
            code = "control.reading-sensors"
        elif self._begun and at > clock + doubts.patience and not self._believed(key, given):
            code = "control.reading-leap"
        if code is not None:
            self._refuse(code, given)
        return code is None

    def _refuse(self, code: str, given: Reading) -> None:
        severity = "note" if code == "control.reading-repeated" else "warning"
        path, said = f"{given.record}.{given.fact}", at_of(given.at).isoformat()
        clock = at_of(self.clock).isoformat()
        self._problems.append(
            problem(code, severity=severity, path=path, given=said, sensor=given.sensor, clock=clock)
        )

    def _believed(self, key: Key, given: Reading) -> bool:
        """Tell whether a time far ahead of the clock is believed; what waited until then comes first."""
        doubts, clock = self._doubts, self.clock
        others = (each for other, each in self._sensors.items() if other != key)
        is_alone = all(each.at + self._leap < clock for each in others)
        if is_alone and given.at <= clock + self._leap:
            doubts.alone = key
            return True
        who = doubts.confirmed(key, given, is_alone=is_alone)
        if who is not None:
            self._again(doubts.until(given.at))
        if who == "own":
            doubts.alone = key
        return who is not None

    def _set_back(self, key: Key, sensor: Sensor | None, given: Reading) -> bool:
        """Set back a clock that one sensor alone has moved, where others say that it is wrong."""
        is_old = sensor is not None and given.at < sensor.at and key != self._doubts.alone
        agree = [] if is_old else self._doubts.refuted(key, given)
        if not agree:
            return False
        wrong, to = self.clock, min(given.at, agree[0].reading.at)
        self.clock = to
        self._timers.clear()
        for each in self._sensors.values():
            each.set_back(to)
            if not each.silent:
                self._await_silence(each)
        for machine in self._machines.values():
            machine.set_back(to)
        said = at_of(wrong).isoformat()
        self._problems.append(
            problem("control.clock-back", severity="warning", given=said, clock=at_of(to).isoformat())
        )
        self._again([each for each in agree if each.reading.at <= given.at])
        self._doubts.ahead += [each for each in agree if each.reading.at > given.at]
        return True

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
        if time > self.clock or not self._begun:
            self.clock = time
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

    # --- what is told ---------------------------------------------------------------------------

    def tell(self, event: What, machine: Machine, by: str | None = None) -> None:
        """Say what happened to a warning."""
        found = self._judging.take(event, machine)
        self._warnings.append(told(event, machine, self.clock, self.ruleset, found, by))

    def _judge_again(self, record: Record, fact: str) -> None:
        """Say where the rule of an open warning has come to be violated."""
        for machine, found in self._judging.again(record.path, fact):
            self._warnings.append(told("violated", machine, self.clock, self.ruleset, found, None))
