"""Slips of an author that once passed in silence and changed what a pack determines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dualprev_rules.pack import check_packs

DAY = date(2026, 11, 21)
HEAD = (
    "pack: mine\nversion: 1.0.0\nlanguage: 1\ntitle: {zh: 某包, en: Some pack}\ninstruments:\n"
    "  - id: doc\n    number: 某1号\n    title: {zh: 某文件, en: Some document}\n    issuer: 某协会\n"
    "    force: group_standard\n    binding: true\n    in_force: {from: 2020-01-01}\n    encoded: full\n"
)
FACTS = (
    "unit:\n  label: {zh: 单元, en: Unit}\n  key: id\n  attributes:\n"
    "    id: {type: text, label: {zh: 编号, en: Id}}\n"
    "    dust: {type: number, unit: mm, min: 0, label: {zh: 积尘, en: Dust}}\n"
    "    is_steel: {type: bool, label: {zh: 钢结构, en: Steel}}\n"
)
RULE = (
    "- rule: mine.dust\n  kind: check\n  title: {zh: 积尘, en: Dust}\n"
    "  cite: {instrument: doc, clause: 5.10}\n"
    "  for: unit\n  duty_of: 生产经营单位\n  decided_by: facts\n  violated: dust > 3\n"
)


def _codes(folder: Path, head: str = HEAD, rule: str = RULE, name: str = "rules/dust.yaml") -> list[str]:
    for file, text in (("pack.yaml", head), ("facts.yaml", FACTS), (name, rule)):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    return [p.code for p in check_packs([folder], None, DAY)[1] if p.severity == "error"]


def test_the_pack_is_right_without_the_slips(tmp_path: Path) -> None:
    assert _codes(tmp_path) == []


def test_a_comment_behind_a_condition_is_an_error(tmp_path: Path) -> None:
    cut = RULE.replace("dust > 3", "dust > 3 # and is_steel")
    assert _codes(tmp_path, rule=cut) == ["pack.comment-after-condition"]


def test_a_file_that_an_editor_named_otherwise_is_an_error(tmp_path: Path) -> None:
    assert _codes(tmp_path, name="rules/dust.yaml.txt") == ["pack.unknown-file"]


def test_an_instrument_has_a_first_day_or_says_why_not(tmp_path: Path) -> None:
    without = HEAD.replace("{from: 2020-01-01}", "{}")
    assert _codes(tmp_path, head=without) == ["pack.no-start"]
    noted = HEAD.replace("{from: 2020-01-01}", "{note: {zh: 没有查到, en: not found}}")
    assert _codes(tmp_path / "noted", head=noted) == []


def test_a_clause_that_does_not_bind_is_not_counted_as_a_breach(tmp_path: Path) -> None:
    rule = RULE.replace("  for: unit", "  binding: false\n  for: unit")
    assert _codes(tmp_path, rule=rule) == []
    ruleset, _ = check_packs([tmp_path], None, DAY)
    assert ruleset is not None
    assert not ruleset.rules["mine.dust"].binding
