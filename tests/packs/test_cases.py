"""Each pack's own cases come out: for every rule a hit, a miss and an open one, and each input missing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from dualprev_rules import Engine
from dualprev_rules.lang.text import plain
from dualprev_rules.pack.load import read_cases
from dualprev_rules.pack.model import Case
from dualprev_rules.pack.read import read_pack
from dualprev_rules.testing import run_cases
from tests.packs.parts import ROOT, parts

PACKS = {
    path.name.removeprefix("dualprev_pack_"): path for path in sorted(ROOT.glob("packs/*/dualprev_pack_*"))
}
RULES = [(name, p.id) for name, path in PACKS.items() for p in parts(path).values() if "rule" in p.source]
# A data check may ask whether a fact is known, so nothing of it is ever open.
NEVER_OPEN = {f"chem.gb18218.{name}" for name in ("present-stock", "residents-of-unit", "residents-of-units")}
OPEN = {"undetermined", "presumed", "harmless"}


@cache
def cases(pack: str) -> tuple[Case, ...]:
    """Return the cases of a pack."""
    return tuple(read_cases(read_pack(PACKS[pack], None)))


@cache
def _outcomes(pack: str) -> Mapping[str, set[str]]:
    """Return for each rule the outcomes that the cases expect of it."""
    found = defaultdict[str, set[str]](set)
    for case in cases(pack):
        for key, outcome in case.expect.items():
            _, colon, rule = key.partition(": ")
            if colon:
                found[rule].add(outcome)
    return found


@pytest.mark.parametrize("pack", PACKS)
def test_cases(pack: str) -> None:
    """All in one run: the pack is loaded once for each day that the cases name."""
    wrong = [
        (result.case.name, result.mismatches, result.problems)
        for result in run_cases(cases(pack), [PACKS[pack]])
        if not result.passed
    ]
    assert wrong == []


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_every_rule_has_a_hit_a_miss_and_an_open_case(pack: str, rule: str) -> None:
    outcomes = _outcomes(pack)[rule]
    assert "violated" in outcomes
    assert outcomes & {"compliant", "not_applicable"}
    assert outcomes & {"undetermined", "presumed"} or rule in NEVER_OPEN


# --- each input missing ----------------------------------------------------------------------------------


def _asked_whether_known(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield what a data check asks ``known()`` of: it decides where it is missing."""
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id="known"), args=[asked]):
                yield from (inner.id for inner in ast.walk(asked) if isinstance(inner, ast.Name))
            case _:
                pass


@cache
def _inputs(pack: str) -> Mapping[str, Mapping[str, bool]]:
    """Return what the conditions of each rule ask of the record itself, and whether a holder may give it."""
    entities = Engine.load(packs=[PACKS[pack]], as_of="2026-11-21").ruleset.schema.entities
    found: dict[str, dict[str, bool]] = {}
    for part in parts(PACKS[pack]).values():
        if "rule" not in part.source:
            continue
        texts = [part.source[key] for key in ("applies", "violated") if key in part.source]
        trees = [ast.parse(f"({plain(text).text}\n)", mode="eval") for text in texts]
        nodes = [node for tree in trees for node in ast.walk(tree)]
        names = {node.id for node in nodes if isinstance(node, ast.Name)} - set(_asked_whether_known(nodes))
        attributes = entities[part.source["for"]].attributes
        found[part.id] = {name: attributes[name].inherits is not None for name in names & attributes.keys()}
    return found


def _records(holder: dict[str, Any], above: frozenset[str]) -> Iterator[tuple[str, set[str], frozenset[str]]]:
    """Yield the id of every record below, with the facts given there, and those given in its holders."""
    for value in holder.values():
        for record in value if isinstance(value, list) else ():
            if isinstance(record, dict):
                own = {key for key, fact in record.items() if fact is not None}
                yield record.get("id", ""), own, above
                yield from _records(record, above | own)


@cache
def _missing(pack: str) -> Mapping[str, set[str]]:
    """Return for each rule the inputs that some record, which a case expects to be open, does not give."""
    wanted, found = _inputs(pack), defaultdict[str, set[str]](set)
    for case in cases(pack):
        enterprise = case.facts.get("enterprise", {})
        top = frozenset(enterprise)
        given = {name: (own, above) for name, own, above in _records(enterprise, top)}
        for key in case.expect:
            name, colon, rule = key.partition(": ")
            if colon and rule in wanted and case.expect[key] in OPEN:
                own, above = given.get(name.partition("[")[2].rstrip("]"), (top, frozenset()))
                found[rule] |= {
                    fact
                    for fact, inherited in wanted[rule].items()
                    if fact not in own and not (inherited and fact in above)
                }
    return found


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKS)
def test_every_rule_is_tried_with_each_of_its_inputs_missing(pack: str) -> None:
    never = {rule: names.keys() - _missing(pack)[rule] for rule, names in _inputs(pack).items()}
    assert {rule: names for rule, names in never.items() if names} == {}
