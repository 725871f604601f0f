"""What docs/live.md says, by brute force: everything is kept, and looked through again at every step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any

Truth = bool | None
Condition = tuple[Any, ...]
"""``("cmp", fact, sign, figure)``, ``("and", a, b)``, ``("or", a, b)`` or ``("not", a)``."""
TICKS = ("", "", "")
"""What moves the clock where no sensor does."""
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


@dataclass(frozen=True)
class Given:
    """A reading: its place in the order of arrival, whose it is, its own time, what it says."""

    number: int
    key: tuple[str, str, str]
    at: int
    value: Fraction | None
    mark: str | None
    heard: int = 0
    """Since when its sensor is waited for: its own time, and what ticks had gone ahead of all readings."""
    in_silence: bool = False
    """Whether the sensor was silent when it came."""


@dataclass
class Sensor:
    taken: list[Given] = field(default_factory=list)
    silent: bool = False

    @property
    def last(self) -> int:
        return self.taken[-1].at

    @property
    def marked(self) -> bool:
        return self.taken[-1].mark is not None

    @property
    def heard(self) -> int:
        return max(each.heard for each in self.taken if each.value is not None or each is self.taken[0])

    @property
    def values(self) -> list[Fraction | None]:
        """What it may be now: with a mark also what it was before the marks."""
        if self.silent:
            return [None]
        found = [self.taken[-1].value]
        place = len(self.taken) - 1
        while place > 0 and self.taken[place].mark is not None and not self.taken[place].in_silence:
            place -= 1
            if self.taken[place].mark is None:
                found.append(self.taken[place].value)
        return found

    @property
    def lasting(self) -> list[Fraction | None]:
        """The same, where what cannot be read is no reading."""
        readable = [each.value for each in self.taken if each.value is not None]
        if self.silent or not readable:
            return [None]
        for each in reversed(self.taken):
            if each.value is not None and each.mark is None:
                return [readable[-1], each.value]
            if each.in_silence:
                break
        return [readable[-1]]


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
        self.read = 0
        self.arrived = 0
        self.last_taken = 0
        self.alone: tuple[str, str, str] | None = None
        self.single = False
        self.mover: tuple[str, str, str] | None = None
        self.other_taken = 0
        self.behind_it: dict[tuple[str, str, str], int] = {}
        self.ahead: list[Given] = []
        self.late: list[Given] = []
        self.sensors: dict[tuple[str, str, str], Sensor] = {}
        self.places: dict[tuple[int, str, str], Place] = {}
        self.told: list[tuple[str, int, str, str, str, int]] = []

    # --- what comes in --------------------------------------------------------------------------

    def feed(
        self, record: str, fact: str, name: str, at: int, value: Fraction | None, mark: str | None = None
    ) -> None:
        self.arrived += 1
        given = Given(self.arrived, (record, fact, name), at, value, mark)
        begins = self.clock is None
        if not self.taken(given):
            return
        self.effect(given)
        if begins:
            self.alone, self.single = given.key, True
            return
        self.ahead = [each for each in self.ahead if each.key != given.key]
        self.agreed(given.key)
        self.near()

    def effect(self, given: Given, by_tick: bool = False) -> None:
        fact = given.key[1]
        before = given.at if self.clock is None else self.clock
        if self.clock is None:
            self.read = given.at
        if not by_tick and given.key != self.mover:
            self.other_taken = self.read
            if given.at >= before:
                self.mover, self.behind_it = given.key, {}
            else:
                self.behind_it[given.key] = before - given.at
        self.until(given.at)
        now = self.clock = given.at if self.clock is None else max(self.clock, given.at)
        sensor = self.sensors.setdefault(given.key, Sensor())
        self.read = self.read if by_tick else max(self.read, given.at)
        heard = given.at if by_tick else given.at + now - self.read
        sensor.taken.append(replace(given, heard=heard, in_silence=sensor.silent))
        if given.value is not None:
            sensor.silent = False
        for index, each in enumerate(self.watched):
            if fact in each.named:
                self.step(index, each, given, now)

    def tick(self, at: int) -> None:
        if self.clock is None or at <= self.clock:
            return
        waited = [each for each in self.ahead if each.at <= at]
        self.ahead = [each for each in self.ahead if each.at > at]
        self.again(waited, by_tick=True)
        self.until(at)
        self.clock = at

    def acknowledge(self, index: int, record: str, name: str, at: int) -> None:
        place = self.places.get((index, record, name))
        if place is None or place.opened is None or self.clock is None or at > self.clock + self.leap:
            return
        place.answered = True

    # --- whether a time is believed -------------------------------------------------------------

    @property
    def shortest(self) -> int:
        return min([self.leap, *(self.patience(fact) for _, fact, _ in self.sensors)])

    def taken(self, given: Given) -> bool:
        sensor = self.sensors.get(given.key)
        if self.clock is None:
            return True
        if sensor is not None and given.at == sensor.last:
            return False
        come = self.clock if self.clock - self.read > self.shortest else self.read
        if given.at + self.patience(given.key[1]) <= come:
            return self.sets_back(given, sensor)
        if sensor is not None and given.at < sensor.last:
            return False
        step = given.at - self.clock
        runs_away = given.key == self.mover and len(self.behind_it) >= 2
        if runs_away and all(lag + step > self.shortest for lag in self.behind_it.values()):
            return self.believed(given)
        return step <= self.shortest or self.believed(given)

    def believed(self, given: Given) -> bool:
        assert self.clock is not None
        others = [sensor for key, sensor in self.sensors.items() if key != given.key]
        nobody_else = all(sensor.last + self.leap < self.clock for sensor in others)
        if nobody_else and given.at <= self.clock + self.leap:
            self.alone = given.key
            return True
        own = [each for each in self.ahead if each.key == given.key]
        if own and own[-1].at == given.at:
            return False
        if own and own[-1].at > given.at:
            self.ahead = [each for each in self.ahead if each.key != given.key]
            own = []
        agree = any(each.key != given.key and abs(each.at - given.at) <= self.shortest for each in self.ahead)
        chain = [given]
        for each in reversed(own):
            if chain[-1].at - each.at > self.leap or each.number < self.last_taken:
                break
            chain.append(each)
        goes_on = bool(own) and given.at - own[-1].at <= self.leap
        by_itself = goes_on and (nobody_else or given.at - chain[-1].at >= self.shortest)
        if not agree and not by_itself:
            self.ahead.append(given)
            return False
        waited = [each for each in self.ahead if each.at <= given.at]
        self.ahead = [each for each in self.ahead if each.at > given.at]
        self.again(waited)
        if not agree:
            self.alone = given.key
        return True

    def sets_back(self, given: Given, sensor: Sensor | None) -> bool:
        assert self.clock is not None
        if self.clock - self.read > self.shortest:
            if self.alone != TICKS:
                self.alone, self.single = TICKS, True
        elif self.read - self.other_taken > self.shortest:
            self.alone = self.alone or self.mover
        own = given.key == self.alone
        if self.alone is None or (own and not self.single):
            return False
        if sensor is not None and given.at < sensor.last and not own:
            return False
        agree = [
            each
            for each in self.late
            if abs(each.at - given.at) <= self.shortest
            and (each.key != given.key or (self.single and each.at < given.at))
        ]
        if not agree:
            self.late.append(given)
            return False
        to = self.clock = self.read = min([given.at, *(each.at for each in agree)])
        self.late, self.alone, self.single = [], given.key, False
        self.mover, self.other_taken, self.behind_it = None, to, {}
        for known in self.sensors.values():
            known.taken = [
                replace(each, at=min(each.at, to - 1), heard=min(each.heard, to - 1)) for each in known.taken
            ]
        for place in self.places.values():
            place.begin = len(place.steps)
            place.readings.clear()
            place.opened = min(place.opened, to) if place.opened is not None else None
        self.again([each for each in agree if each.at <= given.at])
        self.ahead += [each for each in agree if each.at > given.at]
        return True

    def agreed(self, key: tuple[str, str, str]) -> None:
        self.last_taken, self.single = self.arrived, False
        if self.alone != key:
            self.alone, self.late = None, []

    def again(self, waiting: list[Given], by_tick: bool = False) -> None:
        for each in sorted(waiting, key=lambda each: each.at):
            if each.key not in self.sensors or each.at > self.sensors[each.key].last:
                self.effect(each, by_tick)
                if not by_tick:
                    self.agreed(each.key)

    def near(self) -> None:
        while True:
            assert self.clock is not None
            limit = self.read
            found = [each for each in self.ahead if each.at <= limit]
            if not found:
                return
            self.ahead = [each for each in self.ahead if each.at > limit]
            self.again(found)

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
                place.steps.append((at, self.lasts(each, record), False, False))

    # --- what a reading does --------------------------------------------------------------------

    def step(self, index: int, each: Watched, given: Given, now: int) -> None:
        (record, fact, name), value = given.key, given.value
        own = fact == each.fact
        if each.form == "silence":
            if own:
                place = self.places.setdefault((index, record, name), Place())
                if place.opened is not None and value is not None and given.mark is None:
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
        condition = self.lasts(each, record)
        counts = given.mark is None or condition is True
        named = fact in names(each.alarm) and value is not None and counts
        place.steps.append((now, condition, True, named))
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

    def choices(self, each: Condition, record: str, lasting: bool = False) -> Iterator[Truth]:
        facts = sorted(names(each))
        of = [
            [value for s in self.at(record, fact) for value in (s.lasting if lasting else s.values)]
            for fact in facts
        ]
        for chosen in product(*(values or [None] for values in of)):
            yield truth(each, dict(zip(facts, chosen, strict=True)))

    def lasts(self, each: Watched, record: str) -> Truth:
        """The condition of what has to last: what cannot be read breaks nothing."""
        return self.condition(each, record, each.form == "disagreement" or bool(each.figures.get("time")))

    def condition(self, each: Watched, record: str, lasting: bool = False) -> Truth:
        if each.form == "disagreement":
            values = [s.lasting if lasting else s.values for s in self.at(record, each.fact)]
            pairs = [pair for one, other in combinations(values, 2) for pair in product(one, other)]
            if any(a is not None and b is not None and abs(a - b) >= each.figures["by"] for a, b in pairs):
                return True
            return None if any(None in some for some in values) else False
        assert each.alarm is not None
        found = list(self.choices(each.alarm, record, lasting))
        if True in found:
            return True
        return None if None in found else False

    def at(self, record: str, fact: str) -> list[Sensor]:
        return [s for (r, f, _), s in self.sensors.items() if (r, f) == (record, fact)]

    def restored(self, each: Watched, record: str) -> bool:
        closing = names(each.restore or each.alarm) or {each.fact}
        if any(sensor.marked for fact in closing for sensor in self.at(record, fact)):
            return False
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
