"""Targets of documents, and what yearly figures say of them: met, not met, projected or not decidable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field

from dualprev_rules.problems import DualprevError, Problem, Words, nearest, problem
from dualprev_rules.risk.taxonomies.accidents import accident_grades
from dualprev_rules.supervision.files import Strict, read_model

Verdict = Literal["met", "not_met", "projected_met", "projected_not_met", "not_decidable"]
Cumulative = Literal["last-year", "whole-period"]
"""What a change *over the period* (累计) is of: the last year's figure, or that of all years together."""
Span = tuple[Fraction, Fraction | None]
"""The least and the greatest that a figure may be; None: nothing bounds it from above."""
_GRADE_3, _OR_WORSE, _DEATHS = "accidents_grade_3", "accidents_grade_3_or_worse", "deaths"
ACCIDENT_METRICS = (_GRADE_3, _OR_WORSE, "deaths_in_grade_4")
"""Those that are counted from accidents, by the grades of State Council Order 493."""
_PROJECTED: Mapping[Verdict, Verdict] = {
    "met": "projected_met",
    "not_met": "projected_not_met",
    "not_decidable": "not_decidable",
}


class Cite(Strict):
    """Where a target stands."""

    instrument: str
    clause: str


class Target(Strict):
    """What a document aims at by a year: a change of a figure, or end states that are all wanted."""

    id: str
    profile: str
    cite: Cite
    title: Words
    year: int
    metric: str | None = None
    change: int | None = None
    """In per cent of the base year's figure, at most: -30 is a fall of 30 % or more."""
    base: int | None = None
    """The base year; None where the document names none."""
    first: int | None = None
    """The first year of its period."""
    cumulative: bool = False
    """Whether the document says that the change is cumulative, and not of what."""
    end_states: Mapping[str, Words] = Field(default_factory=dict)


class Figure(Strict):
    """The figure of a metric in a year; ``low`` and ``high`` where it is known in part."""

    metric: str
    year: int
    first: int | None = None
    """The first year, where it is the figure of several years together up to ``year``."""
    value: Fraction | None = Field(default=None, ge=0)
    low: Fraction = Field(default=Fraction(0), ge=0)
    high: Fraction | None = Field(default=None, ge=0)

    @property
    def span(self) -> Span:
        """What it may be by its bounds."""
        return self.low, self.high


class Accident(Strict):
    """An accident; a figure that is not known is left out."""

    year: int
    deaths: int | None = Field(default=None, ge=0)
    serious_injuries: int | None = Field(default=None, ge=0)
    direct_loss: Fraction | None = Field(default=None, ge=0)
    """In yuan."""


class Yearly(Strict):
    """The file of yearly figures."""

    figures: tuple[Figure, ...] = ()
    accidents: tuple[Accident, ...] = ()
    complete_years: tuple[int, ...] = ()
    """The years all of whose accidents are listed."""
    end_states: Mapping[str, Mapping[str, bool | None]] = Field(default_factory=dict)
    """Target → end state → whether it is reached."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A target with what the figures say of it."""

    target: Target
    verdict: Verdict
    base: int | None
    """The base year that was used."""
    base_chosen: bool
    """True where the document names none, and whoever evaluated did."""
    change: Span | None
    """In per cent; for a projection the change to be expected in the target's year."""
    wanting: tuple[str, ...]
    """What would decide it: figures, a base year, which of two readings holds, or end states."""
    cumulative: Cumulative | None = None
    """Which reading of *cumulative* was chosen; None where none was, and both must agree."""

    def to_json(self) -> dict[str, Any]:
        """Return its values."""
        target = self.target
        return {
            "target": target.id,
            "title": target.title.to_json(),
            "cite": {"instrument": target.cite.instrument, "clause": target.cite.clause},
            "year": target.year,
            "wanted": target.change,
            "base": self.base,
            "base_chosen": self.base_chosen,
            "cumulative": self.cumulative,
            "change": [None if end is None else str(end) for end in self.change] if self.change else None,
            "verdict": self.verdict,
            "wanting": list(self.wanting),
        }


