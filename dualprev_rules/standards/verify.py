"""Verify packs: everything that the workbench can prove of them, or show where it fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from dualprev_rules.engine import Engine
from dualprev_rules.evaluate.solver import MOST_RECORDS, Solver
from dualprev_rules.pack.load import read_packs
from dualprev_rules.pack.model import PackInfo, Ruleset
from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.registry import functions
from dualprev_rules.problems import Problem, problem
from dualprev_rules.standards.contradictions import check_contradictions
from dualprev_rules.standards.decisions import check_table, tables_of
from dualprev_rules.standards.editions import check_citations, check_editions
from dualprev_rules.standards.finding import Finding
from dualprev_rules.standards.monotone import check_monotone
from dualprev_rules.standards.reads import check_facts
from dualprev_rules.standards.rules import check_implied, check_rules
from dualprev_rules.standards.together import check_together

Span = tuple[date, date]
"""The first day on which something holds, and the first on which it no longer does."""
_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found, and over how much it was looked for."""

    as_of: date
    days: tuple[date, ...]
    """The days whose decision tables were looked at."""
    packs: tuple[PackInfo, ...]
    records: int
    """So many records beside the one asked about a list may hold in what is proved of rules."""
    rules: int
    tables: int
    questions: int
    confirmed: int
    """Facts that the solver found and the reference confirmed."""
    findings: tuple[Finding, ...]

    def count(self, severity: str) -> int:
        """Return how many findings are of a severity."""
        return sum(finding.problem.severity == severity for finding in self.findings)

    def summary(self) -> Problem:
        """Return what was looked at and how much was found, in words."""
        return problem(
            "standards.verified",
            severity="note",
            given=self.as_of.isoformat(),
            rules=self.rules,
            tables=self.tables,
            questions=self.questions,
            records=self.records,
            confirmed=self.confirmed,
            errors=self.count("error"),
            warnings=self.count("warning"),
            notes=self.count("note"),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the whole as JSON values, in a fixed order of keys."""
        return {
            "as_of": self.as_of.isoformat(),
            "days": [day.isoformat() for day in self.days],
            "packs": [{"id": p.id, "version": p.version, "hash": p.hash} for p in self.packs],
            "records": self.records,
            "rules": self.rules,
            "tables": self.tables,
            "questions": self.questions,
            "confirmed": self.confirmed,
            "findings": [finding.to_json() for finding in self.findings],
        }


def verify(
    packs: Sequence[str | Path],
    *,
    as_of: date,
    profile: str = "national",
    also: Sequence[str | Path] = (),
    records: int = MOST_RECORDS,
    seconds: float = 2.0,
) -> Verification:
    """Verify packs for a day, under a profile; ``also`` are packs that they build on.

    Each question takes at most ``seconds``, each decision table ten times that. Raises DualprevError where
    packs do not load, or the solver is not installed.
    """
    every = [*also, *packs]
    sources = read_packs(packs, cases=False)
    names = {source.id for source in sources}
    engine = Engine.load(every, profile, as_of=as_of)
    return _verify(engine, sources, names, every, records, seconds)


def verify_profile(
    profile: str,
    *,
    as_of: date,
    packs: Sequence[str | Path] = (),
    records: int = MOST_RECORDS,
    seconds: float = 2.0,
) -> Verification:
    """Verify the rules and tables that a profile brings, beside ``packs``."""
    engine = Engine.load(list(packs), profile, as_of=as_of)
    known = {pack.id for pack in engine.ruleset.packs}
    owners = {rule.pack for rule in engine.ruleset.rules.values()}
    owners |= {definition.pack for definition in engine.ruleset.definitions.values()}
    return _verify(engine, (), owners - known, packs, records, seconds)


def _verify(
    engine: Engine,
    sources: Sequence[PackSource],
    names: set[str],
    packs: Sequence[str | Path],
    records: int,
    seconds: float,
) -> Verification:
    ruleset = engine.ruleset
    solver = Solver(ruleset, functions(), records, int(seconds * 1000))
    days = [ruleset.as_of, *_days(sources, ruleset.as_of)]
    findings: dict[tuple[str, str, str], Finding] = {}
    tables: set[tuple[str, str]] = set()
    for day in days:
        on_day = (
            ruleset
            if day == ruleset.as_of
            else Engine.load(list(packs), engine.profile.id, as_of=day).ruleset
        )
        asked = solver if on_day is ruleset else replace(solver, ruleset=on_day)
        for found in _tables(on_day, names, sources, asked, seconds * 10, tables):
            findings.setdefault(_key(found), found)
    rules = check_rules(ruleset, names, solver)
    rest = [
        *rules.findings,
        *check_implied(ruleset, solver, rules),
        *check_contradictions(ruleset, solver, rules),
        *check_together(ruleset, solver, rules),
        *check_monotone(ruleset, names, solver),
        *check_editions(sources, ruleset),
        *check_citations(sources, ruleset),
        *check_facts(ruleset, names),
    ]
    for found in rest:
        findings.setdefault(_key(found), found)
    ordered = sorted(findings.values(), key=lambda f: (_ORDER[f.problem.severity], f.problem.code, *_key(f)))
    return Verification(
        ruleset.as_of,
        tuple(sorted(days)),
        tuple(pack for pack in ruleset.packs if pack.id in names),
        records,
        rules.rules,
        len(tables),
        rules.asked,
        solver.witnesses[True],
        tuple(ordered),
    )


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.about, str(finding.problem.place), finding.problem.text("en")


def _tables(
    ruleset: Ruleset,
    names: set[str],
    sources: Sequence[PackSource],
    solver: Solver,
    seconds: float,
    seen: set[tuple[str, str]],
) -> Iterator[Finding]:
    """Yield what is wrong with tables that no day before has shown."""
    open_ones = _says_gap(sources)
    for named in tables_of(ruleset, names):
        key = named.about, str(named.place)
        if key not in seen:
            seen.add(key)
            yield from check_table(
                named, ruleset, solver, seconds=seconds, says_gap=str(named.place) in open_ones
            )


def _says_gap(sources: Sequence[PackSource]) -> set[str]:
    """Return the places of the tables that say that, and why, their source leaves combinations open."""
    tables = [d.decide for source in sources for d in source.definitions if d.decide is not None]
    tables += [bands.decide for source in sources for method in source.methods for bands in method.bands]
    return {str(table.at()) for table in tables if table.gap is not None}


def _starts(spans: Sequence[Span]) -> list[date]:
    return [start for start, _ in spans]


def _held(spans: Sequence[Span], day: date) -> tuple[int, date]:
    return sum(start <= day < end for start, end in spans), day


def _days(sources: Sequence[PackSource], as_of: date) -> list[date]:
    """Return further days, so that every edition of an instrument is in force on one of them."""
    spans: list[Span] = [
        (i.in_force.from_ or date.min, i.in_force.replaced_on or date.max)
        for source in sources
        if source.spec is not None
        for i in source.spec.instruments
    ]
    left: list[Span] = [span for span in spans if not span[0] <= as_of < span[1] and span[0] > date.min]
    days: list[date] = []
    while left:
        best = max(_starts(left), key=partial(_held, left))
        days.append(best)
        left = [span for span in left if not span[0] <= best < span[1]]
    return days
