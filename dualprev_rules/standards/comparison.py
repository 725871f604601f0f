"""What came of a comparison: pairs of rules, wholes and grades, in words, as cases and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.solver import Answer, Solver
from dualprev_rules.pack.model import Bands, GradingMethod, Rule, Ruleset
from dualprev_rules.pack.registry import functions
from dualprev_rules.problems import Problem, problem
from dualprev_rules.standards.bands import GradePair
from dualprev_rules.standards.whole import Covered

Verdict = Literal["equal", "stricter", "weaker", "incomparable", "undecided"]
_CODES: dict[Verdict, str] = {
    "equal": "standards.equal",
    "stricter": "standards.stricter",
    "weaker": "standards.weaker",
    "incomparable": "standards.incomparable",
    "undecided": "standards.not-compared",
}
_WHOLE: dict[Verdict, str] = {
    "equal": "standards.whole-equal",
    "stricter": "standards.whole-stricter",
    "weaker": "standards.whole-weaker",
    "incomparable": "standards.whole-incomparable",
    "undecided": "standards.whole-undecided",
}
_GRADES: dict[str, str] = {
    "equal": "standards.grades-equal",
    "stricter": "standards.grades-stricter",
    "weaker": "standards.grades-weaker",
    "incomparable": "standards.grades-incomparable",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what holds, and which of its rules take part."""

    name: str
    ruleset: Ruleset
    profile: str
    rules: Mapping[str, Rule]
    bands: Sequence[tuple[GradingMethod, Bands]] = ()
    """The bands by which it grades."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rules about one breach, and how the first stands to the second."""

    first: Rule
    second: Rule
    verdict: Verdict
    only_first: Answer
    """Facts that violate the first alone, where there are any."""
    only_second: Answer
    beside: tuple[Problem, ...] = ()
    """In what the first is weaker beside what violates it."""
    days: tuple[date | None, date | None] = (None, None)
    """The day of each answer, where it is not that of the comparison."""

    @property
    def is_kept(self) -> bool:
        """True where the first is proved stricter or equal, and is weaker in nothing."""
        return self.verdict in ("equal", "stricter") and not self.beside

    @property
    def problem(self) -> Problem:
        """The verdict in words."""
        severity = "note" if self.verdict in ("equal", "stricter") else "warning"
        return problem(
            _CODES[self.verdict],
            severity=severity,
            place=self.first.violated.place,
            given=self.first.id,
            nearest=self.second.id,
            title=self.first.title,
            other=self.second.title,
            clause=_clauses(self.first),
            other_clause=_clauses(self.second),
        )


