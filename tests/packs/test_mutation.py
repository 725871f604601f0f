"""The cases of the packs notice every change of a figure, comparison or member: one pack by turns.

``MUTATE=fire`` (or ``all``) names the turn; without it the week of ``SOURCE_DATE_EPOCH`` does.
"""

from __future__ import annotations

import os

import pytest

from dualprev_rules.testing.mutation import mutate, read_explained
from tests.packs.parts import ROOT

# The least share noticed of what facts can tell apart, in percent.
SCORES = {"chemicals": 100, "construction": 100, "fire": 100, "gas": 100, "mining": 100}
_WEEK = 7 * 24 * 3600


def _turn() -> list[str]:
    named = os.environ.get("MUTATE")
    if named is not None:
        return list(SCORES) if named == "all" else [named]
    weeks = int(os.environ.get("SOURCE_DATE_EPOCH", "0")) // _WEEK
    return [list(SCORES)[weeks % len(SCORES)]]


@pytest.mark.slow
@pytest.mark.parametrize("pack", _turn())
def test_the_cases_notice_every_change(pack: str) -> None:
    file = ROOT / f"tests/packs/{pack}/explained_mutants.yaml"
    explained = read_explained(file) if file.exists() else {}
    found = mutate(ROOT / f"packs/{pack}/dualprev_pack_{pack}", explained=explained)
    assert found.score >= SCORES[pack], [survivor.id for survivor in found.open]
    assert (found.stale, found.failing) == ((), ())
