"""Credit in work safety and floating premiums: a regulator's or an insurer's rules as data.

No document that we have seen fixes a figure: for how long who is on the blacklist, how far a premium floats.
The rules are files; what is decided here is only what they say of given events on a given day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field

from dualprev_rules.problems import DualprevError, Problem, Words, nearest, problem
from dualprev_rules.supervision.files import Strict, read_model
from dualprev_rules.supervision.roster import spelled

Spelled = Annotated[str, AfterValidator(spelled)]
"""A text in its normal form, as the roster has it."""
Standing = Literal["blacklisted", "watched", "clear"]


class Kind(Strict):
    """A kind of event that counts against the credit of an enterprise."""

    kind: str = Field(min_length=1)
    label: Words
    blacklist_months: int = Field(default=0, ge=0)
    """So long it is on the blacklist (黑名单); 0: this kind alone does not put it there."""
    watch_months: int = Field(default=0, ge=0)
    """So long it is kept in the record of bad credit (不良信用记录)."""
    source: Words
    """The document that says so."""


class CreditRules(Strict):
    """The rules of credit."""

    kinds: tuple[Kind, ...] = Field(min_length=1)
    times_to_blacklist: int | None = Field(default=None, ge=2)
    """So many events on record at once put it on the blacklist; None: no number does."""
    measures: tuple[Words, ...] = ()
    """What follows from the blacklist: the areas of joint punishment."""


class Event(Strict):
    """An event of an enterprise."""

    enterprise: Spelled
    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Credit:
    """The standing of an enterprise on a day."""

    enterprise: str
    standing: Standing
    until: date | None
    """The first day on which it no longer holds, should nothing be added."""
    because: tuple[Event, ...]
    """The events that make it so, the oldest first."""


class Factor(Strict):
    """A factor of a premium for a value of something known of the enterprise."""

    of: str
    """What is asked: ``industry``, ``class``, ``standing``, or another name that is given."""
    value: Spelled
    times: Fraction = Field(gt=0)


class PremiumRules(Strict):
    """How a premium floats: the rate of its industry times a factor for each thing known, within bounds."""

    base: Mapping[str, Fraction]
    """Industry → rate, in per cent of what the rate is of."""
    factors: tuple[Factor, ...] = ()
    least: Fraction = Field(gt=0)
    """The least that all factors together come to."""
    most: Fraction = Field(gt=0)
    source: Words


@dataclass(frozen=True, slots=True)
class Premium:
    """The rate of an enterprise, at least and at most: equal where everything that is asked is known."""

    low: Fraction
    high: Fraction
    wanted: tuple[str, ...]
    """What is asked and was not given."""


def read_credit(source: Path | Mapping[str, Any]) -> CreditRules:
    """Read rules of credit; raises DualprevError with every fault."""
    return read_model(source, CreditRules)


def read_premium(source: Path | Mapping[str, Any]) -> PremiumRules:
    """Read rules of a premium; raises DualprevError with every fault."""
    rules = read_model(source, PremiumRules)
    counts = Counter((factor.of, factor.value) for factor in rules.factors)
    faults = [
        problem("supervision.factor-twice", path=of, given=value)
        for (of, value), n in counts.items()
        if n > 1
    ]
    if rules.least > rules.most:
        faults.append(problem("supervision.bounds", given=str(rules.least), other=str(rules.most)))
    if faults:
        raise DualprevError(faults)
    return rules


def standings(rules: CreditRules, events: Iterable[Event], as_of: date) -> tuple[Credit, ...]:
    """Return the standing of every enterprise with an event, sorted; events after ``as_of`` do not count.

    Raises DualprevError for an event of a kind that the rules do not have.
    """
    kinds = {kind.kind: kind for kind in rules.kinds}
    held: dict[str, list[Event]] = {}
    for event in events:
        if event.kind not in kinds:
            near = nearest(event.kind, kinds)
            raise DualprevError(
                problem("supervision.kind", path=event.enterprise, given=event.kind, nearest=near)
            )
        if event.on <= as_of:
            held.setdefault(event.enterprise, []).append(event)
    return tuple(
        _standing(rules, kinds, name, sorted(of, key=lambda event: event.on), as_of)
        for name, of in sorted(held.items())
    )


def premium(rules: PremiumRules, known: Mapping[str, str]) -> Premium:
    """Return the rate of an enterprise of which ``known`` is known, by what the factors ask.

    What is not known leaves the rate between the factors that it may have. Raises DualprevError where the
    industry has no rate, and for a value that no factor of its name has: one that leaves the rate as it is
    has the factor 1. A standing, or an industry with a rate, for which there is no factor leaves it so.
    """
    known = {name: spelled(value) for name, value in known.items()}
    base = {spelled(name): rate for name, rate in rules.base.items()}
    industry = known.get("industry", "")
    if industry not in base:
        near = nearest(industry, base)
        raise DualprevError(problem("supervision.rate", given=industry, nearest=near))
    without = {"industry": (*base,), "standing": get_args(Standing)}
    faults: list[Problem] = []
    low = high = Fraction(1)
    wanted: list[str] = []
    for name in dict.fromkeys(factor.of for factor in rules.factors):
        times = dict.fromkeys(without.get(name, ()), Fraction(1))
        times |= {factor.value: factor.times for factor in rules.factors if factor.of == name}
        value = known.get(name)
        if value is None:
            wanted.append(name)
            # It may be one that the rules forgot, and that leaves the rate as it is.
            low, high = low * min(1, *times.values()), high * max(1, *times.values())
        elif value in times:
            low, high = low * times[value], high * times[value]
        else:
            near = nearest(value, times)
            faults.append(
                problem("supervision.factor", path=name, given=value, nearest=near, allowed=" ".join(times))
            )
    if faults:
        raise DualprevError(faults)
    low, high = (max(rules.least, min(rules.most, each)) for each in (low, high))
    return Premium(base[industry] * low, base[industry] * high, tuple(wanted))


def _standing(
    rules: CreditRules, kinds: Mapping[str, Kind], name: str, events: list[Event], as_of: date
) -> Credit:
    listed = [(event, _after(event.on, kinds[event.kind].blacklist_months)) for event in events]
    listed = [(event, end) for event, end in listed if as_of < end]
    kept = [(event, _after(event.on, kinds[event.kind].watch_months)) for event in events]
    kept = [(event, end) for event, end in kept if as_of < end]
    reasons = [(max(end for _, end in listed), listed)] if listed else []
    times = rules.times_to_blacklist
    if times is not None and len(kept) >= times:
        # It holds while as many as that are still on record.
        reasons.append((sorted((end for _, end in kept), reverse=True)[times - 1], kept))
    if reasons:
        end, because = max(reasons, key=lambda reason: reason[0])
        return Credit(name, "blacklisted", end, tuple(event for event, _ in because))
    if kept:
        return Credit(name, "watched", max(end for _, end in kept), tuple(event for event, _ in kept))
    return Credit(name, "clear", None, ())


def _after(day: date, months: int) -> date:
    """Return the day so many months later; the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError(day)
