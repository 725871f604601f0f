"""The compiled evaluator finds what the reference finds on the shipped examples and the packs' own cases."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from dualprev_rules import Engine
from dualprev_rules.evaluate.compiled import Program
from dualprev_rules.facts import Facts
from dualprev_rules.pack.load import read_cases
from dualprev_rules.pack.model import Case
from dualprev_rules.pack.read import read_pack
from dualprev_rules.problems import DualprevError
from tests.cases import FULL
from tests.differential.compare import compared
from tests.differential.seeded import MANY

ROOT = Path(__file__).parents[2]
EXAMPLES = (("chemicals", "chlor_alkali_lpg"), ("fire", "shopping_complex"), ("mining", "coal_mine"))
PACKS = ("chemicals", "fire", "mining")


def folder(pack: str) -> Path:
    return ROOT / "packs" / pack / f"dualprev_pack_{pack}"


@cache
def loaded(pack: str, as_of: date, profile: str) -> tuple[Engine, Program]:
    engine = Engine.load(folder(pack), profile, as_of=as_of)
    return engine, Program(engine.ruleset, {})


def different(program: Program, facts: Facts) -> list[object]:
    return [case for case in compared(program, facts) if case.found != case.wanted]


@pytest.mark.parametrize(("pack", "example"), EXAMPLES)
def test_examples(pack: str, example: str) -> None:
    engine, program = loaded(pack, date(2026, 11, 21), "national")
    facts = engine.read(ROOT / "examples" / example / "site.yaml")
    assert different(program, facts) == []
    for few in (3, MANY):
        assert different(Program(engine.ruleset, {}, few), facts) == []


def cases(pack: str) -> list[Case]:
    """Return some of the pack's cases: every rule is judged on each, which takes a second."""
    found = read_cases(read_pack(folder(pack), None))
    return list(found[::16] if FULL else found[::160])


@pytest.mark.parametrize("pack", PACKS)
def test_cases_of_packs(pack: str) -> None:
    for case in cases(pack):
        engine, program = loaded(pack, case.as_of, case.profile)
        try:
            facts = engine.read(case.facts)
        except DualprevError:
            continue  # the case is about that
        assert different(program, facts) == [], case.name
