"""The bench on which mutants are tried: packs loaded once for each day, facts read once.

A mutant takes the place of one part, and only the expectations that rest on that part are judged
again, with whatever does not rest on it as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dualprev_rules.engine import Engine
from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.render import render
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.lang.scope import Function
from dualprev_rules.lang.tree import Derived, Lookup, RuleState, walk
from dualprev_rules.pack.load import read_cases, read_packs
from dualprev_rules.pack.model import Case, Ruleset
from dualprev_rules.pack.registry import functions
from dualprev_rules.testing.cases import same
from dualprev_rules.testing.mutation.mutant import (
    Edition,
    Key,
    Mutant,
    Part,
    columns_read,
    conditions,
    editions,
    mutants,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation of a case: what is asked, of which record, and what must come out."""

    case: int
    key: Key
    record: Record
    expected: Any


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of one day: its ruleset, what rests on each part, and the expectations that do."""

    ruleset: Ruleset
    needs: Mapping[Key, frozenset[Key]]
    """Each part → itself and all that it rests on."""
    resting: Mapping[Key, frozenset[Key]]
    """Each part → itself and all that rests on it."""
    checks: dict[Key, list[Check]]
    """Each part → the expectations that rest on it."""


class Bench:
    """A pack with the expectations of its cases, ready to be tried with one mutant after the other."""

    def __init__(
        self, pack: str | Path, also: Sequence[str | Path] = (), drafts: Sequence[Case] | None = None
    ) -> None:
        """Read a pack and its cases; of unconfirmed ones none, or with ``drafts`` all, and these too."""
        [source] = read_packs([pack])
        self.pack = source.id
        self._functions: Mapping[str, Function] = functions()
        self._days: dict[date, Day] = {}
        self._references: list[Reference] = []
        self.failing: list[Case] = []
        """Cases that do not come out as the pack is; nothing can be said by them."""

        @cache
        def engine(day: date, profile: str) -> Engine:
            return Engine.load(packs=[*also, pack], profile=profile, as_of=day)

        for case in (*read_cases(source), *(drafts or ())):
            if case.confirmed or drafts is not None:
                self.add(case, engine(case.as_of, case.profile))
        rulesets = {day: of.ruleset for day, of in self._days.items()}
        self.editions: list[Edition] = editions(rulesets, source.id)
        of_any_day = {i.id: i for ruleset in rulesets.values() for i in ruleset.instruments.values()}
        dated = [instrument for instrument in of_any_day.values() if instrument.pack == source.id]
        read = columns_read(
            expression
            for ruleset in rulesets.values()
            for part in _every(ruleset).values()
            for expression in conditions(part)
        )
        self.mutants: list[Mutant] = mutants(self.editions, source, dated, read)

    def add(self, case: Case, engine: Engine) -> None:
        """Take a case in: the expectations that come out as the pack is."""
        day = self._days.get(case.as_of)
        if day is None:
            needs = _needs(engine.ruleset)
            day = self._days[case.as_of] = Day(engine.ruleset, needs, _inverse(needs), {})
        reference = Reference(day.ruleset, self._functions)
        at = len(self._references)
        self._references.append(reference)
        for check in _checks(at, case, day.ruleset, engine.read(case.facts)):
            if not _comes_out(check, reference):
                self.failing.append(case)
                continue
            for key in day.needs[check.key]:
                day.checks.setdefault(key, []).append(check)

    def kills(self, mutant: Mutant) -> bool:
        """Tell whether an expectation does not come out with the mutant in the place of its part."""
        days = {day: None for swap in mutant.swaps for day in swap.edition.days}
        return any(self._kills(mutant, day) for day in days)

    def resting(self, mutant: Mutant, day: date) -> list[Key]:
        """Return the rules and definitions that show a mutant: its own parts, of a table those nearest it."""
        now = self._days[day]
        own = [swap.edition.key for swap in mutant.swaps if day in swap.edition.days]
        shown = [key for key in own if key[0] != "table"]
        for key in own if not shown else ():
            above = sorted(now.resting[key] - {key}, key=lambda each: (len(now.needs[each]), each))
            shown += [each for each in above if each[0] != "table"]
        return shown

    def _kills(self, mutant: Mutant, day: date) -> bool:
        now = self._days[day]
        swapped = {s.edition.key: s.fields for s in mutant.swaps if day in s.edition.days}
        # Expectations of the part itself come first: they are the likeliest to notice.
        checks = {
            id(check): check
            for key in swapped
            for check in sorted(now.checks.get(key, ()), key=lambda check: check.key != key)
        }
        if not checks:
            return False
        ruleset = exchanged(now.ruleset, swapped)
        resting = frozenset[Key]().union(*(now.resting[key] for key in swapped))
        references: dict[int, Reference] = {}
        for check in checks.values():
            reference = references.get(check.case)
            if reference is None:
                reference = references[check.case] = self._reference(check.case, ruleset, resting)
            if not _comes_out(check, reference):
                return True
        return False

    def _reference(self, case: int, ruleset: Ruleset, resting: Collection[Key]) -> Reference:
        """Return an evaluation of a case that keeps what does not rest on the mutant."""
        before = self._references[case]
        derived = {
            key: value
            for key, value in before.derived.items()
            if ("definition", f"{key[1]}.{key[2]}") not in resting
        }
        outcomes = {key: value for key, value in before.outcomes.items() if ("rule", key[0]) not in resting}
        return Reference(ruleset, self._functions, derived=derived, outcomes=outcomes)


def _checks(at: int, case: Case, ruleset: Ruleset, facts: Facts) -> Iterator[Check]:
    """Yield the expectations of a case; what only stands in for another edition is open whatever it says."""
    records = [record for record in facts.records() if not record.phantom]
    by_name = {r.path: r for r in records} | {r.short: r for r in records}
    for key, expected in case.expect.items():
        name, colon, last = key.partition(": ")
        if not colon:
            name, _, last = key.strip().rpartition(".")
        record = by_name.get(name.strip())
        if record is None:
            continue
        rule = ruleset.rules.get(last.strip()) if colon else None
        if rule is not None and rule.standing == "decides":
            yield Check(at, ("rule", rule.id), record, expected)
        elif not colon and (record.entity.name, last) in ruleset.definitions:
            yield Check(at, ("definition", f"{record.entity.name}.{last}"), record, expected)


def _comes_out(check: Check, reference: Reference) -> bool:
    kind, name = check.key
    if kind == "rule":
        outcome = reference.outcome(reference.ruleset.rules[name], check.record)
        got = "presumed" if outcome.presumed else "harmless" if outcome.harmless else outcome.code
        return got == check.expected
    entity, _, short = name.partition(".")
    definition = reference.ruleset.definitions[entity, short]
    value = reference.define(definition, check.record)
    if check.expected == "undetermined":
        return not value.known and bool(value.causes)
    return same(check.expected, render(value, definition.type))


def exchanged(ruleset: Ruleset, swapped: Mapping[Key, Mapping[str, Any]]) -> Ruleset:
    """Return the ruleset in which the parts named have other fields."""
    rules, definitions, tables = dict(ruleset.rules), dict(ruleset.definitions), dict(ruleset.tables)
    for (kind, name), fields in swapped.items():
        if kind == "rule":
            rules[name] = replace(rules[name], **fields)
        elif kind == "table":
            tables[name] = replace(tables[name], **fields)
        else:
            entity, _, short = name.partition(".")
            definitions[entity, short] = replace(definitions[entity, short], **fields)
    return replace(ruleset, rules=rules, definitions=definitions, tables=tables)


def _every(ruleset: Ruleset) -> dict[Key, Part]:
    return {
        **{("rule", r.id): r for r in ruleset.rules.values()},
        **{("definition", d.id): d for d in ruleset.definitions.values()},
        **{("table", t.id): t for t in ruleset.tables.values()},
    }


def _needs(ruleset: Ruleset) -> dict[Key, frozenset[Key]]:
    """Map each part of a ruleset to itself and all that it rests on."""
    parts = _every(ruleset)
    found: dict[Key, frozenset[Key]] = {}

    def needs(key: Key) -> frozenset[Key]:
        if key not in found:
            nodes = [node for expression in conditions(parts[key]) for node in walk(expression.node)]
            named = {name for node in nodes if (name := _named(node)) is not None and name in parts}
            found[key] = frozenset((key,)).union(*(needs(name) for name in named))
        return found[key]

    return {key: needs(key) for key in parts}


def _named(node: object) -> Key | None:
    match node:
        case Derived(entity=entity, name=name):
            return "definition", f"{entity}.{name}"
        case RuleState(rule=rule):
            return "rule", rule
        case Lookup(table=table):
            return "table", table
        case _:
            return None


def _inverse(needs: Mapping[Key, frozenset[Key]]) -> dict[Key, frozenset[Key]]:
    found: dict[Key, set[Key]] = {}
    for key, needed in needs.items():
        for each in needed:
            found.setdefault(each, set()).add(key)
    return {key: frozenset(keys) for key, keys in found.items()}
