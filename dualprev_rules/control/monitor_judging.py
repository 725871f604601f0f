"""Hold open warnings against the rules that they point to, again whenever what decides them changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from dualprev_rules.control.monitor_place import Machine
from dualprev_rules.control.monitor_sensor import Spot
from dualprev_rules.control.monitor_warning import What
from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.events.conditions import overlaid
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.record import Record
from dualprev_rules.pack.model import Ruleset


class Standings(Mapping[tuple[Record, str], Value]):
    """The values that stand, as facts; keeps which facts were asked for, measured or not."""

    def __init__(self, spots: Mapping[str, Spot]) -> None:
        self._spots = spots
        self.asked: set[tuple[str, str]] = set()

    def __getitem__(self, key: tuple[Record, str]) -> Value:
        record, name = key
        self.asked.add((record.path, name))
        spot = self._spots.get(record.path)
        sensors = spot.sensors.get(name) if spot is not None else None
        if not sensors:
            raise KeyError(key)
        return overlaid(record, name, [value for each in sensors for value in each.choices])

    def __iter__(self) -> Iterator[tuple[Record, str]]:
        for spot in self._spots.values():
            for name, sensors in spot.sensors.items():
                yield sensors[0].record, name

    def __len__(self) -> int:
        return sum(len(spot.sensors) for spot in self._spots.values())


class Judgement(NamedTuple):
    """What the rule of a warning says of its record, and the facts on which that rests."""

    outcome: str
    missing: tuple[str, ...]
    asked: AbstractSet[tuple[str, str]]


def judged(machine: Machine, ruleset: Ruleset, spots: Mapping[str, Spot]) -> Judgement | None:
    """Hold a warning against the rule that it points to; None where it points to none."""
    broken = ruleset.rules.get(machine.rule.rule) if machine.rule.rule is not None else None
    if broken is None:
        return None
    standings = Standings(spots)
    found = Reference(ruleset, overlay=standings).outcome(broken, machine.record)
    return Judgement(found.code, tuple(sorted({cause.path for cause in found.causes})), standings.asked)


class Judging:
    """Keeps the open warnings whose rule is not known to be violated, with the facts that this rests on."""

    def __init__(self, ruleset: Ruleset, spots: Mapping[str, Spot]) -> None:
        self._ruleset = ruleset
        self._spots = spots
        self.unbroken: dict[Machine, AbstractSet[tuple[str, str]] | None] = {}
        """None: any fact may change it."""

    def take(self, event: What, machine: Machine) -> Judgement | None:
        """Take up what happens to a warning; one that opens or is escalated is judged."""
        if event == "closed":
            self.unbroken.pop(machine, None)
        return self._judge(machine) if event in ("opened", "escalated") else None

    def restore(self, machines: Iterable[Machine]) -> None:
        """Take up the warnings that a snapshot kept."""
        for each in machines:
            if each.opened is not None and each.rule.rule is not None and not each.broken:
                self.unbroken[each] = None

    def again(self, record: str, fact: str) -> list[tuple[Machine, Judgement]]:
        """Return the warnings whose rule is violated now that a fact has changed; each of them once."""
        of = [each for each, asked in self.unbroken.items() if asked is None or (record, fact) in asked]
        of.sort(key=lambda each: (each.index, each.record.path, each.sensor))
        judged = [(each, self._judge(each)) for each in of]
        return [(each, found) for each, found in judged if found is not None and each.broken]

    def _judge(self, machine: Machine) -> Judgement | None:
        found = judged(machine, self._ruleset, self._spots)
        if found is not None:
            machine.broken = machine.broken or found.outcome == "violated"
            if machine.broken:
                self.unbroken.pop(machine, None)
            else:
                self.unbroken[machine] = found.asked
        return found
