"""A loop over a list of the record above, with another loop inside, had no form in columns and raised."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from dualprev_rules import Engine

FILES = {
    "pack.yaml": """
pack: nested
version: 1.0.0
language: 1
title: {zh: 嵌套, en: Nested}
instruments:
  - id: n
    number: N
    title: {zh: 嵌套, en: Nested}
    issuer: N
    force: local_standard
    binding: true
    in_force: {from: 2020-01-01}
    encoded: full
""",
    "rules/all.yaml": """
- rule: nested.1
  kind: check
  title: {zh: 企业有一个物质均已知的单元, en: Some unit has only substances in quantity}
  cite: {instrument: n, clause: "1"}
  for: unit
  duty_of: 企业
  decided_by: facts
  violated: any(all(s.quantity > 1 for s in u.substances) for u in enterprise.units)
  message: {zh: 违反, en: Violated}
""",
}


def test_it_is_judged(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    engine = Engine.load(tmp_path, as_of="2026-11-21")
    units = [
        [{"substances": [{"quantity": q} for q in of]} for of in each] for each in ([[2, 1], [3]], [[1]])
    ]
    found = engine.assess_frame(pl.DataFrame({"units": units})).wide("units")
    assert found["nested.1"].to_list() == [1, 1, 2]
