"""Two rules that say the same of the same fact are one finding, or it is said why they are two."""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.packs.meeting import may_meet, parsed
from tests.packs.parts import ROOT
from tests.packs.test_joined import RULES, SPANS, cited, holds, joined

# Rules of one duty holder that share a way of being violated and may meet on one record: why they stay two.
_APART: dict[str, tuple[str, ...]] = {
    "each change that is seen is reported by itself": tuple(f"mine.nc-report.u{n:02}" for n in range(1, 12)),
    "each sign of a collapse is a danger of its own (2022)": tuple(
        f"con.2022.05-04{part}" for part in "abcd"
    ),
    "each sign of a collapse is a danger of its own (2024)": tuple(
        f"con.2024.05-04{part}" for part in "abcd"
    ),
    "measures where protection ends, and after precursors": ("mine.coal2026.06-02c", "mine.coal2026.06-05"),
    "two ways of mining": ("mine.csr2025.133-010", "mine.csr2025.139-012"),
    "a working face, and a charging point": ("mine.csr2025.156-013b", "mine.csr2025.523-057a"),
    "hot work, and charging": ("mine.csr2025.245-037", "mine.csr2025.523-057a"),
    "repair of old workings, and fans started again": ("mine.csr2025.ch4-3", "mine.csr2025.ch4-5"),
    "openings of up to 500 mm, and of more": ("con.jgj80.4-2-1c", "con.jgj80.4-2-1d"),
    "openings of up to 1500 mm, and of more": ("con.jgj80.4-2-1d", "con.jgj80.4-2-1e"),
    "building works, and highways": ("con.2024.04-02b", "con.hw2025.04-02"),
    "in the shaft, and in the dwelling": ("gas.gb50028.10-2-1b", "gas.gb55009.5-3-2a"),
    "a place for people, and a tank farm": ("fire.2017.6-6b", "fire.2017.6-7d"),
    "one decides by itself, the other is counted (extinguishing)": ("fire.2017.6-7a", "fire.2017.7-4-5"),
    "one decides by itself, the other is counted (alarm)": ("fire.2017.6-7d", "fire.2017.7-7-1"),
    "each is counted by itself": ("fire.2017.7-1-1", "fire.2017.7-3-11"),
    "entertainment underground, and lodging beside a business": ("fire.o39.13c", "fire.xf703.5b"),
    "rooms of the aged, and rooms of song and dance": ("fire.gb55037.4-3-5b", "fire.gb55037.4-3-7b"),
}


class _Figures(ast.NodeTransformer):
    """Put its figure where a parameter's name stands."""

    def __init__(self, rule: dict[str, Any]) -> None:
        self.figures = {name: ast.Constant(one["value"]) for name, one in rule.get("parameters", {}).items()}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.figures.get(node.id, node)


def _ways(node: ast.expr) -> Iterator[str]:
    """Yield each way in which a condition is violated, and each lack that is part of one."""
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            if isinstance(node.op, ast.Or) or _is_lack(value):
                yield from _ways(value)
        if isinstance(node.op, ast.And):
            yield ast.unparse(node)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "any":
        loop = node.args[0]
        assert isinstance(loop, ast.GeneratorExp)
        tail = ast.unparse(loop.generators[0])
        yield from (f"{way}{tail}" for way in _ways(loop.elt))
    else:
        yield ast.unparse(node)


def _is_lack(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Name | ast.Attribute)
    return isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.NotIn)


def _by_way() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, rule in RULES.items():
        for way in {*_ways(_Figures(rule).visit(parsed(rule["violated"])))}:
            found[rule["for"], way].append(name)
    return found


def _together(a: str, b: str) -> list[Any]:
    """Return the days from which both hold."""
    starts = {SPANS[one][0] for rule in (a, b) for one in cited(RULES[rule])}
    return sorted(day for day in starts if holds(a, day) and holds(b, day))


@cache
def _pairs() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for (entity, _), names in _by_way().items():
        for a, b in itertools.combinations(sorted(names), 2):
            if (a, b) in found or all(b in joined(a, day) for day in _together(a, b)):
                continue
            if may_meet(entity, [RULES[one]["applies"] for one in (a, b) if "applies" in RULES[one]]):
                found.add((a, b))
    return found


def _owed_by_two(pair: tuple[str, str]) -> bool:
    return RULES[pair[0]]["duty_of"] != RULES[pair[1]]["duty_of"]


def test_what_two_rules_of_one_duty_holder_say_of_one_fact_is_one_finding() -> None:
    apart = {pair for rules in _APART.values() for pair in itertools.combinations(rules, 2)}
    assert {pair for pair in _pairs() if not _owed_by_two(pair)} == apart


def test_a_pack_says_that_breaches_of_two_duty_holders_stay_two() -> None:
    packs = {one.split(".")[0] for pair in _pairs() if _owed_by_two(pair) for one in pair}
    assert packs == {"fire", "gas"}
    for pack in packs:
        assert "义务人不同的，各是各的违反" in (ROOT / f"packs/{pack}/README.md").read_text(encoding="utf-8")
