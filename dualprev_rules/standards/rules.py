"""Rules that can never apply, never be violated or never be kept; rules that say what another says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.solver import (
    Answer,
    Solver,
    applicable,
    complied,
    kept,
    violated,
    violated_alone,
)
from dualprev_rules.facts.record import Record
from dualprev_rules.lang.tree import RuleState, walk
from dualprev_rules.pack.model import Expression, Rule, Ruleset
from dualprev_rules.problems import Problem, problem
from dualprev_rules.problems.problem import Severity
from dualprev_rules.standards.finding import Finding
from dualprev_rules.standards.reads import (
    MOST_COUNTED,
    above,
    asks_the_day,
    conditions,
    longest_list,
    open_beyond,
    prohibition,
    read_by_rules,
    rests_on_length,
)
from dualprev_rules.standards.turns import on_other_days


@dataclass(slots=True)
class RuleChecks:
    """What was asked of rules, and what came out."""

    findings: list[Finding] = field(default_factory=list[Finding])
    rules: int = 0
    asked: int = 0
    witnesses: dict[str, Answer] = field(default_factory=dict[str, Answer])
    """Rule that can be violated and can be kept → facts that violate it."""


def asked_of(ruleset: Ruleset, packs: Collection[str]) -> list[Rule]:
    """Return the rules that are asked about: those that are encoded and determine something."""
    return [
        rule
        for rule in ruleset.rules.values()
        if rule.pack in packs and rule.kind != "data_check" and rule.not_encoded is None
    ]


def check_rules(ruleset: Ruleset, packs: Collection[str], solver: Solver) -> RuleChecks:
    """Ask of every rule of packs whether it can be violated, and whether it can be kept."""
    checks = RuleChecks()
    for rule in asked_of(ruleset, packs):
        longest = longest_list((ruleset, [rule]))
        of = solver.with_records(min(longest, MOST_COUNTED))
        breach, comply = of.ask_each(rule.entity, [violated(rule), complied(rule)])
        keep = comply if comply.is_possible else of.ask(rule.entity, *kept(rule))
        checks.rules += 1
        checks.asked += 2 if keep is comply else 3
        if breach.is_possible and keep.is_possible:
            checks.witnesses[rule.id] = breach
        if (longest > MOST_COUNTED or rests_on_length(ruleset, [rule])) and (
            open_beyond(breach) is not breach or open_beyond(keep) is not keep
        ):
            checks.findings.append(Finding(_said("standards.counts-further", rule, "note"), rule.id))
            continue
        if breach.is_possible is False:
            checks.findings.append(_never(ruleset, rule, of))
            checks.asked += 1
        elif breach.is_possible is None:
            checks.findings.append(_undecided(rule, breach))
        if keep.is_possible is False:
            of_day = on_other_days(of, [rule], lambda on, rule=rule: on.ask(rule.entity, *kept(rule)))
            found = (
                _said("standards.always-on-the-day", rule, "note")
                if of_day
                else _said("standards.always-violated", rule, "warning")
            )
            checks.findings.append(Finding(found, rule.id, breach.witness, breach.path))
        elif keep.is_possible is None and breach.is_possible is not None:
            checks.findings.append(_undecided(rule, keep))
        elif comply.is_possible is False and breach.is_possible:
            severity = "note" if asks_the_day(ruleset, rule) else "warning"
            found = _said("standards.violated-where-it-applies", rule, severity)
            checks.findings.append(Finding(found, rule.id, breach.witness, breach.path))
    return checks


def _never(ruleset: Ruleset, rule: Rule, solver: Solver) -> Finding:
    applies = solver.ask(rule.entity, *applicable(rule))
    if asks_the_day(ruleset, rule):
        # It may begin, or have ended, by a day that stands in its condition.
        return Finding(_said("standards.never-on-the-day", rule, "note"), rule.id)
    if applies.is_possible is False and rule.applies is not None:
        return Finding(_said("standards.never-applies", rule, "warning", rule.applies), rule.id)
    return Finding(_said("standards.never-violated", rule, "warning"), rule.id)


def _said(code: str, rule: Rule, severity: Severity, at: Expression | None = None) -> Problem:
    place = (at or rule.violated).place
    return problem(code, severity=severity, place=place, given=rule.id, title=rule.title)


def _undecided(rule: Rule, answer: Answer) -> Finding:
    match answer.because:
        case "time" | "unconfirmed" as why:
            code = "standards.out-of-time" if why == "time" else "standards.unconfirmed"
            return Finding(_said(code, rule, "note"), rule.id)
        case part:
            place = rule.violated.place
            return Finding(
                problem("standards.no-form", severity="note", place=place, given=rule.id, part=part), rule.id
            )


# --- rules that say what another says --------------------------------------------------------------


def check_implied(ruleset: Ruleset, solver: Solver, checks: RuleChecks) -> Iterator[Finding]:
    """Yield rules whose violation always is one of another rule, too, about the same record or one above it.

    Looked for among rules that share a fact, where the reference finds the other violated by the facts that
    violate the one, whatever else it reads. Rules that are said to correspond, and those that ask each
    other, are meant to.
    """
    witnesses = checks.witnesses
    rules = [ruleset.rules[name] for name in witnesses]
    reads = {rule.id: read_by_rules(ruleset, [rule]) for rule in rules}
    forbids = {rule.id: read_by_rules(ruleset, [prohibition(rule)]) for rule in rules}
    implied: set[tuple[str, str]] = set()
    for rule in rules:
        over = above(ruleset, rule.entity) | {rule.entity}
        others = [other for other in rules if other.entity in over and forbids[other.id] & reads[rule.id]]
        others = [other for other in others if _comparable(rule, other)]
        if not others:
            continue
        reference = Reference(ruleset, solver.functions)
        _, record = solver.read(witnesses[rule.id])
        left = [other for other in others if _is_violated(reference, other, record)]
        lengths = {other.id: longest_list((ruleset, [rule, other])) for other in left}
        left = [other for other in left if lengths[other.id] <= MOST_COUNTED]
        if not left:
            continue
        of = solver.with_records(max(lengths[other.id] for other in left))
        answers = of.ask_each(rule.entity, [violated_alone(rule, other) for other in left])
        pairs = zip(left, answers, strict=True)
        implied |= {
            (rule.id, other.id)
            for other, answer in pairs
            if answer.is_possible is False
            and not (answer.over_lists and rests_on_length(ruleset, [rule, other]))
            and not on_other_days(of, [rule, other], _alone(rule, other))
        }
    for first, second in sorted(implied):
        same = (second, first) in implied
        if same and first > second:
            continue
        rule, other = ruleset.rules[first], ruleset.rules[second]
        code = "standards.same-rule" if same else "standards.implied-rule"
        found = problem(
            code,
            severity="note",
            place=rule.violated.place,
            given=first,
            nearest=second,
            title=rule.title,
            other=other.title,
        )
        yield Finding(found, first)


def _alone(rule: Rule, other: Rule) -> Callable[[Solver], Answer]:
    return lambda of: of.ask(rule.entity, *violated_alone(rule, other))


def _is_violated(reference: Reference, rule: Rule, record: Record) -> bool:
    about = record if rule.entity == record.entity.name else record.ancestor(rule.entity)
    return about is not None and reference.outcome(rule, about).code == "violated"


def _comparable(rule: Rule, other: Rule) -> bool:
    """Tell whether two rules are not one, are not said to correspond, and do not ask each other."""
    if rule is other or other.id in rule.corresponds_to or rule.id in other.corresponds_to:
        return False
    asks = (node for each in (rule, other) for e in conditions(each) for node in walk(e.node))
    return not any(isinstance(node, RuleState) and node.rule in (rule.id, other.id) for node in asks)
