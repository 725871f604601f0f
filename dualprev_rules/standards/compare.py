"""Compare two packs, instruments or profiles: rules in pairs, each proved stricter, weaker, equal or neither.

The first is stricter than the second where it is violated by all that violates the second, and by more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from dualprev_rules.engine import Engine, profile_files
from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.solver import MOST_RECORDS, Answer, Question, Solver, Translation
from dualprev_rules.evaluate.solver.backend import Bit, all_of, no
from dualprev_rules.evaluate.solver.world import Ghost
from dualprev_rules.facts.record import Record
from dualprev_rules.pack.load import read_packs
from dualprev_rules.pack.model import Rule, Ruleset
from dualprev_rules.pack.registry import functions
from dualprev_rules.problems import DualprevError, Problem, nearest, problem
from dualprev_rules.standards.reads import MOST_COUNTED, longest_list, reached

Verdict = Literal["equal", "stricter", "weaker", "incomparable", "undecided"]
_CODES: dict[Verdict, str] = {
    "equal": "standards.equal",
    "stricter": "standards.stricter",
    "weaker": "standards.weaker",
    "incomparable": "standards.incomparable",
    "undecided": "standards.not-compared",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what holds, and which of its rules take part."""

    name: str
    ruleset: Ruleset
    profile: str
    rules: Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rules about one breach, and how the first stands to the second."""

    first: Rule
    second: Rule
    verdict: Verdict
    only_first: Answer
    """Facts that violate the first alone, where there are any."""
    only_second: Answer

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

    def count(self, verdict: Verdict) -> int:
        """Return how many pairs have a verdict."""
        return sum(pair.verdict == verdict for pair in self.pairs)

    @property
    def stricter_or_equal(self) -> bool:
        """True where every rule of the second has a counterpart, and every pair is proved so."""
        return not self.only_second and all(pair.verdict in ("equal", "stricter") for pair in self.pairs)

    def without_counterpart(self) -> list[Problem]:
        """Return the rules of both sides that stand alone, in words."""
        alone = [self.first.rules[name] for name in self.only_first]
        alone += [self.second.rules[name] for name in self.only_second]
        return [_note("standards.no-partner", given=rule.id, title=rule.title) for rule in alone]

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
            for breach, answer in (("first", pair.only_first), ("second", pair.only_second)):
                if answer.is_possible:
                    name = f"{pair.first.id} / {pair.second.id}: {sides[breach].name}"
                    said = [(sides[at], rules[at], answer) for at in ("first", "second")]
                    found += _cases(name, said)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the whole as JSON values."""
        return {
            "first": self.first.name,
            "second": self.second.name,
            "records": self.records,
            "pairs": [_document(pair) for pair in self.pairs],
            "only_first": list(self.only_first),
            "only_second": list(self.only_second),
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
    }


def compare(
    first: str | Path,
    second: str | Path,
    *,
    as_of: date,
    packs: Sequence[str | Path] = (),
    profile: str = "national",
    records: int = MOST_RECORDS,
    seconds: float = 2.0,
) -> Comparison:
    """Compare two profiles over ``packs``; or two packs, or two instruments of ``packs``.

    Rules of profiles are paired by their id; of packs and instruments by ``corresponds_to``. Raises
    DualprevError where a side is none of these, or does not load.
    """
    one, other = _sides(first, second, as_of, packs, profile)
    solver = Solver(one.ruleset, functions(), records, int(seconds * 1000))
    chosen = list(_paired(one, other))
    pairs = tuple(_pair(one, other, a, b, solver) for a, b in chosen)
    paired = {a.id for a, _ in chosen}, {b.id for _, b in chosen}
    return Comparison(
        one,
        other,
        pairs,
        tuple(name for name in one.rules if name not in paired[0]),
        tuple(name for name in other.rules if name not in paired[1]),
        records,
    )


