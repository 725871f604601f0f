"""Dates: holes and overlaps between editions, and citations to what has been superseded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from dualprev_rules.pack.model import Instrument, Ruleset
from dualprev_rules.pack.read import PackSource
from dualprev_rules.problems import Place, problem
from dualprev_rules.standards.finding import Finding


def check_editions(sources: Collection[PackSource], ruleset: Ruleset) -> Iterator[Finding]:
    """Yield pairs of editions between which nothing holds, or that both hold on the same days."""
    places = _places(sources)
    for newer in ruleset.instruments.values():
        for name in newer.supersedes if newer.id in places else ():
            older = ruleset.instruments.get(name)
            if older is None or newer.start is None or older.dated_by != "assessment":
                continue
            args = {"given": older.id, "nearest": str(newer.start), "newer": newer.id}
            if older.end is not None and older.end < newer.start:
                args["end"] = str(older.end)
                yield _said("standards.edition-hole", places[newer.id], args)
            elif older.end is None or older.end > newer.start:
                yield _said("standards.edition-overlap", places.get(older.id, places[newer.id]), args)


def _said(code: str, place: Place, args: Mapping[str, str]) -> Finding:
    return Finding(problem(code, severity="warning", place=place, **args), args["given"])


def check_citations(sources: Collection[PackSource], ruleset: Ruleset) -> Iterator[Finding]:
    """Yield rules that hold on the day and still cite an instrument that was superseded by another.

    A rule that cites the successor, too, is one of both editions.
    """
    day, newer = ruleset.as_of, _successors(ruleset.instruments.values(), ruleset.as_of)
    for spec in (spec for source in sources for spec in source.rules):
        rule = ruleset.rules.get(spec.rule)
        if rule is None or rule.dated is not None or rule.not_encoded is not None:
            continue
        cited = {cite.instrument: cite for cite in spec.cite}
        for name, cite in cited.items():
            instrument = ruleset.instruments.get(name)
            if instrument is None or not _over(instrument, day) or newer.get(name) in cited:
                continue
            code = "standards.superseded-clause"
            args = {"instrument": instrument.number, "end": str(instrument.end)}
            place = cite.at("instrument")
            found = problem(
                code, severity="warning", place=place, given=rule.id, nearest=newer.get(name), **args
            )
            yield Finding(found, rule.id)


def _over(instrument: Instrument, day: date) -> bool:
    by_day = instrument.dated_by == "assessment"
    return by_day and instrument.end is not None and instrument.end <= day


def _successors(instruments: Collection[Instrument], day: date) -> dict[str, str]:
    return {old: i.id for i in instruments if i.in_force(day) for old in i.supersedes}


def _places(sources: Collection[PackSource]) -> dict[str, Place]:
    specs = [i for source in sources if source.spec is not None for i in source.spec.instruments]
    return {spec.id: spec.at("in_force") for spec in specs}
