"""What docs/live.md says, by brute force: everything is kept, and looked through again at every step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, product
from typing import Any

Truth = bool | None
Condition = tuple[Any, ...]
"""``("cmp", fact, sign, figure)``, ``("and", a, b)``, ``("or", a, b)`` or ``("not", a)``."""
SIGNS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


@dataclass(frozen=True)
class Watched:
    """A warning as the oracle has it; times in microseconds."""

    id: str
    fact: str
    form: str
    figures: Mapping[str, Any]
    alarm: Condition | None = None
    restore: Condition | None = None
    escalate: int | None = None

    @property
    def named(self) -> set[str]:
        return {self.fact} | names(self.alarm) | names(self.restore)


@dataclass
class Sensor:
    taken: list[tuple[int, int, Fraction | None]] = field(default_factory=list)
    """When each reading took effect, its own time, its value (None: unreadable)."""
    silent: bool = False

    @property
    def heard(self) -> int:
        readable = [at for _, at, value in self.taken if value is not None]
        return readable[-1] if readable else self.taken[0][1]

    @property
    def value(self) -> Fraction | None:
        return None if self.silent else self.taken[-1][2]


@dataclass
class Place:
    """A warning at a record, or for a sensor."""

    steps: list[tuple[int, Truth, bool, bool]] = field(default_factory=list)
    """When, what the condition was, whether a reading took effect then, whether it was readable."""
    begin: int = 0
    readings: list[tuple[int, Fraction]] = field(default_factory=list)
    opened: int | None = None
    answered: bool = False
    number: int = 0


def names(condition: Condition | None) -> set[str]:
    if condition is None:
        return set()
    if condition[0] == "cmp":
        return {condition[1]}
    return set().union(*(names(part) for part in condition[1:]))


def truth(condition: Condition, values: Mapping[str, Fraction | None]) -> Truth:
    kind, *parts = condition
    if kind == "cmp":
        value = values.get(parts[0])
        return None if value is None else SIGNS[parts[1]](value, parts[2])
    found = [truth(part, values) for part in parts]
    if kind == "not":
        return None if found[0] is None else not found[0]
    decisive = kind == "or"
    if decisive in found:
        return decisive
    return None if None in found else not decisive


class Oracle:
    def __init__(self, watched: Sequence[Watched], silent_after: int, leap: int) -> None:
        self.watched = watched
        self.silent_after = silent_after
        self.leap = leap
        self.clock: int | None = None
        self.aside: tuple[Any, int] | None = None
        self.sensors: dict[tuple[str, str, str], Sensor] = {}
        self.places: dict[tuple[int, str, str], Place] = {}
        self.told: list[tuple[str, int, str, str, str, int]] = []

    # --- what comes in --------------------------------------------------------------------------

    def feed(self, record: str, fact: str, name: str, at: int, value: Fraction | None) -> None:
        key = (record, fact, name)
        if not self.taken(key, at):
            return
        self.until(at)
        now = self.clock = at if self.clock is None else max(self.clock, at)
        sensor = self.sensors.setdefault(key, Sensor())
        sensor.taken.append((now, at, value))
        if value is not None:
            sensor.silent = False
        for index, each in enumerate(self.watched):
            if fact in each.named:
                self.step(index, each, key, now, value)

    def acknowledge(self, index: int, record: str, name: str, at: int) -> None:
        self.until(at)
        self.clock = max(self.clock or at, at)
        place = self.places.get((index, record, name))
        if place is not None and place.opened is not None:
            place.answered = True

    def taken(self, key: tuple[str, str, str], at: int) -> bool:
        sensor = self.sensors.get(key)
        if sensor is not None and at <= sensor.taken[-1][1]:
            return False
        if self.clock is None:
            return True
        if at + self.patience(key[1]) <= self.clock:
            return False
        if at > self.clock + self.leap:
            before, self.aside = self.aside, (key, at)
            alone = len(self.sensors) == 1
            if before is None or abs(before[1] - at) > self.leap or (before[0] == key and not alone):
                return False
            self.aside = None
        return True

    def patience(self, fact: str) -> int:
        said = [w.figures["time"] for w in self.watched if w.form == "silence" and w.fact == fact]
        return min(said, default=self.silent_after)

    # --- what is due ----------------------------------------------------------------------------

    def until(self, time: int) -> None:
        while (due := min(self.due(), default=None)) is not None and due[0] <= time:
            at, rank, index, record, name = due
            self.clock = max(self.clock or at, at)
            if rank in (0, 1):
                self.open(index, record, name, at)
            elif rank == 2:
                fact, _, own = name.partition(" ")
                self.hush((record, fact, own), at)
            else:
                place = self.places[index, record, name]
                place.answered = True
                self.tell("escalated", at, index, record, name, place)

    def due(self) -> Iterator[tuple[int, int, int, str, str]]:
        for (index, record, name), place in self.places.items():
            each = self.watched[index]
            if place.opened is not None:
                if each.escalate is not None and not place.answered:
                    yield place.opened + each.escalate, 3, index, record, name
            elif each.form in ("held", "disagreement"):
                since = self.since(place)
                if since is not None:
                    yield since + each.figures["time"], 0, index, record, name
            elif each.form == "silence":
                yield (
                    self.sensors[record, each.fact, name].heard + each.figures["time"],
                    1,
                    index,
                    record,
                    name,
                )
        for (record, fact, name), sensor in self.sensors.items():
            if not sensor.silent:
                yield sensor.heard + self.patience(fact), 2, -1, record, f"{fact} {name}"

    def hush(self, key: tuple[str, str, str], at: int) -> None:
        self.sensors[key].silent = True
        record, fact, _ = key
        for index, each in enumerate(self.watched):
            place = self.places.get((index, record, ""))
            if place is not None and fact in each.named and place.opened is None:
                place.steps.append((at, self.condition(each, record), False, False))

    # --- what a reading does --------------------------------------------------------------------

    def step(
        self, index: int, each: Watched, key: tuple[str, str, str], now: int, value: Fraction | None
    ) -> None:
        record, fact, name = key
        own = fact == each.fact
        if each.form == "silence":
            if own:
                place = self.places.setdefault((index, record, name), Place())
                if place.opened is not None and value is not None:
                    self.close(index, record, name, now, place)
            return
        if each.form == "rate":
            if own:
                self.places.setdefault((index, record, name), Place())
            there = sorted(k for k in self.places if k[:2] == (index, record))
            for _, _, other in there:
                self.rate(index, each, (record, fact, other), now, value if own and other == name else None)
            return
        place = self.places.setdefault((index, record, ""), Place())
        if place.opened is not None:
            if self.restored(each, record):
                self.close(index, record, "", now, place)
            return
        named = fact in names(each.alarm) and value is not None
        place.steps.append((now, self.condition(each, record), True, named))
        if each.form == "count":
            read = [c for _, c, _, readable in place.steps[place.begin :] if readable]
            last = read[-each.figures["of"] :]
            if named and last[-1] and sum(c is True for c in last) >= each.figures["hits"]:
                self.open(index, record, "", now)
        elif each.figures["time"] == 0 and self.since(place) is not None:
            self.open(index, record, "", now)

    def rate(
        self, index: int, each: Watched, key: tuple[str, str, str], now: int, value: Fraction | None
    ) -> None:
        record, _, name = key
        place = self.places[index, record, name]
        if place.opened is not None:
            if self.restored(each, record):
                self.close(index, record, name, now, place)
            return
        if value is None or abs(value) >= 4 * 10**9:
            return
        rounded = Fraction(round(value * 10**9), 10**9)
        change, within = each.figures["change"], each.figures["within"]
        if any(
            now - at <= within and (rounded - old >= change if change > 0 else rounded - old <= change)
            for at, old in place.readings
        ):
            self.open(index, record, name, now)
        else:
            place.readings.append((now, rounded))

    # --- what holds -----------------------------------------------------------------------------

    def since(self, place: Place) -> int | None:
        start = None
        for at, condition, reading, _ in reversed(place.steps[place.begin :]):
            if condition is not True:
                break
            if reading:
                start = at
        return start

    def choices(self, each: Condition, record: str) -> Iterator[Truth]:
        facts = sorted(names(each))
        of = [
            [s.value for (r, f, _), s in self.sensors.items() if (r, f) == (record, fact)] for fact in facts
        ]
        for chosen in product(*(values or [None] for values in of)):
            yield truth(each, dict(zip(facts, chosen, strict=True)))

    def condition(self, each: Watched, record: str) -> Truth:
        if each.form == "disagreement":
            values = [s.value for (r, f, _), s in self.sensors.items() if (r, f) == (record, each.fact)]
            known = [v for v in values if v is not None]
            if any(abs(a - b) >= each.figures["by"] for a, b in combinations(known, 2)):
                return True
            return False if len(known) == len(values) else None
        assert each.alarm is not None
        found = list(self.choices(each.alarm, record))
        if True in found:
            return True
        return None if None in found else False

    def restored(self, each: Watched, record: str) -> bool:
        if each.restore is not None:
            return all(found is True for found in self.choices(each.restore, record))
        return self.condition(each, record) is False

    def open(self, index: int, record: str, name: str, at: int) -> None:
        place = self.places[index, record, name]
        place.opened, place.answered = at, False
        place.number += 1
        self.tell("opened", at, index, record, name, place)

    def close(self, index: int, record: str, name: str, at: int, place: Place) -> None:
        self.tell("closed", at, index, record, name, place)
        place.opened = None
        place.begin = len(place.steps)
        place.readings.clear()

    def tell(self, event: str, at: int, index: int, record: str, name: str, place: Place) -> None:
        self.told.append((event, at, self.watched[index].id, record, name, place.number))
