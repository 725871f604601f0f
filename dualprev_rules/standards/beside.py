"""Where one rule is weaker than another beside what violates it: whose duty, how grave, until when.

None of this changes which facts violate a rule, so that no proof over facts shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import inf
from typing import Any

from dualprev_rules.facts.types import Bool, Date, Enum, Number
from dualprev_rules.pack.interval import Interval, read_interval
from dualprev_rules.pack.model import Rule, Ruleset
from dualprev_rules.problems import Problem, problem
from dualprev_rules.standards.reads import Read, read_by_rules

_SERIOUS = ("major_hidden_hazard", "prohibition", "restriction")
"""Kinds that weigh more than any other, the gravest first."""
_HOURS_OF_A_MONTH = 24 * 30
_DECIDING = ("decides", "beyond")


def weaker_beside(one: Ruleset, first: Rule, other: Ruleset, second: Rule) -> Iterator[Problem]:
    """Yield in what the first rule is weaker than the second, though the same facts may violate both."""
    if _gravity(first) > _gravity(second):
        yield _said("standards.weaker-kind", first, second, first.kind, second.kind)
    if second.binding and not first.binding:
        yield _said("standards.weaker-binding", first, second, "", "")
    if second.standing in _DECIDING and first.standing == "guidance":
        yield _said("standards.weaker-decides", first, second, "", "")
    ends = _end(one, first), _end(other, second)
    if ends[0] is not None and (ends[1] is None or ends[0] < ends[1]):
        yield _said("standards.ends-earlier", first, second, _day(ends[0]), _day(ends[1]))
    if second.object is not None and first.object != second.object:
        yield _said("standards.other-object", first, second, first.object or "", second.object)
    if first.duty_of.zh != second.duty_of.zh:
        yield _said("standards.other-duty", first, second, first.duty_of.zh, second.duty_of.zh)
    if first.applies_to not in (None, "both", second.applies_to):
        yield _said(
            "standards.weaker-applies-to", first, second, first.applies_to or "", second.applies_to or "both"
        )
    grace, before = first.grace_until, second.grace_until
    if grace is not None and (before is None or grace > before):
        yield _said("standards.weaker-grace", first, second, _day(grace), _day(before))
    declared, replaced = _declared(one, first, other, second)
    if declared and replaced:
        yield _said("standards.weaker-facts", first, second, ", ".join(declared), ", ".join(replaced))
    often, seldom = _frequency(other, second), _frequency(one, first)
    if often is not None and (seldom is None or _hours(seldom[0]) > _hours(often[0])):
        yield _said("standards.weaker-frequency", first, second, seldom[1] if seldom else "", often[1])


def _said(code: str, first: Rule, second: Rule, has: str, wants: str) -> Problem:
    return problem(
        code,
        severity="warning",
        place=first.place or first.violated.place,
        given=first.id,
        nearest=second.id,
        has=has or "—",
        wants=wants or "—",
    )


def _gravity(rule: Rule) -> int:
    return _SERIOUS.index(rule.kind) if rule.kind in _SERIOUS else len(_SERIOUS)


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _declared(one: Ruleset, first: Rule, other: Ruleset, second: Rule) -> tuple[list[str], list[str]]:
    """Return yes-or-no facts that only the first reads, and what is measured that only the second reads."""
    reads = read_by_rules(one, [first]), read_by_rules(other, [second])
    alone = [fact for fact in sorted(reads[0] - reads[1]) if _is(one, fact, Bool)]
    measured = [fact for fact in sorted(reads[1] - reads[0]) if _is(other, fact, Number, Date, Enum)]
    return [".".join(fact) for fact in alone], [".".join(fact) for fact in measured]


def _is(ruleset: Ruleset, fact: Read, *kinds: type) -> bool:
    entity, name = fact
    holder = ruleset.schema.entities.get(entity)
    attribute = holder.attributes.get(name) if holder is not None else None
    return attribute is not None and isinstance(attribute.type, kinds)


def _end(ruleset: Ruleset, rule: Rule) -> date | None:
    """Return the first day on which nothing that a rule cites is in force any more; None: not known."""
    cited = [ruleset.instruments[c.instrument] for c in rule.citations if c.instrument in ruleset.instruments]
    ends = [each.end for each in cited if each.dated_by == "assessment" and each.end is not None]
    return max(ends) if ends and len(ends) == len(cited) else None


def _frequency(ruleset: Ruleset, rule: Rule) -> tuple[Interval | None, str] | None:
    """Return how often what feeds a rule is looked at: the shortest interval of its checklists.

    None where no checklist feeds it; without an interval where it is looked at each time only.
    """
    fed = [list_ for list_ in ruleset.checklists.values() if any(rule.id in i.feeds for i in list_.items)]
    every: list[Any] = [list_.every for list_ in fed]
    written = [str(each.get("else", each.get("interval"))) for each in every]
    found = [(read_interval(text), text) for text in written]
    return min(found, key=lambda each: _hours(each[0]), default=None)


def _hours(interval: Interval | None) -> float:
    return interval.months * _HOURS_OF_A_MONTH + interval.hours if interval is not None else inf
