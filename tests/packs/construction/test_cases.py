"""The pack's own cases come out, and there is one for every rule."""

from __future__ import annotations

import pytest

from dualprev_rules.pack.load import read_cases
from dualprev_rules.pack.read import read_pack
from dualprev_rules.testing import run_cases
from tests.packs.parts import ROOT, parts

PACK = ROOT / "packs/construction/dualprev_pack_construction"
CASES = read_cases(read_pack(PACK, None))
RULES = [part.id for part in parts(PACK).values() if "rule" in part.source]


def test_cases() -> None:
    """All in one run: the pack is loaded once for each day that the cases name."""
    wrong = [
        (result.case.name, result.mismatches, result.problems)
        for result in run_cases(CASES, [PACK])
        if not result.passed
    ]
    assert wrong == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_hit_a_miss_and_an_open_case(rule: str) -> None:
    outcomes = {
        outcome for case in CASES for key, outcome in case.expect.items() if key.endswith(f": {rule}")
    }
    assert "violated" in outcomes
    assert outcomes & {"compliant", "not_applicable"}
    assert outcomes & {"undetermined", "presumed"}