@cache
def targets() -> tuple[Target, ...]:
    """Return the targets of the documents of all shipped profiles."""
    text = (files("dualprev_rules.supervision") / "targets.yaml").read_text("utf-8")
    return tuple(Target.model_validate(each) for each in yaml.safe_load(text))


def read_figures(source: Path | Mapping[str, Any]) -> Yearly:
    """Read yearly figures; raises DualprevError with every fault, a metric that no target has too."""
    yearly = read_model(source, Yearly)
    metrics = {target.metric for target in targets() if target.metric is not None}
    faults = [
        problem(
            "supervision.metric",
            given=each.metric,
            nearest=nearest(each.metric, metrics),
            allowed=" ".join(sorted(metrics)),
        )
        for each in yearly.figures
        if each.metric not in metrics
    ]
    counts = Counter((each.metric, each.first, each.year) for each in yearly.figures)
    faults += [
        problem("supervision.figure-twice", given=metric, year=year)
        for (metric, _, year), n in counts.items()
        if n > 1
    ]
    periods = {(target.metric, target.first, target.year) for target in targets() if target.cumulative}
    faults += [
        problem("supervision.figure-period", given=each.metric, first=each.first, year=each.year)
        for each in yearly.figures
        if each.first is not None and (each.metric, each.first, each.year) not in periods
    ]
    faults += [
        problem("supervision.figure-bounds", given=each.metric, year=each.year, low=each.low, high=each.high)
        for each in yearly.figures
        if each.high is not None and each.low > each.high
    ]
    faults += [
        problem("supervision.figure-outside", given=each.metric, year=each.year, value=each.value)
        for each in yearly.figures
        if each.value is not None and not _lies(each.value, (each.low, each.high))
    ]
    faults += [
        problem("supervision.figure-together", given=each.metric, first=each.first, year=each.year)
        for each in yearly.figures
        if each.first is not None and not _within_its_years(yearly, each.metric, each.first, each.year)
    ]
    faults += _contradictions(yearly)
    named = {target.id: target.end_states for target in targets()}
    faults += [
        problem("supervision.end-state", path=target, given=state)
        for target, states in yearly.end_states.items()
        for state in states
        if state not in named.get(target, ())
    ]
    if faults:
        raise DualprevError(faults)
    return yearly


def evaluate(
    profile: str,
    yearly: Yearly,
    *,
    as_of: date,
    base_year: int | None = None,
    cumulative: Cumulative | None = None,
) -> tuple[Evaluated, ...]:
    """Return every target of a profile with what the figures say on a day.

    ``base_year`` serves where a document names none; raises DualprevError where it is not before the period
    of such a target. While the year of a target is not over it is projected: by its own figure, else on the
    straight line from the base year through the latest year known. Once it is over only its figure decides.
    A change that the document calls cumulative is that of the last year or of the whole period, as
    ``cumulative`` chooses; without it both must come to the same.
    """
    own = [target for target in targets() if target.profile == profile]
    if base_year is not None:
        firsts = [target.first or target.year for target in own if target.base is None and target.metric]
        if firsts and base_year >= min(firsts):
            raise DualprevError(problem("supervision.base-year", given=str(base_year), first=min(firsts)))
    return tuple(_evaluated(target, yearly, base_year, as_of, cumulative) for target in own)


def figure(yearly: Yearly, metric: str, year: int, first: int | None = None) -> Span | None:
    """Return what a figure may be, of a year or of all years from ``first``; None where nothing is known."""
    for each in yearly.figures:
        if (each.metric, each.year, each.first) == (metric, year, first):
            if each.value is not None:
                return each.value, each.value
            return (each.low, each.high) if each.low > 0 or each.high is not None else None
    if first is None and metric in ACCIDENT_METRICS and year in yearly.complete_years:
        return _counted(metric, (each for each in yearly.accidents if each.year == year))
    return None