def _clauses(rule: Rule) -> str:
    return ", ".join(f"{cite.instrument} {cite.clause}" for cite in rule.citations)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, their pairs, and the rules of each that no rule of the other corresponds to."""

    first: Side
    second: Side
    pairs: tuple[Pair, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    records: int
    covered_first: tuple[Covered, ...] = ()
    """Rules of the first that no pair shows to be held by the second, and whether all of it holds them."""
    covered_second: tuple[Covered, ...] = ()
    """The other way round."""
    grades: tuple[GradePair, ...] = ()
    proposals: Mapping[str, str] = field(default_factory=dict[str, str])
    """Rule without counterpart → the rule of the other side that reads most of its facts."""
    not_graded: tuple[str, ...] = ()
    """Bands of the second that none of the first could be compared with."""

    def count(self, verdict: Verdict) -> int:
        """Return how many pairs have a verdict."""
        return sum(pair.verdict == verdict for pair in self.pairs)

    @property
    def stricter_or_equal(self) -> bool:
        """True where whatever violates the second violates the first, which is weaker in nothing else."""
        beside = any(pair.beside for pair in self.pairs)
        graded = all(pair.verdict in ("equal", "stricter") for pair in self.grades)
        return graded and not self.not_graded and not beside and self.covers is True

    @property
    def covers(self) -> bool | None:
        """Whether every site that violates a rule of the second violates the first; None: undecided."""
        return _all(self.covered_second)

    @property
    def is_covered(self) -> bool | None:
        """Whether every site that violates a rule of the first violates the second; None: undecided."""
        return _all(self.covered_first)

    @property
    def whole(self) -> Problem:
        """How the first stands to the second as a whole, in words."""
        verdict = verdict_of(*(None if held is None else not held for held in (self.is_covered, self.covers)))
        return _note(_WHOLE[verdict], given=self.first.name, nearest=self.second.name)

    def graded(self) -> list[Problem]:
        """Return how the grades of both sides stand, in words."""
        left = [
            problem("standards.grades-undecided", severity="warning", given=bands, nearest=self.first.name)
            for bands in self.not_graded
        ]
        return [*(_of_grades(pair) for pair in self.grades), *left]

    def without_counterpart(self) -> list[Problem]:
        """Return the rules of both sides that stand alone, in words."""
        alone = [self.first.rules[name] for name in self.only_first]
        alone += [self.second.rules[name] for name in self.only_second]
        held = {each.rule.id for each in (*self.covered_first, *self.covered_second) if each.holds}
        return [
            _note("standards.held-together", given=rule.id, title=rule.title)
            if rule.id in held
            else _note(
                "standards.no-partner", given=rule.id, title=rule.title, nearest=self.proposals.get(rule.id)
            )
            for rule in alone
        ]

    def summary(self) -> Problem:
        """Return what was compared, in words."""
        verdicts: tuple[Verdict, ...] = ("equal", "stricter", "weaker", "incomparable", "undecided")
        return _note(
            "standards.compared",
            given=self.first.name,
            nearest=self.second.name,
            **{verdict: self.count(verdict) for verdict in verdicts},
            only_first=len(self.only_first),
            only_second=len(self.only_second),
            records=self.records,
        )

    def cases(self) -> list[dict[str, Any]]:
        """Return every witness as cases of a pack: facts, and what each rule says of them."""
        sides = {"first": self.first, "second": self.second}
        found: list[dict[str, Any]] = []
        for pair in self.pairs:
            rules = {"first": pair.first, "second": pair.second}
            answers = (("first", pair.only_first, pair.days[0]), ("second", pair.only_second, pair.days[1]))
            for breach, answer, day in answers:
                if answer.is_possible:
                    name = f"{pair.first.id} / {pair.second.id}: {sides[breach].name}"
                    on = dict(zip(sides, on_day(self.first, self.second, day), strict=True))
                    said = [(on[at], rules[at], answer) for at in sides]
                    found += _cases(name, said)
        for side, each in self.escapes():
            name = f"{each.rule.id}: {side.name}"
            on = on_day(side, side, each.day)[0]
            found += _cases(name, [(on, each.rule, each.escape)])
        return found

    def escapes(self) -> list[tuple[Side, Covered]]:
        """Return the rules without counterpart that the other side does not stand for, with the facts."""
        alone = {*self.only_first, *self.only_second}
        every = [(self.first, c) for c in self.covered_first] + [
            (self.second, c) for c in self.covered_second
        ]
        return [(side, each) for side, each in every if each.escape.is_possible and each.rule.id in alone]

    def weaker_together(self) -> list[Problem]:
        """Return in what rules that would stand for one of the second are weaker, in words."""
        return [fault for each in self.covered_second for fault in each.beside]

    def to_json(self) -> dict[str, Any]:
        """Return the whole as JSON values."""
        return {
            "first": self.first.name,
            "second": self.second.name,
            "records": self.records,
            "pairs": [_document(pair) for pair in self.pairs],
            "only_first": list(self.only_first),
            "only_second": list(self.only_second),
            "proposals": dict(self.proposals),
            "whole": {
                **self.whole.to_json(),
                "first_covers_second": self.covers,
                "second_covers_first": self.is_covered,
                "not_covered_by_first": [_uncovered(each) for each in self.covered_second],
                "not_covered_by_second": [_uncovered(each) for each in self.covered_first],
            },
            "grades": [
                {**_of_grades(pair).to_json(), "method": pair.method, "verdict": pair.verdict}
                for pair in self.grades
            ],
            "not_graded": list(self.not_graded),
        }


def _note(code: str, **args: Any) -> Problem:
    return problem(code, severity="note", **args)


def _cases(name: str, said: Sequence[tuple[Side, Rule, Answer]]) -> list[dict[str, Any]]:
    """Return one case for both sides where one ruleset has both, else one for each."""
    found: list[dict[str, Any]] = []
    for side, rule, answer in said:
        expect = {f"{answer.path}: {rule.id}": _outcome(side, rule, answer)}
        if found and side.ruleset is said[0][0].ruleset:
            found[0]["expect"] |= expect
            continue
        day = side.ruleset.as_of.isoformat()
        facts = deepcopy(answer.witness)
        found.append({"case": name, "as_of": day, "profile": side.profile, "facts": facts, "expect": expect})
    return found


def _outcome(side: Side, rule: Rule, answer: Answer) -> str:
    _, record = Solver(side.ruleset, functions()).read(answer)
    return Reference(side.ruleset, functions()).outcome(rule, record).code


def _document(pair: Pair) -> dict[str, Any]:
    return {
        **pair.problem.to_json(),
        "verdict": pair.verdict,
        "first": pair.first.id,
        "second": pair.second.id,
        "only_first": pair.only_first.witness,
        "only_second": pair.only_second.witness,
        "undecided": pair.only_first.because or pair.only_second.because or None,
        "beside": [fault.to_json() for fault in pair.beside],
    }


def _uncovered(each: Covered) -> dict[str, Any]:
    return {
        "rule": each.rule.id,
        "covered": each.holds,
        "by": list(each.by),
        "witness": each.escape.witness,
        "beside": [fault.to_json() for fault in each.beside],
    }


def _all(held: Sequence[Covered]) -> bool | None:
    said = {each.holds for each in held}
    return False if False in said else None if None in said else True


def _of_grades(pair: GradePair) -> Problem:
    shown = pair.weaker or pair.stricter
    grades = [
        str(grade) if grade is not None else "—" for grade in ((shown.first, shown.second) if shown else ())
    ]
    return problem(
        _GRADES[pair.verdict],
        severity="note" if pair.verdict in ("equal", "stricter") else "warning",
        given=f"{pair.method}.{pair.first.id}",
        nearest=f"{pair.other}.{pair.second.id}",
        at=", ".join(f"{name} = {value}" for name, value in shown.point.items()) if shown else "",
        has=grades[0] if grades else "",
        wants=grades[1] if grades else "",
    )


def verdict_of(first: bool | None, second: bool | None) -> Verdict:
    """Return how the first stands, where some facts violate it alone, and some the second alone."""
    match first, second:
        case False, False:
            return "equal"
        case True, False:
            return "stricter"
        case False, True:
            return "weaker"
        case True, True:
            return "incomparable"
        case _:
            return "undecided"


def on_day(one: Side, other: Side, day: date | None) -> tuple[Side, Side]:
    """Return both sides as they are when assessed on a day; None: as they are."""
    if day is None:
        return one, other
    now = replace(one.ruleset, as_of=day)
    beside = now if one.ruleset is other.ruleset else replace(other.ruleset, as_of=day)
    return replace(one, ruleset=now), replace(other, ruleset=beside)
