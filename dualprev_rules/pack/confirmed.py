"""What a person confirmed: a digest of what a rule says, beside who compared it with the official text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from dualprev_rules.lang.tree import Derived, Lookup, RuleState, walk
from dualprev_rules.pack.model import Expression, Rule, Ruleset
from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.resolve import cited
from dualprev_rules.pack.resolve.faults import Faults

_DIGITS = 16
_UNSAID = frozenset(("span", "type", "place", "text", "line"))
"""What of a checked tree hangs on how it is spelt, or on what facts may be."""


def digest(rule: Rule, ruleset: Ruleset) -> str:
    """Return a digest of a rule's clauses, conditions, parameters and of all that it reads.

    That is definitions, rules and the rows of tables, and what these read in turn. Spelling, order of keys
    and words do not change it.
    """
    said = (
        rule.id,
        tuple((each.instrument, each.clause) for each in rule.citations),
        (rule.applies, rule.violated, rule.unless),
        {name: each.value for name, each in rule.parameters.items()},
        _read(rule, ruleset),
    )
    return sha256(_said(said).encode()).hexdigest()[:_DIGITS]


def _read(rule: Rule, ruleset: Ruleset) -> dict[str, object]:
    """Return what a rule reads, whatever stands between: definitions, other rules, and rows of tables."""
    found: dict[str, object] = {}
    waiting: list[Expression | None] = [rule.applies, rule.violated, rule.unless]
    while waiting:
        part = waiting.pop()
        for node in walk(part.node) if part is not None else ():
            match node:
                case Derived(entity=entity, name=name):
                    definition = ruleset.definitions[entity, name]
                    key, parts = f"define {definition.id}", (definition.when, definition.body)
                    said: object = (*parts, definition.range)
                case Lookup(table=name):
                    key, said = f"table {name}", ruleset.tables[name].rows
                    parts = tuple(row.when for row in ruleset.tables[name].rows)
                case RuleState(rule=name):
                    other = ruleset.rules[name]
                    key, parts = f"rule {name}", (other.applies, other.violated, other.unless)
                    said = parts
                case _:
                    continue
            if key not in found:
                found[key] = said
                waiting += parts
    return found


def check_confirmations(source: PackSource, rulesets: Sequence[Ruleset], faults: Faults) -> None:
    """Refuse figures that are called official though nobody compared them, or what they say now.

    The first ruleset is that of the day asked about: none is confirmed on a later one.
    """
    instruments = source.spec.instruments if source.spec is not None else ()
    for each in (*instruments, *cited(source)):
        if each.status == "official" and each.confirmed is None:
            faults.note("pack.unproved-official", each.at("status"), given="official")
        elif each.confirmed is not None and rulesets and _later(each.confirmed.day, rulesets[0].as_of):
            place, day = each.confirmed.at("day"), rulesets[0].as_of
            faults.note("pack.confirmed-ahead", place, given=str(each.confirmed.day), nearest=str(day))
    for spec in source.rules:
        for cite in spec.cite:
            if cite.status == "official" and cite.confirmed is not None:
                known = {digest(r.rules[spec.rule], r) for r in rulesets if spec.rule in r.rules}
                if known and cite.confirmed.digest not in known:
                    place = cite.at("confirmed")
                    faults.note(
                        "pack.changed-since-confirmed", place, given=spec.rule, nearest=cite.confirmed.by
                    )


def _later(day: object, than: date) -> bool:
    return isinstance(day, date) and day > than


def _said(of: Any) -> str:
    match of:
        case Mapping():
            said = sorted(f"{key}: {_said(value)}" for key, value in of.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            return f"{{{', '.join(said)}}}"
        case tuple() | list():
            return f"[{', '.join(map(_said, of))}]"  # pyright: ignore[reportUnknownArgumentType]
        case frozenset():
            return f"({', '.join(sorted(map(_said, of)))})"  # pyright: ignore[reportUnknownArgumentType]
        case _ if is_dataclass(of):
            said = [_said(getattr(of, each.name)) for each in fields(of) if each.name not in _UNSAID]
            return f"{type(of).__name__}({', '.join(said)})"
        case _:
            return repr(str(of))
