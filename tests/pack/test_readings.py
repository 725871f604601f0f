"""How yes-no facts may be written: only as the pack declares."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dualprev_rules.facts.reading import read_facts
from dualprev_rules.pack import check_packs

HEAD = "pack: mine\nversion: 1.0.0\nlanguage: 1\ntitle: {zh: 某包, en: Some pack}\n"
FACTS = (
    "unit:\n  label: {zh: 单元, en: Unit}\n  key: id\n  attributes:\n"
    "    id: {type: text, label: {zh: 编号, en: Id}}\n"
    "    has_interlock: {type: bool, label: {zh: 联锁, en: Interlock}}\n"
)
DAY = date(2026, 11, 21)


def _possible(folder: Path, head: str, given: object) -> tuple[object, list[str]]:
    folder.mkdir(exist_ok=True)
    (folder / "pack.yaml").write_text(head, "utf-8")
    (folder / "facts.yaml").write_text(FACTS, "utf-8")
    ruleset, problems = check_packs([folder], None, DAY)
    assert ruleset is not None, problems
    facts = read_facts({"unit": {"id": "U1", "has_interlock": given}}, ruleset.schema, as_of=DAY)
    codes = [problem.code for problem in (*facts.problems, *facts.notes)]
    return facts.roots[0].value("has_interlock").possible, codes


def test_a_word_is_read_where_the_pack_declares_it(tmp_path: Path) -> None:
    head = HEAD + "reads: {是: true, 否: false}\n"
    assert _possible(tmp_path, head, "否") == (frozenset({False}), ["facts.read-member"])
    assert _possible(tmp_path, head, "是") == (frozenset({True}), ["facts.read-member"])


def test_a_word_that_no_pack_declares_is_a_data_problem(tmp_path: Path) -> None:
    either = frozenset({True, False})
    assert _possible(tmp_path, HEAD, "否") == (either, ["facts.not-a-bool"])
    assert _possible(tmp_path, HEAD + "reads: {是: true}\n", "no") == (either, ["facts.not-a-bool"])


def test_a_reading_must_be_true_or_false(tmp_path: Path) -> None:
    tmp_path.joinpath("pack.yaml").write_text(HEAD + "reads: {是: ture}\n", "utf-8")
    tmp_path.joinpath("facts.yaml").write_text(FACTS, "utf-8")
    ruleset, problems = check_packs([tmp_path], None, DAY)
    assert ruleset is None
    assert [(p.code, p.nearest, p.place and p.place.line) for p in problems] == [
        ("pack.unknown-member", "true", 5)
    ]
