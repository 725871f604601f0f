"""What docs/policy-coverage.md calls done is missed by its test: a share of it, by turns.

``TURN=3`` names the turn; without it the week of ``SOURCE_DATE_EPOCH`` does.
"""

from __future__ import annotations

import os
from importlib import util

import pytest

from tests.docs.pages import ROOT

SPEC = util.spec_from_file_location("take_away", ROOT / "scripts" / "take_away.py")
assert SPEC is not None
assert SPEC.loader is not None
SCRIPT = util.module_from_spec(SPEC)
SPEC.loader.exec_module(SCRIPT)

THINGS: dict[tuple[str, tuple[str, str]], set[str]] = SCRIPT.named()
RULES: dict[str, set[str]] = SCRIPT.rules_of(THINGS)
OTHERS = [key for key in THINGS if key[1][0] != "rule"]
_WEEK = 7 * 24 * 3600
TURN = int(os.environ.get("TURN") or int(os.environ.get("SOURCE_DATE_EPOCH", "0")) // _WEEK)


def test_any_two_rules_are_apart_in_a_round_and_each_is_gone_in_one() -> None:
    rounds = SCRIPT.rounds(list(RULES))
    marks = {rule: tuple(rule in gone for gone in rounds) for rule in RULES}
    assert len(set(marks.values())) == len(RULES)
    assert all(any(mark) for mark in marks.values())


@pytest.mark.slow
def test_the_test_of_a_rule_fails_in_just_the_rounds_in_which_it_is_gone() -> None:
    rounds = SCRIPT.rounds(list(RULES))
    assert list(SCRIPT.faults_of_round(rounds[TURN % len(rounds)], RULES)) == []


@pytest.mark.slow
@pytest.mark.parametrize("position", range(2))
def test_a_command_or_function_is_missed(position: int) -> None:
    key = OTHERS[(2 * TURN + position) % len(OTHERS)]
    assert list(SCRIPT.faults_without(key[1], THINGS[key])) == []
