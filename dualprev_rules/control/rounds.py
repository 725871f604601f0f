"""Rounds of inspection: which checklist is due when, at what, and by whom; what was done and missed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from dualprev_rules.control.answers import Answer
from dualprev_rules.control.who import above_of, named_level, nearest_text, posts_of
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.facts.schema import Schema
from dualprev_rules.pack.interval import Interval, read_interval
from dualprev_rules.pack.model import Checklist, ChecklistItem, Expression, Ruleset
from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.risk.level import ControlLevel
from dualprev_rules.risk.place import Place
from dualprev_rules.risk.profile import Profile

MOST_DAYS = 366
Status = Literal["done", "due", "missed", "planned"]
Judge = Callable[[Expression, Record], Value]
"""Says what an expression is for a record."""
Applies = Callable[[str, Record], bool]
"""Says whether a rule applies, or may apply, to a record."""
Target = tuple[str, str | None]
"""What an item looks at: the path of a record, and the attribute that it settles."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A checklist that is gone through at one record, by whom and how often."""

    checklist: Checklist
    record: Record
    interval: Interval | None
    """None: each time that there is occasion (每次); then it has no days."""
    level: ControlLevel | None
    posts: tuple[str, ...]
    """The posts at the record, for a checklist of the level of posts."""
    owner: str | None
    department: str | None
    grade: RiskGrade | None
    """Of the nearest place that holds the record; None where no risk point was assessed there."""
    required: bool
    """Whether the profile asks the level to act on that grade."""
    targets: Mapping[str, tuple[Target, ...]]
    """Item → what it looks at."""


@dataclass(frozen=True, slots=True)
class Round:
    """One time at which a duty is due, from its beginning to the beginning of the next."""

    duty: Duty
    begins: datetime
    ends: datetime
    status: Status
    answered: int
    of: int


def duties(
    ruleset: Ruleset, facts: Facts, place: Place | None, profile: Profile, judge: Judge, applies: Applies
) -> list[Duty]:
    """Return every checklist at every record that it is for, in the order of checklists and facts.

    An item is left out where none of the rules that it feeds applies to what it looks at, and where
    there is nothing to look at. Where it is open which of two frequencies holds, the shorter one does.
    """
    by_entity: dict[str, list[Record]] = {}
    for record in facts.records():
        if not record.phantom:
            by_entity.setdefault(record.entity.name, []).append(record)
    places = {each.path: each for each in place.all_places()} if place is not None else {}
    found: list[Duty] = []
    for checklist in ruleset.checklists.values():
        level = named_level(checklist.level, facts.schema)
        for record in by_entity.get(checklist.object, ()):
            held = next((places[r.path] for r in above_of(record) if r.path in places), None)
            grade = _assessed(held, profile)
            required = grade is not None and level is not None and level in profile.acting(grade)
            looked = {
                item.id: tuple(
                    (at.path, name)
                    for at, name in _targets(item, record, by_entity, facts.schema)
                    if _matters(item, at, ruleset, applies)
                )
                for item in checklist.items
            }
            targets = {item: at for item, at in looked.items() if at}
            if not targets:
                continue  # nothing of what it asks about is there
            found.append(
                Duty(
                    checklist,
                    record,
                    _interval(checklist, record, judge),
                    level,
                    posts_of(record) if level is ControlLevel.POST else (),
                    nearest_text(record, "owner"),
                    nearest_text(record, "department"),
                    grade,
                    required,
                    targets,
                )
            )
    return found


def rounds(
    of: Iterable[Duty], answers: Iterable[Answer], *, first: date, until: date, today: date
) -> list[Round]:
    """Return the rounds of some days, the first included and the last excluded, by their beginning.

    Rounds are counted from midnight of ``first``, by the clock of the site. One is done when each
    of its items was answered between its beginning and that of the next; otherwise it is missed when it
    ended before ``today``, due when it reaches into ``today``, and planned when it begins later. Raises
    DualprevError for more than a year of days, or none.
    """
    if not 0 < (until - first).days <= MOST_DAYS:
        raise DualprevError(problem("control.window", given=str((until - first).days), most=MOST_DAYS))
    start, end = (datetime.combine(day, time()) for day in (first, until))
    seen = _seen(answers)
    found: list[Round] = []
    for duty in of:
        times = 0
        while duty.interval is not None and (begins := duty.interval.after(start, times)) < end:
            times += 1
            found.append(_round(duty, begins, duty.interval.after(start, times), seen, today))
    return sorted(found, key=lambda r: r.begins)


