"""The sensors that are known, the places where they stand, and what watches them."""

from __future__ import annotations

from dualprev_rules.control.monitor_doubts import Key
from dualprev_rules.control.monitor_forms import BY_SENSOR, machine_of
from dualprev_rules.control.monitor_place import Desk, Machine
from dualprev_rules.control.monitor_sensor import Sensor, Spot
from dualprev_rules.control.monitor_site import Site
from dualprev_rules.evaluate.events import live_condition, pair_of
from dualprev_rules.pack.live import LiveRule
from dualprev_rules.pack.model import Ruleset

MOST_SENSORS = 100_000
MOST_OF_A_FACT = 16
"""Sensors of one fact at one place: every choice among them is looked at."""


class Places:
    """Sets up a machine for each warning of the packs wherever a sensor asks for one."""

    def __init__(self, ruleset: Ruleset, site: Site, desk: Desk) -> None:
        self._ruleset = ruleset
        self._site = site
        self._desk = desk
        self.sensors: dict[Key, Sensor] = {}
        self.spots: dict[str, Spot] = {}
        self.machines: dict[tuple[int, str, str], Machine] = {}
        self._watching: dict[tuple[str, str], list[Machine]] = {}

    def full(self, path: str, fact: str) -> bool:
        """Tell whether there is room for no other sensor of a fact at a record."""
        spot = self.spots.get(path)
        crowded = spot is not None and len(spot.sensors.get(fact, ())) >= MOST_OF_A_FACT
        return crowded or len(self.sensors) >= MOST_SENSORS

    def add(self, sensor: Sensor) -> None:
        """Take up a sensor that is new."""
        record = sensor.record
        self.sensors[record.path, sensor.fact, sensor.name] = sensor
        self.spots.setdefault(record.path, Spot()).add(sensor)
        sensor.watching = self._watching.setdefault((record.path, sensor.fact), [])
        for index, rule in enumerate(self._ruleset.live.values()):
            if rule.entity == record.entity.name:
                self._watch(index, rule, sensor)

    def _watch(self, index: int, rule: LiveRule, sensor: Sensor) -> None:
        """Set up what watches a sensor for one warning, where nothing does yet."""
        record = sensor.record
        own = rule.sensor == sensor.fact
        by_sensor = isinstance(rule.form, BY_SENSOR)
        name = sensor.name if by_sensor else ""
        if (index, record.path, name) in self.machines or (by_sensor and not own):
            return
        alarm, back = (
            live_condition(each, record, self._ruleset) if each is not None else None
            for each in (rule.alarm, rule.restore)
        )
        named = {rule.sensor, *(alarm.facts if alarm else ()), *(back.facts if back else ())}
        if sensor.fact not in named or not self._site.stands_in(rule, record):
            return
        spot = self.spots[record.path]
        machine = machine_of(rule.form)(
            rule, index, record, name, self._desk, pair_of(rule.form), alarm, back, spot
        )
        self.machines[index, record.path, name] = machine
        for fact in named:
            watching = self._watching.setdefault((record.path, fact), [])
            watching.append(machine)
            watching.sort(key=lambda each: (each.index, each.sensor))
