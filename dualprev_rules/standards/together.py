"""Rules that cannot all be kept where they apply, though each two of them can: three or more at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from dualprev_rules.evaluate.solver import Answer, Solver, kept_beside
from dualprev_rules.pack.model import Rule, Ruleset
from dualprev_rules.problems import problem
from dualprev_rules.standards.finding import Finding
from dualprev_rules.standards.reads import (
    MOST_COUNTED,
    Read,
    longest_list,
    prohibition,
    read_by_rules,
    rests_on_length,
)
from dualprev_rules.standards.rules import RuleChecks
from dualprev_rules.standards.turns import on_other_days

Rules = tuple[Rule, ...]
_FEWEST = 3
"""Of two rules another check tells more."""


def check_together(ruleset: Ruleset, solver: Solver, checks: RuleChecks) -> Iterator[Finding]:
    """Yield the least sets of three or more rules that cannot all be kept, with facts that keep all but one.

    Asked of rules about records of one entity that apply by one condition, or always, and whose
    prohibitions hang together by the facts that they read.
    """
    for every in _sets([ruleset.rules[name] for name in checks.witnesses], ruleset):
        left = every
        while len(left) >= _FEWEST and _kept(ruleset, solver, left).is_possible is False:
            least = _least(ruleset, solver, left)
            if len(least) >= _FEWEST:
                yield from _finding(ruleset, solver, least)
            left = tuple(rule for rule in left if rule is not least[0])


def _sets(rules: Sequence[Rule], ruleset: Ruleset) -> list[Rules]:
    """Return the sets of rules that apply together and hang together, without those within others."""
    forbids = {rule.id: read_by_rules(ruleset, [prohibition(rule)]) for rule in rules}
    found: list[Rules] = []
    for entity, applies in dict.fromkeys((r.entity, r.applies and r.applies.node) for r in rules):
        alike = [
            rule
            for rule in rules
            if rule.entity == entity and (rule.applies is None or rule.applies.node == applies)
        ]
        found += (each for each in _hanging(alike, forbids) if len(each) >= _FEWEST)
    ids = [{rule.id for rule in each} for each in found]
    return [each for each, own in zip(found, ids, strict=True) if not any(own < other for other in ids)]


def _hanging(rules: Collection[Rule], forbids: Mapping[str, frozenset[Read]]) -> list[Rules]:
    """Return rules in sets, so that those of different sets forbid nothing by one fact."""
    sets: list[tuple[Rules, frozenset[Read]]] = []
    for rule in rules:
        near = [each for each in sets if each[1] & forbids[rule.id]]
        sets = [each for each in sets if each not in near]
        joined = tuple(other for each, _ in near for other in each)
        sets.append(((*joined, rule), forbids[rule.id].union(*(read for _, read in near))))
    return [each for each, _ in sets]


def _kept(ruleset: Ruleset, solver: Solver, rules: Rules) -> Answer:
    longest = longest_list((ruleset, rules))
    if longest > MOST_COUNTED:
        return Answer(None)
    return solver.with_records(longest).ask(rules[0].entity, *kept_beside(rules))


def _least(ruleset: Ruleset, solver: Solver, rules: Rules) -> Rules:
    """Return rules of which each is needed for that not all can be kept."""
    for rule in rules:
        fewer = tuple(other for other in rules if other is not rule)
        if len(fewer) > 1 and _kept(ruleset, solver, fewer).is_possible is False:
            rules = fewer
    return rules


def _finding(ruleset: Ruleset, solver: Solver, rules: Rules) -> Iterator[Finding]:
    """Yield what is wrong with rules, where the reference keeps all but one where all apply."""
    if _kept(ruleset, solver, rules).over_lists and rests_on_length(ruleset, rules):
        return
    last = rules[-1]
    answer = solver.ask(last.entity, *kept_beside(rules[:-1], last))
    if not answer.is_possible:
        return
    of_day = on_other_days(solver, rules, lambda of: of.ask(last.entity, *kept_beside(rules)))
    found = problem(
        "standards.contradiction-of-several",
        severity="note" if of_day else "warning",
        place=last.violated.place,
        given=", ".join(rule.id for rule in rules),
        nearest=last.id,
        day=solver.ruleset.as_of.isoformat(),
    )
    yield Finding(found, last.id, answer.witness, answer.path)
