"""Each pack's own cases come out, and there is a hit, a miss and an open one for every rule."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dualprev_rules.pack.load import read_cases
from dualprev_rules.pack.model import Case
from dualprev_rules.pack.read import read_pack
from dualprev_rules.testing import run_cases
from tests.packs.parts import ROOT, parts

PACKS = {
    path.name.removeprefix("dualprev_pack_"): path for path in sorted(ROOT.glob("packs/*/dualprev_pack_*"))
}
CASES: Mapping[str, tuple[Case, ...]] = {
    name: tuple(read_cases(read_pack(path, None))) for name, path in PACKS.items()
}
RULES = [(name, p.id) for name, path in PACKS.items() for p in parts(path).values() if "rule" in p.source]
# A data check may ask whether a fact is known, so nothing of it is ever open.
NEVER_OPEN = {"chem.gb18218.present-stock"}


@pytest.mark.parametrize("pack", PACKS)
def test_cases(pack: str) -> None:
    """All in one run: the pack is loaded once for each day that the cases name."""
    wrong = [
        (result.case.name, result.mismatches, result.problems)
        for result in run_cases(CASES[pack], [PACKS[pack]])
        if not result.passed
    ]
    assert wrong == []


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_every_rule_has_a_hit_a_miss_and_an_open_case(pack: str, rule: str) -> None:
    outcomes = {
        outcome for case in CASES[pack] for key, outcome in case.expect.items() if key.endswith(f": {rule}")
    }
    assert "violated" in outcomes
    assert outcomes & {"compliant", "not_applicable"}
    assert outcomes & {"undetermined", "presumed"} or rule in NEVER_OPEN
