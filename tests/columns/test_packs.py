"""Columns find of synthetic enterprises, by the whole chemicals pack, what is found of each by itself."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from dualprev_rules import Engine
from dualprev_rules.evaluate.columns import NAMES
from dualprev_rules.evaluate.compiled import FEW, Program
from dualprev_rules.supervision.population import population, settings
from tests.cases import cases
from tests.columns.compare import compiled_codes


@pytest.mark.slow
def test_the_chemicals_pack_over_enterprises_with_facts_missing(tmp_path: Path) -> None:
    engine = Engine.load("chemicals", as_of="2026-11-21")
    files = [tmp_path / f"{missing}.parquet" for missing in (0.2, 0.6)]
    for file, missing in zip(files, (0.2, 0.6), strict=True):
        drawn = settings().only(("chemicals", "town_gas"), missing)
        list(population(engine.ruleset, drawn, file, enterprises=cases(60) // 3, seed=18218))
    result = engine.assess_frame(pl.scan_parquet(files), rows=1_000)
    (judged,) = result.slices()
    program = Program(engine.ruleset, {}, FEW)
    found: dict[str, list[tuple[int, ...]]] = {
        place: codes.drop("row").rows() for place, codes in judged.codes.items()
    }
    at: Counter[str] = Counter()
    seen: Counter[int] = Counter()
    for row in range(judged.rows):
        for place, records in compiled_codes(program, engine.read(result.document(row))).items():
            rules = judged.codes[place].columns[1:] if place in found else []
            for record in records:
                codes = found[place][at[place]] if rules else ()
                assert dict(zip(rules, codes, strict=True)) == record, (row, place, at[place])
                at[place] += 1
                seen.update(codes)
    assert all(seen[NAMES.index(name)] for name in ("violated", "compliant", "undetermined", "harmless"))
    assert judged.asked.cells > 0
