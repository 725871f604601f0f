"""Columns find what the reference finds in random worlds, unknowns and figures of every type included."""

from __future__ import annotations

import pytest

from dualprev_rules.evaluate.columns import tables
from tests.cases import cases
from tests.columns.worlds import cells_of

SETS = 40


@pytest.mark.parametrize("seed", [3, 33, 35, 7_000_056])
def test_seeds_that_once_failed(seed: int) -> None:
    """Sets of texts of which nothing is known; a sum of whole figures that may go on, beside a fraction."""
    _, cells = cells_of(seed, 200 if seed > 1_000 else SETS)
    assert [cell for cell in cells if cell.found != cell.wanted] == []


def test_seeded_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = asked = 0
    many = tables.MANY
    for seed in range(1_000, 1_000 + cases(100)):
        # What expressions have in common is found in many rows only: here also in few.
        monkeypatch.setattr(tables, "MANY", many if seed % 2 else 0)
        codes, cells = cells_of(seed, SETS)
        asked += codes.asked
        for cell in cells:
            tried += 1
            assert cell.found == cell.compiled == cell.wanted, (seed, cell)
    assert tried > 1_000
    # Were all of them asked of the reference, nothing would be tested.
    assert asked < 0.7 * tried