def _sides(
    first: str | Path, second: str | Path, as_of: date, packs: Sequence[str | Path], profile: str
) -> tuple[Side, Side]:
    profiles = profile_files()
    if str(first) in profiles and str(second) in profiles:
        one, other = (Engine.load(list(packs), str(name), as_of=as_of).ruleset for name in (first, second))
        return (
            Side(str(first), one, str(first), _asked(one)),
            Side(str(second), other, str(second), _asked(other)),
        )
    if packs:
        ruleset = Engine.load(list(packs), profile, as_of=as_of).ruleset
        found = [name for name in (str(first), str(second)) if name not in ruleset.instruments]
        if found:
            near = nearest(found[0], ruleset.instruments) or ", ".join(ruleset.instruments)
            raise DualprevError(problem("standards.no-side", given=found[0], nearest=near))
        return tuple(_of_instrument(str(name), ruleset, profile) for name in (first, second))  # pyright: ignore[reportReturnType]
    ruleset = Engine.load([first, second], profile, as_of=as_of).ruleset
    ids = [source.id for source in read_packs([first, second], cases=False)]
    one, other = ({n: r for n, r in _asked(ruleset).items() if r.pack == pack} for pack in ids)
    return Side(ids[0], ruleset, profile, one), Side(ids[1], ruleset, profile, other)


def _of_instrument(name: str, ruleset: Ruleset, profile: str) -> Side:
    rules = {n: r for n, r in _asked(ruleset).items() if any(cite.instrument == name for cite in r.citations)}
    return Side(name, ruleset, profile, rules)


def _asked(ruleset: Ruleset) -> dict[str, Rule]:
    return {n: r for n, r in ruleset.rules.items() if r.kind != "data_check" and r.not_encoded is None}


def _paired(one: Side, other: Side) -> Iterator[tuple[Rule, Rule]]:
    for a in one.rules.values():
        if one.ruleset is not other.ruleset:
            if a.id in other.rules:
                yield a, other.rules[a.id]
            continue
        for b in other.rules.values():
            if a is not b and a.entity == b.entity and (b.id in a.corresponds_to or a.id in b.corresponds_to):
                yield a, b


def _pair(one: Side, other: Side, a: Rule, b: Rule, solver: Solver) -> Pair:
    if _alike(one, other, a, b):
        return Pair(a, b, "equal", Answer(False), Answer(False))
    longest = max(longest_list(one.ruleset, [a]), longest_list(other.ruleset, [b]))
    of = solver.with_records(min(longest, MOST_COUNTED))
    alone = [_alone(one, other, a, b), _alone(other, one, b, a)]
    first, second = of.ask_each(a.entity, alone)
    if longest > MOST_COUNTED and not (first.is_possible and second.is_possible):
        return Pair(a, b, "undecided", first, second)
    return Pair(a, b, _verdict(first.is_possible, second.is_possible), first, second)


def _alike(one: Side, other: Side, a: Rule, b: Rule) -> bool:
    return a.entity == b.entity and list(reached(one.ruleset, [a])) == list(reached(other.ruleset, [b]))


def _verdict(first: bool | None, second: bool | None) -> Verdict:
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


def _alone(breach: Side, keep: Side, violated: Rule, kept: Rule) -> Question:
    """Return the question whether a rule of one side can be violated where that of the other is not."""

    def where(to: Translation, record: Ghost) -> Bit:
        bits = [_in(side, to).outcome(rule, record)[1] for side, rule in ((breach, violated), (keep, kept))]
        return all_of(bits[0], no(bits[1]))

    def confirms(reference: Reference, record: Record) -> bool:
        said = [
            Reference(side.ruleset, reference.functions).outcome(rule, record).code
            for side, rule in ((breach, violated), (keep, kept))
        ]
        return said[0] == "violated" and said[1] in ("compliant", "not_applicable")

    return where, confirms


def _in(side: Side, to: Translation) -> Translation:
    return to if side.ruleset is to.ruleset else Translation(side.ruleset, to.world)