def _within_its_years(yearly: Yearly, metric: str, first: int, year: int) -> bool:
    """Tell whether the figure of several years may lie between the least and the greatest of theirs."""
    spans = [figure(yearly, metric, each) for each in range(first, year + 1)]
    known = [span for span in spans if span is not None]
    together = figure(yearly, metric, year, first)
    if len(known) < len(spans) or together is None:
        return True
    highs = [high for _, high in known if high is not None]
    most = max(highs) if len(highs) == len(known) else None
    least = min(low for low, _ in known)
    return (most is None or together[0] <= most) and (together[1] is None or together[1] >= least)


def _contradictions(yearly: Yearly) -> Iterator[Problem]:
    """Yield figures of counts that are not whole, or contradict the accidents listed or each other."""
    spans: dict[tuple[str, int], Span] = {}
    for each in yearly.figures:
        metric, year = each.metric, each.year
        if each.first is not None or metric not in (*ACCIDENT_METRICS, _DEATHS):
            continue
        given = [end for end in (each.value, each.low, each.high) if end is not None]
        if any(end.denominator != 1 for end in given):
            yield problem("supervision.figure-whole", given=metric, year=year, value=max(given))
            continue
        span = spans[metric, year] = (each.value, each.value) if each.value is not None else each.span
        least, most = _listed(yearly, metric, year)
        if span[1] is not None and span[1] < least:
            yield problem(
                "supervision.figure-accidents", given=metric, year=year, value=span[1], listed=least
            )
        elif most is not None and span[0] > most:
            yield problem("supervision.figure-accidents", given=metric, year=year, value=span[0], listed=most)
    for (metric, year), (low, _) in spans.items():
        high = spans.get((_OR_WORSE, year), (Fraction(0), None))[1]
        if metric == _GRADE_3 and high is not None and low > high:
            yield problem("supervision.figure-grades", year=year, given=str(low), other=high)


def _listed(yearly: Yearly, metric: str, year: int) -> Span:
    """Return what the accidents listed of a year come to, at least and, where all are listed, at most."""
    accidents = [each for each in yearly.accidents if each.year == year]
    if metric == _DEATHS:
        # Who died otherwise than in what the list is of, nobody said.
        return Fraction(sum(each.deaths or 0 for each in accidents)), None
    least, most = _counted(metric, accidents)
    return least, most if year in yearly.complete_years else None


def _lies(value: Fraction, span: Span) -> bool:
    return span[0] <= value and (span[1] is None or value <= span[1])


def _evaluated(
    target: Target, yearly: Yearly, chosen: int | None, as_of: date, cumulative: Cumulative | None
) -> Evaluated:
    if target.end_states:
        return _by_states(target, yearly)
    base = target.base if target.base is not None else chosen
    metric, wanted = target.metric, target.change
    if base is None or metric is None or wanted is None:
        return Evaluated(target, "not_decidable", None, False, None, ("base_year",))
    chosen_base = target.base is None
    first = figure(yearly, metric, base)
    if first is None or first[0] == 0:
        return Evaluated(target, "not_decidable", base, chosen_base, None, (f"{metric} {base}",))
    over = as_of.year > target.year
    last = figure(yearly, metric, target.year)
    line = None if over or last is not None else _projected(yearly, target, base, first)
    change = line if last is None else _change(first, last)
    found: Verdict = "not_decidable" if change is None else _verdict(change, wanted)
    wanting = (f"{metric} {target.year}",) if last is None else _open(change, target, base)
    if target.cumulative and cumulative != "last-year":
        whole, lacking = _whole(yearly, target, base, first, line)
        by_whole = "not_decidable" if whole is None else _verdict(whole, wanted)
        if cumulative == "whole-period":
            found, change, wanting = by_whole, whole, lacking
        elif by_whole != found:
            decided = "not_decidable" not in (found, by_whole)
            wanting = ("cumulative",) if decided else tuple(dict.fromkeys((*wanting, *lacking)))
            found = "not_decidable"
            change = None
    verdict = found if over else _PROJECTED[found]
    reading = cumulative if target.cumulative else None
    return Evaluated(target, verdict, base, chosen_base, change, wanting, reading)


