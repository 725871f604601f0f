"""Whether a reading is taken, by its time: rules 2 to 5 of ``docs/live.md``."""

from __future__ import annotations

from collections.abc import Callable

from dualprev_rules.control.monitor_clock import Clock
from dualprev_rules.control.monitor_doubts import Aside, Doubts, Key
from dualprev_rules.control.monitor_effect import Effect
from dualprev_rules.control.monitor_places import Places
from dualprev_rules.control.monitor_sensor import Sensor
from dualprev_rules.control.monitor_site import Site
from dualprev_rules.control.readings import Reading, at_of
from dualprev_rules.problems import Problem, problem


class Intake:
    """Takes readings, puts them aside, or refuses them with a report."""

    def __init__(
        self,
        clock: Clock,
        places: Places,
        site: Site,
        doubts: Doubts,
        effect: Effect,
        *,
        report: Callable[[Problem], None],
    ) -> None:
        self._clock = clock
        self._places, self._sensors = places, places.sensors
        self._site = site
        self._doubts = doubts
        self._effect = effect
        self._report = report

    def feed(self, given: Reading) -> None:
        """Take up a reading."""
        record = self._site.record(given.record, given.entity)
        if record is None:
            self._effect.refuse("control.reading-places", given)
            return
        key = (record.path, given.fact, given.sensor)
        begins, doubts = not self._clock.begun, self._doubts
        sensor = self._sensors.get(key)
        if not self._taken(key, sensor, given):
            return
        self._effect.take(record, sensor or self._sensors.get(key), given)
        if begins:
            doubts.alone, doubts.first = key, True
        elif doubts.alone is not None or doubts.ahead or doubts.behind or doubts.runs:
            doubts.forget(key)
            doubts.taken(key)
            self.feed_near()

    def tick(self, time: int) -> None:
        """Let time go on without a reading; what waits ahead takes effect on the way, at its own time."""
        self._again(self._doubts.until(time), by_tick=True)
        self._clock.go_on(time)

    def feed_near(self) -> None:
        """Let what waits ahead take effect where time has come to it."""
        doubts, clock = self._doubts, self._clock
        while doubts.ahead and (near := doubts.until(clock.read)):
            self._again(near)

    def _again(self, waiting: list[Aside], *, by_tick: bool = False) -> None:
        """Let readings take effect that were put aside, each in the order of its sensor."""
        for _, given in waiting:
            record = self._site.record(given.record, given.entity)
            if record is None:
                continue
            key = (record.path, given.fact, given.sensor)
            sensor = self._sensors.get(key)
            if not self._places.full(*key[:2]) if sensor is None else given.at > sensor.at:
                self._effect.take(record, sensor, given, by_tick=by_tick)
                if not by_tick:
                    self._doubts.taken(key)

    def _taken(self, key: Key, sensor: Sensor | None, given: Reading) -> bool:
        """Tell whether a reading is taken, by its time; why one is not is reported."""
        at, now, doubts = given.at, self._clock.now, self._doubts
        is_near = at <= now + doubts.patience and not doubts.lead.outruns(key, at, now, doubts.patience)
        if is_near and sensor is not None and sensor.at < at >= now:
            return True  # as nearly all are
        code = None
        begun = self._clock.begun
        is_late = begun and at + self._site.patience(given.entity, given.fact) <= self._come
        if sensor is not None and at == sensor.at:
            same = (given.value, given.mark) == (sensor.value, sensor.mark)
            code = "control.reading-repeated" if same else "control.reading-conflict"
        elif is_late and self._set_back(key, sensor, given):
            return True
        elif is_late or (sensor is not None and at < sensor.at):
            code = "control.reading-late"
        elif sensor is None and self._places.full(key[0], given.fact):
            code = "control.reading-sensors"
        elif begun and not is_near and not self._believed(key, given):
            code = "control.reading-leap"
        if code is not None:
            self._effect.refuse(code, given)
        return code is None

    @property
    def _come(self) -> int:
        """How far time has surely come: as far as readings say, else where ticks have gone on far enough."""
        clock = self._clock
        return clock.now if clock.now - clock.read > self._doubts.patience else clock.read

    def _believed(self, key: Key, given: Reading) -> bool:
        """Tell whether a time far ahead of the clock is believed; what waited until then comes first."""
        doubts, now = self._doubts, self._clock.now
        others = (each for other, each in self._sensors.items() if other != key)
        is_alone = all(each.at + doubts.leap < now for each in others)
        if is_alone and given.at <= now + doubts.leap:
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
        doubts = self._doubts
        doubts.rest_on(doubts.lead.alone(self._clock.now, self._clock.read, doubts.patience))
        is_old = sensor is not None and given.at < sensor.at and key != doubts.alone
        agree = [] if is_old else doubts.refuted(key, given)
        if not agree:
            return False
        wrong, to = self._clock.now, min(given.at, agree[0].reading.at)
        self._clock.set_back(to, self._sensors.values(), self._places.machines.values())
        doubts.lead.set_back(to)
        said, now = at_of(wrong).isoformat(), at_of(to).isoformat()
        self._report(problem("control.clock-back", severity="warning", given=said, clock=now))
        self._again([each for each in agree if each.reading.at <= given.at])
        doubts.ahead += [each for each in agree if each.reading.at > given.at]
        return True