def current(of: Iterable[Duty], answers: Iterable[Answer], today: date) -> list[Round]:
    """Return for each duty with days the round that is due on a day: one interval after the last one done.

    A duty that was never done is due from that day on; what is not due yet is left out.
    """
    seen = _seen(answers)
    found: list[Round] = []
    day = datetime.combine(today, time())
    for duty in of:
        if duty.interval is None:
            continue
        last = _last_done(duty, seen, day + timedelta(days=1))
        begins = duty.interval.after(last) if last is not None else day
        if begins < day + timedelta(days=1):
            ends = duty.interval.after(begins)
            status: Status = "missed" if ends <= day else "due"
            answered = _answered(duty, begins, day + timedelta(days=1), seen)
            found.append(Round(duty, begins, ends, status, answered, len(duty.targets)))
    return sorted(found, key=lambda r: r.begins)


def unwatched(
    of: Iterable[Duty], place: Place | None, profile: Profile
) -> list[tuple[Place, RiskGrade, ControlLevel]]:
    """Return the places whose grade asks a level to act that has no checklist for anything in them."""
    watched: set[tuple[str, ControlLevel]] = {
        (above.path, duty.level) for duty in of if duty.level is not None for above in above_of(duty.record)
    }
    found: list[tuple[Place, RiskGrade, ControlLevel]] = []
    for each in place.all_places() if place is not None else ():
        grade = _assessed(each, profile) if each.points else None
        if grade is not None:
            acting = profile.acting(grade)
            found += [(each, grade, level) for level in acting if (each.path, level) not in watched]
    return found


Seen = Mapping[tuple[str, str], list[datetime]]
"""Item and record → the times at which it was answered, in their order."""


def _seen(answers: Iterable[Answer]) -> Seen:
    found: dict[tuple[str, str], list[datetime]] = {}
    for answer in answers:
        moment = answer.moment
        if answer.looked != "not_checked" and answer.item is not None and moment is not None:
            found.setdefault((answer.item, answer.record), []).append(moment)
    return {key: sorted(times) for key, times in found.items()}


def _answered(duty: Duty, begins: datetime, ends: datetime, seen: Seen) -> int:
    return sum(
        all(_within(seen.get((item, record), []), begins, ends) for record, _ in targets)
        for item, targets in duty.targets.items()
    )


def _within(times: list[datetime], begins: datetime, ends: datetime) -> bool:
    at = bisect_left(times, begins)
    return at < len(times) and times[at] < ends


def _round(duty: Duty, begins: datetime, ends: datetime, seen: Seen, today: date) -> Round:
    answered, of = _answered(duty, begins, ends, seen), len(duty.targets)
    day = datetime.combine(today, time())
    status: Status
    if answered == of:
        status = "done"
    elif ends <= day:
        status = "missed"
    else:
        status = "due" if begins < day + timedelta(days=1) else "planned"
    return Round(duty, begins, ends, status, answered, of)


def _last_done(duty: Duty, seen: Seen, before: datetime) -> datetime | None:
    """Return when the last of its items was last answered, each of them having been answered."""
    last: list[datetime] = []
    for item, targets in duty.targets.items():
        for record, _ in targets:
            times = [t for t in seen.get((item, record), ()) if t < before]
            if not times:
                return None
            last.append(times[-1])
    # The whole is as old as the part of it that was looked at the longest ago.
    return min(last)


def _targets(
    item: ChecklistItem, record: Record, by_entity: Mapping[str, list[Record]], schema: Schema
) -> Iterator[tuple[Record, str | None]]:
    """Yield what an item looks at: the record, what it holds or lies in; what is neither, everywhere."""
    if item.settles is None:
        yield record, None
        return
    entity, _, attribute = item.settles.partition(".")
    if entity == record.entity.name:
        found = [record]
    elif entity in schema.descend(record.entity.name):
        found = [r for r in by_entity.get(entity, ()) if any(above is record for above in above_of(r))]
    elif record.entity.name in schema.descend(entity):
        found = [above for above in above_of(record) if above.entity.name == entity][:1]
    else:
        found = by_entity.get(entity, [])
    for each in found:
        yield each, attribute


def _matters(item: ChecklistItem, record: Record, ruleset: Ruleset, applies: Applies) -> bool:
    fed = [name for name in item.feeds if name in ruleset.rules]
    fed = [name for name in fed if ruleset.rules[name].entity == record.entity.name]
    return not fed or any(applies(name, record) for name in fed)


def _interval(checklist: Checklist, record: Record, judge: Judge) -> Interval | None:
    every: Mapping[str, object] = checklist.every
    first, condition, other = (every.get(part) for part in ("interval", "if", "else"))
    intervals = [read_interval(text) for text in (first, other) if isinstance(text, str)]
    if isinstance(condition, Expression):
        possible = judge(condition, record).possible
        if possible == frozenset((True,)):
            intervals = intervals[:1]
        elif possible == frozenset((False,)):
            intervals = intervals[1:]
    known = [each for each in intervals if each is not None]
    return min(known, key=lambda each: each.months * 31 * 24 + each.hours, default=None)


def _assessed(place: Place | None, profile: Profile) -> RiskGrade | None:
    if place is None or not place.assessed(profile.basis):
        return None
    return place.grade(profile.basis)
