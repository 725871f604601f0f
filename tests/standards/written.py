"""Two small packs that differ in one rule, written out for a test."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent, indent

from dualprev_rules.standards import Comparison, Pair, Verification, compare, verify

DAY = date(2026, 11, 21)
_FACTS = """
enterprise:
  extends: core.enterprise
  attributes:
    small: {type: bool, label: {zh: 小, en: Small}, ask: {zh: 小？, en: 'Small?'}}
unit:
  extends: core.unit
  attributes:
    a: {type: bool, label: {zh: 甲, en: A}, ask: {zh: 甲？, en: 'A?'}}
    b: {type: bool, label: {zh: 乙, en: B}, ask: {zh: 乙？, en: 'B?'}}
    n: {type: number, min: 0, label: {zh: 数, en: N}}
    t: {type: text, label: {zh: 品名, en: T}}
    d: {type: date, label: {zh: 日甲, en: D}}
    e: {type: date, label: {zh: 日乙, en: E}}
    cas: {type: text, check: cas, label: {zh: 号甲, en: CAS}}
    cas2: {type: text, check: cas, label: {zh: 号乙, en: CAS 2}}
    parts: {type: list, of: part, label: {zh: 件清单, en: Parts}}
    kinds: {type: list, of: {enum: [k0, k1, k2, k3, k4, k5]}, label: {zh: 要求, en: Kinds}}
    subs: {type: list, of: sub, label: {zh: 副清单, en: Subs}}
sub:
  label: {zh: 副, en: Sub}
  key: id
  attributes:
    id: {type: text, label: {zh: 副号, en: Sub number}}
    x: {type: number, min: 0, label: {zh: 副量, en: X}}
part:
  label: {zh: 件, en: Part}
  key: id
  attributes:
    id: {type: text, label: {zh: 件号, en: Part number}}
    k: {type: {enum: [k0, k1, k2, k3, k4, k5]}, label: {zh: 件种, en: K}}
    m: {type: number, min: 0, max: 2, label: {zh: 量, en: M}}
    c: {type: bool, label: {zh: 好, en: C}, ask: {zh: 好？, en: 'C?'}}
"""


def written(
    folder: Path,
    name: str,
    body: str,
    *,
    facts: bool = False,
    definitions: str = "",
    grading: str = "",
    table: str = "",
    partner: str | None = None,
    entity: str = "unit",
    instrument: str = "",
) -> Path:
    """Write a pack of one rule, and return its folder; ``instrument`` are further keys of its document."""
    pack = folder / name
    (pack / "rules").mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        f"""pack: {name}
version: 1.0.0
language: 1
title: {{zh: {name}包, en: {name}}}
duty_holders: {{生产经营单位: {{en: business}}}}
instruments:
  - id: {name}-1
    number: {name}〔2026〕1号
    title: {{zh: 虚构{name}, en: made up}}
    issuer: 示例
    force: {"local_standard" if name == "loc" else "mandatory_standard"}
    binding: true
    in_force: {{from: 2020-01-01, confirmed: true}}
    {"" if "decides" in instrument else "decides: true"}
    encoded: full
{indent(instrument, "    ")}
"""
    )
    if facts:
        (pack / "facts.yaml").write_text(_FACTS)
    if definitions:
        (pack / "definitions.yaml").write_text(dedent(definitions))
    if table:
        (pack / "tables").mkdir()
        (pack / "tables" / "t.yaml").write_text(dedent(table))
    if grading:
        (pack / "grading.yaml").write_text(dedent(grading))
    corresponds = f"  corresponds_to: [{partner}]\n" if partner else ""
    (pack / "rules" / "r.yaml").write_text(
        f"""- rule: {name}.r
  kind: check
  title: {{zh: {name}r, en: {name} r}}
  cite: {{instrument: {name}-1, clause: "1"}}
  for: {entity}
  duty_of: 生产经营单位
  decided_by: facts
  because: {{zh: 条, en: x}}
{corresponds}{indent(dedent(body).strip(), "  ")}
"""
    )
    return pack


def between(
    folder: Path, first: str, second: str, *, paired: bool = True, definitions: str = "", table: str = ""
) -> Comparison:
    """Compare a local rule with a national one."""
    national = written(folder, "nat", second, facts=True, definitions=definitions, table=table)
    local = written(folder, "loc", first, partner="nat.r" if paired else None)
    return compare(local, national, as_of=DAY)


def across(folder: Path, first: tuple[str, str], second: tuple[str, str]) -> Comparison:
    """Compare a rule with one about records of another entity; each is an entity and what it says."""
    national = written(folder, "nat", second[1], facts=True, entity=second[0])
    local = written(folder, "loc", first[1], partner="nat.r", entity=first[0])
    return compare(local, national, as_of=DAY)


def graded(folder: Path, first: str, second: str) -> Comparison:
    """Compare the grading of a local pack with that of a national one."""
    national = written(folder, "nat", "violated: a", facts=True, grading=second)
    return compare(written(folder, "loc", "violated: a", partner="nat.r", grading=first), national, as_of=DAY)


def pair(folder: Path, first: str, second: str, *, definitions: str = "", table: str = "") -> Pair:
    """Return what came of the one pair."""
    return between(folder, first, second, definitions=definitions, table=table).pairs[0]


def verified(folder: Path, body: str, *, definitions: str = "") -> Verification:
    """Verify a pack of one rule."""
    return verify([written(folder, "nat", body, facts=True, definitions=definitions)], as_of=DAY)
