"""The forms of warnings: for each the small machine that watches a place or a sensor for it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from typing import Any

from dualprev_rules.control.monitor_place import Machine
from dualprev_rules.control.monitor_sensor import Sensor
from dualprev_rules.evaluate.events import Truth
from dualprev_rules.pack.live import REACH, SCALE, Count, Disagreement, Form, Held, Rate, Silence


class Limit(Machine):
    """``held: 0 s``: a limit alone, as most warnings are; what each reading goes through is kept short."""

    __slots__ = ()

    def watch(self, now: int, sensor: Sensor) -> None:
        """Open where the condition holds."""
        spot, alarm = self.spot, self.alarm
        if (alarm.test(spot.standing) if alarm is not None and spot.plain else self.alarmed()) is True:
            self.open(now)


class Stretch(Machine):
    """``held`` and ``disagreement``: a condition without a break for a time."""

    __slots__ = ()

    def watch(self, now: int, sensor: Sensor) -> None:
        """Begin, go on with or break a stretch."""
        if not self.lasts():
            if self.past:
                self.drop(len(self.past))
            return
        if self.pair is None:
            self.open(now)
        elif not self.past:
            self.keep(now, now)
            self.await_end()

    def lasts(self) -> bool:
        """Tell whether the condition holds; a reading that cannot be read tells no more than none."""
        found = self.alarmed()
        return self.alarmed(lasting=True) is True if found is None else found

    def await_end(self) -> None:
        """Ask to be woken when the stretch will have lasted."""
        assert self.pair is not None
        self.desk.wake(self.past[0][1] + self.pair.by, 0, self)

    def recall(self) -> None:
        """Wait again for the end of a stretch."""
        Machine.recall(self)
        if self.past:
            self.await_end()

    def hush(self) -> None:
        """Break a stretch of which nothing is known any more."""
        if self.opened is None and self.past and not self.lasts():
            self.drop(len(self.past))

    def due(self, at: int) -> None:
        """Open where the stretch has lasted."""
        if self.opened is None and self.matches(at):
            self.open(at)


class Differing(Stretch):
    """``disagreement``: the condition is that two sensors differ."""

    __slots__ = ()

    def alarmed(self, *, lasting: bool = False) -> Truth:
        """Tell whether two of the values that stand differ."""
        form = self.rule.form
        assert isinstance(form, Disagreement)
        sensors = self.spot.sensors.get(self.rule.sensor, ())
        stand = [each.lasting if lasting else each.choices for each in sensors]
        known = [[value for value in values if isinstance(value, Fraction)] for values in stand]
        for some, others in combinations(known, 2):
            if any(abs(one - other) >= form.by for one in some for other in others):
                return True
        return None if any(None in values for values in stand) else False


class Counting(Machine):
    """``count``: hits among the last readings."""

    __slots__ = ()

    def watch(self, now: int, sensor: Sensor) -> None:
        """Count the reading."""
        form = self.rule.form
        assert isinstance(form, Count)
        assert self.alarm is not None
        if sensor.value is None or sensor.fact not in self.alarm.facts:
            return
        if sensor.mark is not None and self.alarmed() is not True:
            return
        reading = self.more["readings"] = self.more.get("readings", 0) + 1
        self.drop_before(reading - form.of + 1)
        if self.alarmed() is True:
            hit = self.more["hits"] = self.more.get("hits", 0) + 1
            if self.matches(hit):
                self.open(now)
            else:
                self.keep(reading, hit)


class Changing(Machine):
    """``rate``: a rise or fall within a time."""

    __slots__ = ()

    def watch(self, now: int, sensor: Sensor) -> None:
        """Set the reading against those of the window."""
        form = self.rule.form
        assert isinstance(form, Rate)
        value = sensor.value
        if sensor.name != self.sensor or sensor.fact != self.rule.sensor or not isinstance(value, Fraction):
            return
        if abs(value) >= REACH:
            return
        self.drop_before(now - form.within)
        number = round(value * SCALE)
        if self.matches(number):
            self.open(now)
            return
        # Whatever makes a pair with an earlier value as high (for a fall: as low) makes one with this.
        while self.past and (self.past[-1][2] >= number if form.change > 0 else self.past[-1][2] <= number):
            self.drop_last()
        self.keep(now, number)


class Silent(Machine):
    """``silence``: no readable value for a time."""

    __slots__ = ()

    def step(self, now: int, sensor: Sensor) -> None:
        """Close where a readable value has come; wait for the next silence."""
        if sensor.name != self.sensor or sensor.fact != self.rule.sensor:
            return
        if self.opened is not None and sensor.value is not None and sensor.mark is None:
            self.close()
        if self.opened is None:
            self.watch(now, sensor)

    def watch(self, now: int, sensor: Sensor) -> None:
        """Wait for silence, where it is not waited for."""
        if not self.more.get("waiting"):
            self.wait(sensor)

    def recall(self) -> None:
        """Wait again for silence."""
        Machine.recall(self)
        self.more.pop("waiting", None)
        if self.opened is None:
            (sensor,) = (each for each in self.spot.sensors[self.rule.sensor] if each.name == self.sensor)
            self.wait(sensor)

    def wait(self, sensor: Sensor) -> None:
        """Ask to be woken when the sensor will have been silent."""
        assert isinstance(self.rule.form, Silence)
        self.more["waiting"] = 1
        self.desk.wake(sensor.heard + self.rule.form.time, 1, self)

    def due(self, at: int) -> None:
        """Open where nothing has come since, else wait on."""
        form = self.rule.form
        assert isinstance(form, Silence)
        self.more.pop("waiting", None)
        (sensor,) = (each for each in self.spot.sensors[self.rule.sensor] if each.name == self.sensor)
        if sensor.heard + form.time > at:
            self.wait(sensor)
        elif self.opened is None:
            self.open(at)


def machine_of(form: Form) -> Callable[..., Machine]:
    """Return the machine of a form."""
    return Limit if isinstance(form, Held) and not form.time else _MACHINES[type(form)]


_MACHINES: dict[type[Any], Callable[..., Machine]] = {
    Held: Stretch,
    Disagreement: Differing,
    Count: Counting,
    Rate: Changing,
    Silence: Silent,
}
BY_SENSOR = (Rate, Silence)
"""The forms that are about one sensor."""