def _whole(
    yearly: Yearly, target: Target, base: int, first: Span, line: Span | None
) -> tuple[Span | None, tuple[str, ...]]:
    """Return the change of the figure of a whole period, and the figures that would settle it.

    The figure of several years lies between the least and the greatest of them, whatever each weighs; the
    years that are to come are on the line.
    """
    metric, begins = target.metric or "", target.first or base + 1
    together = figure(yearly, metric, target.year, begins)
    if together is not None:
        return _change(first, together), ()
    spans: list[Span] = []
    lacking: list[str] = []
    for year in range(begins, target.year + 1):
        known = figure(yearly, metric, year)
        if known is not None:
            spans.append(_change(first, known))
            continue
        lacking.append(f"{metric} {year}")
        if line is None:
            return None, tuple(lacking)
        share = Fraction(year - base, target.year - base)
        spans.append((line[0] * share, None if line[1] is None else line[1] * share))
    highs = [high for _, high in spans if high is not None]
    whole = min(low for low, _ in spans), max(highs) if len(highs) == len(spans) else None
    decided = target.change is not None and _verdict(whole, target.change) != "not_decidable"
    return whole, (*lacking, *(() if decided else (f"{metric} {begins}–{target.year}",)))


def _projected(yearly: Yearly, target: Target, base: int, first: Span) -> Span | None:
    """Return the change to be expected, by the latest year between that is bounded on both sides."""
    for year in range(target.year - 1, base, -1):
        so_far = figure(yearly, target.metric or "", year)
        if so_far is not None and so_far[1] is not None:
            low, high = _change(first, so_far)
            reach = Fraction(target.year - base, year - base)
            return low * reach, None if high is None else high * reach
    return None


def _by_states(target: Target, yearly: Yearly) -> Evaluated:
    given = yearly.end_states.get(target.id, {})
    open_ = tuple(state for state in target.end_states if given.get(state) is None)
    verdict: Verdict = "not_met" if False in given.values() else "not_decidable" if open_ else "met"
    return Evaluated(target, verdict, None, False, None, open_)


def _change(first: Span, last: Span) -> Span:
    """Return by how many per cent the last figure differs from the first, at least and at most."""
    low = Fraction(0) if first[1] is None else last[0] / first[1]
    return (low - 1) * 100, None if last[1] is None else (last[1] / first[0] - 1) * 100


def _verdict(change: Span, wanted: int) -> Verdict:
    if change[1] is not None and change[1] <= wanted:
        return "met"
    return "not_met" if change[0] > wanted else "not_decidable"


def _open(change: Span | None, target: Target, base: int) -> tuple[str, ...]:
    decided = (
        change is not None
        and target.change is not None
        and _verdict(change, target.change) != "not_decidable"
    )
    return () if decided else (f"{target.metric} {base}", f"{target.metric} {target.year}")


def _counted(metric: str, accidents: Iterable[Accident]) -> Span:
    """Return how much a year's accidents come to, at least and at most."""
    spans = [*_each(metric, accidents)]
    return Fraction(sum(least for least, _ in spans)), Fraction(sum(most for _, most in spans))


def _each(metric: str, accidents: Iterable[Accident]) -> Iterator[tuple[int, int]]:
    for each in accidents:
        grades = {
            grade.grade
            for grade in accident_grades(
                deaths=each.deaths, serious_injuries=each.serious_injuries, direct_loss=each.direct_loss
            )
        }
        match metric:
            case "accidents_grade_3":
                yield int(grades == {3}), int(3 in grades)
            case "accidents_grade_3_or_worse":
                yield int(4 not in grades), int(bool(grades - {4}))
            case _ if 4 not in grades:
                yield 0, 0
            case _:
                # An ordinary accident has two deaths at most.
                known = each.deaths
                yield (known or 0) if grades == {4} else 0, known if known is not None else 2
