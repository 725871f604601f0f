"""Rules that contradict each other: where both apply, who keeps the one violates the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dualprev_rules.evaluate.solver import Answer, Solver, kept_beside
from dualprev_rules.lang.tree import Node
from dualprev_rules.pack.model import Rule, Ruleset
from dualprev_rules.problems import problem
from dualprev_rules.standards.finding import Finding
from dualprev_rules.standards.reads import (
    MOST_COUNTED,
    above,
    longest_list,
    prohibition,
    read_by_rules,
    rests_on_length,
)
from dualprev_rules.standards.rules import RuleChecks
from dualprev_rules.standards.turns import on_other_days

Where = tuple[str | Node | None, ...]
"""The entity of a rule and where it applies."""


def check_contradictions(ruleset: Ruleset, solver: Solver, checks: RuleChecks) -> Iterator[Finding]:
    """Yield pairs of rules that can be kept where both apply, but not both, with facts that keep the first.

    Asked of rules that can be violated and can be kept, about one record or a record and one above it, whose
    prohibitions rest on a fact that both read: of others, the one leaves open what the other asks for.
    """
    rules = [ruleset.rules[name] for name in checks.witnesses]
    forbids = {rule.id: read_by_rules(ruleset, [prohibition(rule)]) for rule in rules}
    apart: dict[tuple[Where, Where], bool] = {}
    """Whether rules with these conditions never apply together: so of most that cannot be kept so."""
    for at, rule in enumerate(rules):
        over = above(ruleset, rule.entity)
        others = [
            other
            for place, other in enumerate(rules)
            if (other.entity in over or (other.entity == rule.entity and place > at))
            and forbids[rule.id] & forbids[other.id]
        ]
        lengths = {other.id: longest_list((ruleset, [rule, other])) for other in others}
        others = [other for other in others if lengths[other.id] <= MOST_COUNTED]
        if not others:
            continue
        of = solver.with_records(max(lengths[other.id] for other in others))
        together = of.ask_each(rule.entity, [kept_beside([rule, other], other) for other in others])
        for other, kept in zip(others, together, strict=True):
            if kept.is_possible is not False:
                continue
            if kept.over_lists and rests_on_length(ruleset, [rule, other]):
                continue
            where = _where(rule), _where(other)
            if where not in apart:
                apart[where] = of.ask(rule.entity, *kept_beside([], rule, other)).is_possible is False
            if apart[where]:
                continue
            alone = of.ask_each(rule.entity, [kept_beside([rule], other), kept_beside([other], rule)])
            if all(answer.is_possible for answer in alone):
                of_day = on_other_days(of, [rule, other], _both(rule, other))
                found = problem(
                    "standards.contradiction-on-the-day" if of_day else "standards.contradiction",
                    severity="note" if of_day else "warning",
                    place=other.violated.place,
                    given=rule.id,
                    nearest=other.id,
                    title=rule.title,
                    other=other.title,
                )
                yield Finding(found, other.id, alone[0].witness, alone[0].path)


def _both(rule: Rule, other: Rule) -> Callable[[Solver], Answer]:
    return lambda of: of.ask(rule.entity, *kept_beside([rule, other], other))


def _where(rule: Rule) -> Where:
    return rule.entity, *(part.node if part is not None else None for part in (rule.dated, rule.applies))
