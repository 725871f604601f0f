"""What a reading does that is taken: it stands, and what watches its sensor takes it up."""

from __future__ import annotations

from collections.abc import Callable

from dualprev_rules.control.monitor_clock import Clock
from dualprev_rules.control.monitor_doubts import Doubts
from dualprev_rules.control.monitor_judging import Judging
from dualprev_rules.control.monitor_places import Places
from dualprev_rules.control.monitor_sensor import Sensor
from dualprev_rules.control.monitor_site import Site
from dualprev_rules.control.readings import MARKS, Reading, at_of
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.shown import span
from dualprev_rules.facts.types import Number
from dualprev_rules.problems import Problem, problem


class Effect:
    """Lets readings take effect; ``changed`` is called where open warnings have to be judged again."""

    def __init__(
        self,
        clock: Clock,
        places: Places,
        site: Site,
        doubts: Doubts,
        judging: Judging,
        *,
        changed: Callable[[Record, str], None],
        report: Callable[[Problem], None],
    ) -> None:
        self._clock = clock
        self._places, self._spots = places, places.spots
        self._site = site
        self._doubts = doubts
        self._judging = judging
        self._changed = changed
        self._report = report

    def take(self, record: Record, sensor: Sensor | None, given: Reading, *, by_tick: bool = False) -> None:
        """Let a reading take effect; one of a sensor that is new sets it up.

        One that only a tick has come to says nothing of what time it is.
        """
        if given.value is None or given.mark is not None:
            self._report_content(record, given)
        clock = self._clock
        key = (record.path, given.fact, given.sensor)
        if not by_tick:
            now, read = (clock.now, clock.read) if clock.begun else (given.at, given.at)
            self._doubts.lead.take(key, given.at, now, read)
            clock.reach(given.at)
        clock.go_on(given.at)
        is_first = sensor is None
        if sensor is None:
            sensor = self._meet(record, given)
        before = sensor.choices if self._judging.unbroken else None
        sensor.take(given, is_first)
        if not by_tick and clock.now > clock.read and (given.value is not None or is_first):
            # What ticks went ahead of all readings is nothing that this sensor was silent for.
            sensor.heard = max(sensor.heard, given.at + clock.now - clock.read)
        if not sensor.timed and not sensor.silent:
            clock.await_silence(sensor)
        self._spots[record.path].take(sensor)
        for machine in sensor.watching:
            machine.step(clock.now, sensor)
        if before is not None and (is_first or sensor.choices != before):
            self._changed(record, given.fact)

    def refuse(self, code: str, given: Reading) -> None:
        """Report a reading, by the time that it has."""
        severity = "note" if code == "control.reading-repeated" else "warning"
        path, said = f"{given.record}.{given.fact}", at_of(given.at).isoformat()
        clock = at_of(self._clock.now).isoformat()
        self._report(
            problem(code, severity=severity, path=path, given=said, sensor=given.sensor, clock=clock)
        )

    def _meet(self, record: Record, given: Reading) -> Sensor:
        patience = self._site.patience(given.entity, given.fact)
        sensor = Sensor(record, given.fact, given.sensor, patience, given.at, given.at)
        self._places.add(sensor)
        self._doubts.meet(sensor)
        if not sensor.watching:
            self.refuse("control.reading-unwatched", given)
        return sensor

    def _report_content(self, record: Record, given: Reading) -> None:
        path = f"{given.record}.{given.fact}"
        if given.value is None:
            said = f"{given.shown} {given.unit}" if given.unit else given.shown
            takes = _takes(record.entity.attributes[given.fact])
            self._report(problem("control.reading-value", path=path, given=said, nearest=takes))
        if given.mark is not None and given.mark not in MARKS:
            code, marks = "control.reading-mark", " / ".join(MARKS)
            self._report(problem(code, severity="warning", path=path, given=given.mark, nearest=marks))


def _takes(declared: Attribute) -> str | None:
    """Return the range and unit of a figure."""
    if not isinstance(declared.type, Number):
        return None
    return f"{span(declared.range)} {declared.type.unit.symbol}".strip()
