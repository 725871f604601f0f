"""What a monitor keeps of a place or sensor for one warning, whatever its form."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Protocol

from dualprev_rules.control.monitor_sensor import Sensor, Spot
from dualprev_rules.evaluate.events import Condition, Memory, Pair, Truth
from dualprev_rules.facts.record import Record
from dualprev_rules.pack.live import LiveRule

_ESCALATED = "escalated"


class Desk(Protocol):
    """What a machine asks of the monitor."""

    memory: Memory

    def wake(self, at: int, rank: int, machine: Machine) -> None:
        """Wake the machine at a time."""
        ...

    def tell(self, event: Any, machine: Machine, by: str | None = None) -> None:
        """Say what happened."""
        ...


@dataclass(eq=False, slots=True)
class Machine(ABC):
    """A warning at a record, or for one sensor there."""

    rule: LiveRule
    index: int
    record: Record
    sensor: str
    """The one sensor that it is about; empty for all of the record."""
    desk: Desk
    pair: Pair | None
    alarm: Condition | None
    back: Condition | None
    spot: Spot
    number: int = 0
    opened: int | None = None
    answered: bool = False
    broken: bool = False
    """Whether its rule has been said to be violated since it opened."""
    last: int = 0
    """The number of the last fact that was given to the memory."""
    past: deque[tuple[int, int, int]] = field(default_factory=deque[tuple[int, int, int]])
    """What the memory keeps of the place: fact, time or number of reading, number remembered."""
    more: dict[str, int] = field(default_factory=dict[str, int])
    """What else a form keeps."""

    @property
    def id(self) -> str:
        """The id of the warning that is open, or was last."""
        about = f"|{self.sensor}" if self.sensor else ""
        return f"{self.rule.id}|{self.record.short}{about}|{self.number}"

    @property
    def place(self) -> str:
        """The name of the place in the memory."""
        return f"{self.rule.id}|{self.record.path}|{self.sensor}"

    # --- what each form does --------------------------------------------------------------------

    def step(self, now: int, sensor: Sensor) -> None:
        """Take up a reading that has taken effect; while the warning is open, only what closes it."""
        if self.opened is None:
            self.watch(now, sensor)
        elif self.restored():
            self.close()

    @abstractmethod
    def watch(self, now: int, sensor: Sensor) -> None:
        """Take up a reading while the warning is not open."""

    def hush(self) -> None:  # noqa: B027 - most forms have nothing to do then
        """Take up that a sensor of the record has fallen silent."""

    def due(self, at: int) -> None:  # noqa: B027 - most forms wait for no time
        """Take up a time that was waited for."""

    # --- opening and closing --------------------------------------------------------------------

    def open(self, at: int) -> None:
        """Open the warning."""
        self.opened, self.answered, self.broken = at, False, False
        self.number += 1
        self.drop(len(self.past))
        self.more.clear()
        self.desk.tell("opened", self)
        if self.rule.escalate is not None:
            self.desk.wake(at + self.rule.escalate, 3, self)

    def close(self) -> None:
        """Close the warning."""
        self.desk.tell("closed", self)
        self.opened = None

    def escalate(self, at: int) -> None:
        """Escalate it, where it is open still and nobody has acknowledged it."""
        assert self.rule.escalate is not None
        if self.opened is not None and not self.answered and at == self.opened + self.rule.escalate:
            self.answered, self.more[_ESCALATED] = True, 1
            self.desk.tell("escalated", self)

    def acknowledge(self) -> bool:
        """Take up that somebody has taken note; return whether nobody had since the last event."""
        first = not self.answered or bool(self.more.pop(_ESCALATED, 0))
        self.answered = True
        return first

    # --- the memory -----------------------------------------------------------------------------

    def keep(self, time: int, number: int) -> None:
        """Remember a fact."""
        assert self.pair is not None
        self.last += 1
        self.past.append((self.last, time, number))
        self.desk.memory.remember(self.pair, self.place, self.last, number)

    def drop(self, count: int) -> None:
        """Forget the oldest facts."""
        for _ in range(count):
            fact, _, number = self.past.popleft()
            assert self.pair is not None
            self.desk.memory.forget(self.pair, self.place, fact, number)

    def drop_last(self) -> None:
        """Forget the newest fact."""
        fact, _, number = self.past.pop()
        assert self.pair is not None
        self.desk.memory.forget(self.pair, self.place, fact, number)

    def drop_before(self, time: int) -> None:
        """Forget what has left the window."""
        while self.past and self.past[0][1] < time:
            self.drop(1)

    def matches(self, number: int) -> bool:
        """Ask the memory; a match leaves it empty.

        What is kept stands in order, the farthest first: where even that makes no pair nothing does, and
        nobody is asked.
        """
        assert self.pair is not None
        if not self.past or not self.pair.fits(self.past[0][2], number):
            return False
        found = self.desk.memory.match(self.pair, self.place, number)
        if found:
            self.past.clear()
        return found

    def recall(self) -> None:
        """Give the memory again what a snapshot kept, and wait again for what was waited for."""
        for fact, _, number in self.past:
            assert self.pair is not None
            self.desk.memory.remember(self.pair, self.place, fact, number)
        if self.opened is not None and self.rule.escalate is not None and not self.answered:
            self.desk.wake(self.opened + self.rule.escalate, 3, self)

    def set_back(self, to: int) -> None:
        """Go on from an earlier time: what was kept was of times that never were."""
        self.drop(len(self.past))
        self.opened = min(self.opened, to) if self.opened is not None else None
        self.recall()

    # --- conditions -----------------------------------------------------------------------------

    def choices(self, condition: Condition, *, lasting: bool = False) -> Iterable[Truth]:
        """Return what a condition is for every choice of one value for each fact."""
        sensors = self.spot.sensors
        sensed = [name for name in condition.facts if name in sensors]
        of = [
            [value for each in sensors[name] for value in (each.lasting if lasting else each.choices)]
            for name in sensed
        ]
        return [condition.test(dict(zip(sensed, chosen, strict=True))) for chosen in product(*of)]

    def alarmed(self, *, lasting: bool = False) -> Truth:
        """Tell whether the alarm holds: where some choice says so.

        ``lasting``: with what could be read last, where the last reading could not.
        """
        assert self.alarm is not None
        if self.spot.plain and not lasting:
            return self.alarm.test(self.spot.standing)
        found = self.choices(self.alarm, lasting=lasting)
        if True in found:
            return True
        return None if None in found else False

    def restored(self) -> bool:
        """Tell whether the place is back to normal: where every choice says so, and no marked reading."""
        if self.spot.marked:
            closing = self.back or self.alarm
            named = {self.rule.sensor} if closing is None else closing.facts
            if any(fact in named for fact, _ in self.spot.marked):
                return False
        if self.back is not None:
            if self.spot.plain:
                return self.back.test(self.spot.standing) is True
            return all(found is True for found in self.choices(self.back))
        return self.alarmed() is False
