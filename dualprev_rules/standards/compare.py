"""Compare two packs, instruments or profiles: rules in pairs, each proved stricter, weaker, equal or neither.

The first is stricter than the second where it is violated by all that violates the second, and by more.
Beside what violates them, rules differ in whose duty they are, how grave, from when, how often checked; and
two sides are compared as wholes, and in the grades that they give.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from dualprev_rules.engine import Engine, profile_files
from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.solver import MOST_RECORDS, Answer, Question, Solver, Translation
from dualprev_rules.evaluate.solver.backend import Bit, all_of, no
from dualprev_rules.evaluate.solver.world import Ghost
from dualprev_rules.facts.record import Record
from dualprev_rules.pack.load import read_packs
from dualprev_rules.pack.model import Rule, Ruleset
from dualprev_rules.pack.registry import functions
from dualprev_rules.problems import DualprevError, nearest, problem
from dualprev_rules.standards.bands import grade_pairs, not_graded
from dualprev_rules.standards.beside import weaker_beside
from dualprev_rules.standards.comparison import Comparison, Pair, Side, on_day, verdict_of
from dualprev_rules.standards.reads import (
    MOST_COUNTED,
    longest_list,
    open_beyond,
    reached,
    read_by_rules,
    rests_on_length,
)
from dualprev_rules.standards.turns import turns_of
from dualprev_rules.standards.whole import covered


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
    alone = [[n for n in side.rules if n not in ids] for side, ids in zip((one, other), paired, strict=True)]
    held = (
        {pair.first.id for pair in pairs if pair.verdict in ("equal", "weaker")},
        {pair.second.id for pair in pairs if pair.verdict in ("equal", "stricter")},
    )
    left = [
        [r for r in side.rules.values() if r.id not in of]
        for side, of in zip((one, other), held, strict=True)
    ]
    sides = one.rules.values(), other.rules.values()
    grades = tuple(grade_pairs(one.bands, other.bands, one.ruleset))
    return Comparison(
        one,
        other,
        pairs,
        tuple(alone[0]),
        tuple(alone[1]),
        records,
        tuple(covered(one.ruleset, left[0], other.ruleset, sides[1], solver)),
        tuple(covered(other.ruleset, left[1], one.ruleset, sides[0], solver, weighed=True)),
        grades,
        {**_proposed(one, alone[0], other, alone[1]), **_proposed(other, alone[1], one, alone[0])},
        tuple(not_graded(one.bands, other.bands, grades)),
    )


def _proposed(side: Side, alone: Sequence[str], beside: Side, others: Sequence[str]) -> dict[str, str]:
    """Return for rules without counterpart the one of the other side that shares the most facts."""
    reads = {name: read_by_rules(beside.ruleset, [beside.rules[name]]) for name in others}
    found: dict[str, str] = {}
    for name in alone:
        rule = side.rules[name]
        own = read_by_rules(side.ruleset, [rule])
        near = [other for other in others if beside.rules[other].entity == rule.entity and reads[other] & own]
        if near:
            found[name] = max(near, key=lambda other: len(reads[other] & own) / len(reads[other] | own))
    return found


def _sides(
    first: str | Path, second: str | Path, as_of: date, packs: Sequence[str | Path], profile: str
) -> tuple[Side, Side]:
    profiles = profile_files()
    if str(first) in profiles and str(second) in profiles:
        one, other = (Engine.load(list(packs), str(name), as_of=as_of) for name in (first, second))
        return _of_profile(str(first), one), _of_profile(str(second), other)
    if packs:
        ruleset = Engine.load(list(packs), profile, as_of=as_of).ruleset
        found = [name for name in (str(first), str(second)) if name not in ruleset.instruments]
        if found:
            near = nearest(found[0], ruleset.instruments) or ", ".join(ruleset.instruments)
            raise DualprevError(problem("standards.no-side", given=found[0], nearest=near))
        one, other = str(first), str(second)
        return _of_instrument(one, other, ruleset, profile), _of_instrument(other, one, ruleset, profile)
    ruleset = Engine.load([first, second], profile, as_of=as_of).ruleset
    ids = [source.id for source in read_packs([first, second], cases=False)]
    one, other = ({n: r for n, r in _asked(ruleset).items() if r.pack == pack} for pack in ids)
    bands = [
        [(m, b) for m in ruleset.methods.values() if m.pack == pack for b in m.bands.values()] for pack in ids
    ]
    return Side(ids[0], ruleset, profile, one, bands[0]), Side(ids[1], ruleset, profile, other, bands[1])


def _of_profile(name: str, engine: Engine) -> Side:
    methods = engine.ruleset.methods.values()
    chosen = [(method, engine.profile.bands_of(method)) for method in methods]
    bands = [(method, of) for method, of in chosen if of is not None]
    return Side(name, engine.ruleset, name, _asked(engine.ruleset), bands)


def _of_instrument(name: str, beside: str, ruleset: Ruleset, profile: str) -> Side:
    clauses, others = (
        {n: r for n, r in _asked(ruleset).items() if any(cite.instrument == of for cite in r.citations)}
        for of in (name, beside)
    )
    scope = ruleset.instruments[name].scope
    shared = scope is not None and scope == ruleset.instruments[beside].scope

    def guards(rule: Rule) -> bool:
        # Clauses are compared for whom both bind: a scope that both have is left out, and one within
        # which the other yields, as is the yielding.
        yields = any(r.standing == "beyond" for r in others.values() if _correspond(rule, r))
        return not (rule.standing == "beyond" or (scope is not None and (shared or yields)))

    rules = {n: r if guards(r) else replace(r, dated=None) for n, r in clauses.items()}
    bands = [
        (method, of)
        for method in ruleset.methods.values()
        for of in method.bands.values()
        if any(cite.instrument == name for cite in of.citations)
    ]
    return Side(name, ruleset, profile, rules, bands)


def _asked(ruleset: Ruleset) -> dict[str, Rule]:
    return {n: r for n, r in ruleset.rules.items() if r.kind != "data_check" and r.not_encoded is None}


def _paired(one: Side, other: Side) -> Iterator[tuple[Rule, Rule]]:
    for a in one.rules.values():
        if one.ruleset is not other.ruleset:
            if a.id in other.rules:
                yield a, other.rules[a.id]
            continue
        for b in other.rules.values():
            if a is not b and _correspond(a, b):
                yield a, b


def _correspond(a: Rule, b: Rule) -> bool:
    return b.id in a.corresponds_to or a.id in b.corresponds_to


def _pair(one: Side, other: Side, a: Rule, b: Rule, solver: Solver) -> Pair:
    """Compare two rules, on further days too where what they say rests on the day itself."""
    beside = tuple(weaker_beside(one.ruleset, a, other.ruleset, b))
    if a.entity != b.entity:
        unlike = Answer(None, because="entity")
        return Pair(a, b, "undecided", unlike, unlike, beside)
    if _alike(one, other, a, b):
        return Pair(a, b, "equal", Answer(False), Answer(False), beside)
    found = replace(_pair_on(one, other, a, b, solver), beside=beside)
    turns = turns_of([(one.ruleset, [a]), (other.ruleset, [b])])
    for day in turns.days:
        sides = on_day(one, other, day)
        more = _pair_on(*sides, a, b, replace(solver, ruleset=sides[0].ruleset))
        answers, days = [found.only_first, found.only_second], list(found.days)
        for at, answer in enumerate((more.only_first, more.only_second)):
            if answer.is_possible is not False and not answers[at].is_possible:
                answers[at], days[at] = answer, day
        found = replace(found, only_first=answers[0], only_second=answers[1], days=(days[0], days[1]))
    first, second = turns.said(found.only_first), turns.said(found.only_second)
    verdict = verdict_of(first.is_possible, second.is_possible)
    return replace(found, verdict=verdict, only_first=first, only_second=second)


def _pair_on(one: Side, other: Side, a: Rule, b: Rule, solver: Solver) -> Pair:
    longest = longest_list((one.ruleset, [a]), (other.ruleset, [b]))
    of = solver.with_records(min(longest, MOST_COUNTED))
    sides = (one, other, a, b), (other, one, b, a)
    answers = of.ask_each(a.entity, [_alone(*each) for each in sides])
    # What may rest on a row that there is not, is asked again so that it does not.
    first, second = (
        of.ask(a.entity, *_alone(*each, surely=True)) if answer.because == "unconfirmed" else answer
        for each, answer in zip(sides, answers, strict=True)
    )
    rest = rests_on_length(one.ruleset, [a]) or rests_on_length(other.ruleset, [b])
    if longest > MOST_COUNTED or rest:
        first, second = (open_beyond(answer) for answer in (first, second))
    if _apply_alike(one, other, a, b) and None in (first.is_possible, second.is_possible):
        # What is impossible wherever they may apply is impossible where both do.
        wider = _pair_on(one, other, replace(a, applies=None), replace(b, applies=None), solver)
        answers = ((first, wider.only_first), (second, wider.only_second))
        first, second = (more if more.is_possible is False else own for own, more in answers)
    return Pair(a, b, verdict_of(first.is_possible, second.is_possible), first, second)


def _apply_alike(one: Side, other: Side, a: Rule, b: Rule) -> bool:
    if one.ruleset is not other.ruleset or a.applies is None or b.applies is None:
        return False
    return a.applies.node == b.applies.node


def _alike(one: Side, other: Side, a: Rule, b: Rule) -> bool:
    parts = [[part is None for part in (r.dated, r.applies, r.violated, r.unless)] for r in (a, b)]
    nodes = [list(reached(side.ruleset, [rule])) for side, rule in ((one, a), (other, b))]
    return parts[0] == parts[1] and nodes[0] == nodes[1]


def _alone(breach: Side, keep: Side, violated: Rule, kept: Rule, *, surely: bool = False) -> Question:
    """Return the question whether a rule of one side can be violated where that of the other is not."""

    def where(to: Translation, record: Ghost) -> Bit:
        bits = [_in(side, to).outcome(rule, record)[1] for side, rule in ((breach, violated), (keep, kept))]
        return all_of(to.world.surely(bits[0]) if surely else bits[0], no(bits[1]))

    def confirms(reference: Reference, record: Record) -> bool:
        said = [
            Reference(side.ruleset, reference.functions).outcome(rule, record).code
            for side, rule in ((breach, violated), (keep, kept))
        ]
        # Every fact is known: what is undetermined still has no row, or no text, and binds nobody.
        return said[0] == "violated" and said[1] != "violated"

    return where, confirms


def _in(side: Side, to: Translation) -> Translation:
    return to if side.ruleset is to.ruleset else Translation(side.ruleset, to.world)
