"""A monitor: readings in, warnings out, as ``docs/live.md`` says. Time is the readings' own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from dualprev_rules.control.monitor_clock import Clock
from dualprev_rules.control.monitor_doubts import Doubts
from dualprev_rules.control.monitor_effect import Effect
from dualprev_rules.control.monitor_intake import Intake
from dualprev_rules.control.monitor_judging import Judging
from dualprev_rules.control.monitor_place import Machine
from dualprev_rules.control.monitor_places import Places
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
from dualprev_rules.control.readings import Acknowledgement, ReadingReader, at_of, moment
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
        self.ruleset, self._raising = engine.ruleset, engine.profile.warnings_raise
        packs = (f"{pack.id} {pack.version} {pack.hash}" for pack in self.ruleset.packs)
        profile = f"{engine.profile.id} {engine.profile.hash}"
        self._basis = [self.ruleset.as_of.isoformat(), profile, *packs]
        read = engine.read(facts) if facts is not None else None
        self._problems: list[Problem] = list(read.problems) if read is not None else []
        report = self._problems.append
        self._warnings: list[LiveWarning] = []
        self._site = Site(self.ruleset, read, silent_after // _MICROSECOND, report)
        self._reader = ReadingReader(self.ruleset.schema, self._entity_of)
        places = self._places = Places(self.ruleset, self._site, self)
        self._sensors, self._machines = places.sensors, places.machines
        self._clock = Clock(places.spots)
        self._doubts = Doubts(leap // _MICROSECOND)
        self._judging = Judging(self.ruleset, places.spots)
        known = (self._clock, places, self._site, self._doubts)
        effect = Effect(*known, self._judging, changed=self._judge_again, report=report)
        self._intake = Intake(*known, effect, report=report)
        self.memory: Memory = open_memory(isolation, report)

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
            self._intake.feed(given)
        return self._heard()

    def tick(self, at: datetime | str) -> Heard:
        """Let time go on without a reading: what is due by then happens; before the first reading nothing is.

        Raises DualprevError where the time has no zone.
        """
        time = moment(at if isinstance(at, str) else at.isoformat())
        if time is None:
            raise DualprevError(problem("control.reading-time", path="tick", given=str(at)))
        if self._clock.begun and time > self._clock.now:
            self._intake.tick(time)
        return self._heard()

    def acknowledge(self, id: str, *, by: str, at: datetime | str) -> Heard:  # noqa: A002
        """Say that a named person has taken note of an open warning; it is not escalated any more.

        Raises DualprevError where no such warning is open, or the name or the zone of the time is missing.
        """
        time = moment(at if isinstance(at, str) else at.isoformat())
        faults = [] if by.strip() else [problem("control.blank", path="acknowledge.by")]
        if time is None:
            faults.append(problem("control.reading-time", path=id, given=str(at)))
        said = Acknowledgement(id, by.strip(), time if time is not None else self._clock.now)
        found = self._acknowledged(said)
        if isinstance(found, Problem):
            faults.append(found)
        if isinstance(found, Problem) or faults:
            raise DualprevError(faults)
        self._note(found, said, again=True)
        return self._heard()

    @property
    def clock(self) -> datetime | None:
        """The time that has come; None before the first reading."""
        return at_of(self._clock.now) if self._clock.begun else None

    def state(self, *, sensors: int | None = None) -> MonitorState:
        """Return what is known at the moment; of the sensors at most so many."""
        return state_of(self.clock, self._machines.values(), self._sensors.values(), sensors, self._raising)

    # --- checkpoints ----------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """Return all that the monitor remembers, as JSON values; the first of ``basis`` is the day."""
        return {
            "version": 2,
            "basis": self._basis,
            "clock": self._clock.now,
            "read": self._clock.read,
            "begun": self._clock.begun,
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
        self._clock.now, self._clock.begun = int(snapshot["clock"]), bool(snapshot["begun"])
        self._clock.read = int(snapshot.get("read", self._clock.now))
        paths = carry_over(snapshot, self.ruleset, self._site, self._places, self._problems.append)
        for sensor in self._sensors.values():
            self._doubts.meet(sensor)
            if not sensor.silent:
                self._clock.await_silence(sensor)
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
        if given.at > self._clock.now + self._doubts.leap:
            clock, said = at_of(self._clock.now).isoformat(), at_of(given.at).isoformat()
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
        """Take up an acknowledgement; somebody's watch moves no clock."""
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

    # --- what the warnings ask for --------------------------------------------------------------

    def wake(self, at: int, rank: int, machine: Machine) -> None:
        """Wake a machine at a time."""
        self._clock.wake(at, rank, machine)

    def tell(self, event: What, machine: Machine, by: str | None = None) -> None:
        """Say what happened to a warning."""
        found = self._judging.take(event, machine)
        self._warnings.append(told(event, machine, self._clock.now, self.ruleset, found, by, self._raising))

    def _judge_again(self, record: Record, fact: str) -> None:
        """Say where the rule of an open warning has come to be violated."""
        for machine, found in self._judging.again(record.path, fact):
            self._warnings.append(
                told("violated", machine, self._clock.now, self.ruleset, found, None, self._raising)
            )
