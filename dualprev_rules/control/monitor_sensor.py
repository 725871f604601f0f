"""A sensor as a monitor knows it, and the sensors of a record together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dualprev_rules.control.readings import Reading
from dualprev_rules.evaluate.events import Known
from dualprev_rules.facts.record import Record

if TYPE_CHECKING:
    from dualprev_rules.control.monitor_place import Machine


@dataclass(eq=False, slots=True)
class Sensor:
    """A sensor: its last reading that was taken, and when a readable one last came."""

    record: Record
    fact: str
    name: str
    patience: int
    at: int
    heard: int
    value: Known | None = None
    silent: bool = False
    shown: str = ""
    unit: str | None = None
    mark: str | None = None
    before: tuple[Known | None, ...] = ()
    """The last value without a mark, where the present one has a mark and that one stood until then."""
    last: Known | None = None
    """The last value that could be read."""
    plain: Known | None = None
    """The last one of these without a mark, unless the sensor was silent since."""
    timed: bool = False
    """Whether its silence is being waited for."""
    watching: list[Machine] = field(default_factory=list["Machine"])
    """What takes up its readings: one list for all sensors of a fact at a record."""

    @property
    def stands(self) -> Known | None:
        """The value that stands; None: unknown."""
        return None if self.silent else self.value

    @property
    def choices(self) -> tuple[Known | None, ...]:
        """The values that may be those of the place: a marked one shows it for no certain."""
        return (None,) if self.silent else (self.value, *self.before)

    @property
    def lasting(self) -> tuple[Known | None, ...]:
        """The same, where a reading that cannot be read counts for none."""
        if self.silent or self.plain is None or self.plain == self.last:
            return (None,) if self.silent else (self.last,)
        return self.last, self.plain

    def take(self, given: Reading, is_first: bool, /) -> None:
        """Take up a reading, perhaps its first."""
        _, _, _, _, at, value, shown, unit, mark = given
        if mark is not None or self.mark is not None:
            if mark is None or is_first or self.silent:
                self.before = ()
            elif self.mark is None:
                self.before = (self.value,)
            self.mark = mark
        self.at, self.value, self.shown, self.unit = at, value, shown, unit
        if self.silent:
            self.plain = None
        if value is not None:
            self.heard, self.silent, self.last = max(self.heard, at), False, value
            if mark is None:
                self.plain = value

    def set_back(self, to: int) -> None:
        """Go on from an earlier time."""
        self.at, self.heard = min(self.at, to - 1), min(self.heard, to - 1)
        self.timed = False


@dataclass(eq=False, slots=True)
class Spot:
    """The sensors of a record, by fact, and what stands of facts that have one sensor."""

    sensors: dict[str, list[Sensor]] = field(default_factory=dict[str, list[Sensor]])
    standing: dict[str, Known | None] = field(default_factory=dict[str, "Known | None"])
    several: bool = False
    """Whether some fact has more than one: then every choice of one for each is looked at."""
    marked: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """The sensors, by fact and name, whose last reading has a mark."""
    plain: bool = True
    """Whether each fact has one value."""

    def add(self, sensor: Sensor) -> None:
        """Take up a sensor."""
        here = self.sensors.setdefault(sensor.fact, [])
        here.append(sensor)
        here.sort(key=lambda each: each.name)
        self.several = self.several or len(here) > 1
        self.plain = not self.several and not self.marked
        self.take(sensor)

    def take(self, sensor: Sensor) -> None:
        """Take up what stands of a sensor now."""
        self.standing[sensor.fact] = None if sensor.silent else sensor.value
        if sensor.mark is not None or self.marked:
            change = self.marked.discard if sensor.mark is None else self.marked.add
            change((sensor.fact, sensor.name))
            self.plain = not self.several and not self.marked
