"""The pack's own cases come out, and there is one for every rule."""

from __future__ import annotations

import pytest

from dualprev_rules.pack.load import read_cases
from dualprev_rules.pack.read import read_pack
from dualprev_rules.testing import run_cases
from tests.packs.parts import ROOT, parts

PACK = ROOT / "packs/gas/dualprev_pack_gas"
CASES = read_cases(read_pack(PACK, None))
FILES = sorted({case.place.file for case in CASES})
RULES = [part.id for part in parts(PACK).values() if "rule" in part.source]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.rsplit("/", 1)[-1])
def test_cases(file: str) -> None:
    results = run_cases([case for case in CASES if case.place.file == file], [PACK])
    wrong = [
        (result.case.name, result.mismatches, result.problems) for result in results if not result.passed
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
