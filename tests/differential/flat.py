"""Rules about the record's own facts only, joined by *and* and *or*: those that are judged all at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.differential.chance import Chance
from tests.property.knowledge import DAYS, FIGURES, LEVELS, MEMBERS, Attr, number
from tests.property.writer import PART, ROOT, World

RULES = 6


def add_flat_rules(draw: Chance, world: World) -> None:
    """Add to a world, before anything of it is built, rules about its enterprise and its parts."""
    for entity in (ROOT, PART):
        facts = [attr for attr in world.shapes[entity] if attr.kind in _TESTS or attr.kind == "bool"]
        for index in range(RULES):
            rule: dict[str, Any] = {"rule": f"flat.{entity}{index}", "kind": "check", "for": entity}
            if draw.random.random() < 0.5:
                rule["applies"] = _joined(draw, facts, "and", 1)
            rule["violated"] = _joined(draw, facts, draw.random.choice(("and", "and", "or")), 3)
            world.head["rules"].append(rule)


def _joined(draw: Chance, facts: list[Attr], op: str, most: int) -> str:
    tests = [written_test(draw, draw.random.choice(facts), "") for _ in range(draw.random.randint(1, most))]
    joined = f" {op} ".join(f"({test})" for test in tests)
    return f"not ({joined})" if draw.random.random() < 0.15 else joined


def written_test(draw: Chance, attr: Attr, of: str) -> str:
    """Return a test of a fact: of the record itself, or of the one that ``of`` names, such as ``x.``."""
    name = of + attr.name
    if attr.kind == "bool":
        return name if draw.random.random() < 0.5 else f"not {name}"
    ops, values = _TESTS[attr.kind]
    value = draw.random.choice(values)
    if draw.random.random() < 0.15:
        low, high = draw.random.choice(values), draw.random.choice(values)
        if attr.kind in ("number", "whole"):
            return f"{low} < {name} <= {high}"
        if attr.kind != "date":
            return f"{name} in {{{low}, {high}}}" if low != high else f"{name} == {low}"
    return f"{name} {draw.random.choice(ops)} {value}"


_ORDER = ("<", "<=", ">", ">=", "==", "!=")
_NUMBERS = [f"({number(value)})" for value in FIGURES if value.denominator != 3]
_TESTS: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "number": (_ORDER, [*_NUMBERS, "(1/3)"]),
    "whole": (_ORDER, [*_NUMBERS, "(1/3)", "(7/3)"]),
    "enum": (("==", "!="), [f"'{member}'" for member in MEMBERS]),
    "level": (_ORDER, list(LEVELS)),
    "date": (_ORDER, [f"'{date.fromordinal(int(day)).isoformat()}'" for day in DAYS]),
}

TESTED = frozenset((*_TESTS, "bool"))
"""The kinds of facts that are tested."""
