"""The words of clauses: what they mean, and where a title and its test disagree."""

from __future__ import annotations

from pathlib import Path

import pytest

from dualprev_rules.engine import core_pack
from dualprev_rules.pack import lint_packs
from dualprev_rules.pack.clause_words import said
from tests.authoring.test_fmt import silo
from tests.cli.run import run
from tests.pack.packs import TODAY


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("100人以上", [("以上", ">=")]),
        ("3人以下", [("以下", "<=")]),
        ("积尘超过 3 mm", [("超过", ">")]),
        ("间距不足2.5 m", [("不足", "<")]),
        ("不少于2个", [("不少于", ">=")]),
        ("不超过0.75%", [("不超过", "<=")]),
        ("至少一个", []),
        ("30米内", []),
    ],
)
def test_what_a_word_means(text: str, meant: list[tuple[str, str]]) -> None:
    assert [(word, op) for word, _, op in said(text)] == meant


@pytest.mark.parametrize(
    ("title", "violated", "told"),
    [
        ("积尘超过3 mm", "dust_layer > thickest", None),
        ("积尘不足3 mm", "dust_layer < 3", None),
        ("积尘应不超过3 mm", "dust_layer > thickest", None),
        ("积尘3 mm以上", "dust_layer > thickest", ("以上 3", ">= 3")),
        ("积尘超过3 mm", "dust_layer >= 3", ("超过 3", "> 3")),
        ("积尘超过3 mm", "3 <= dust_layer", ("超过 3", "> 3")),
        ("积尘3 mm以上", "dust_layer > 5", None),
        ("积尘3 mm以上", "dust_layer > thickest\n  because: {zh: 条文如此, en: So the clause}", None),
    ],
)
def test_a_title_that_means_another_test(
    title: str, violated: str, told: tuple[str, str] | None, tmp_path: Path
) -> None:
    pack = silo(tmp_path)
    rules = pack / "rules" / "venting.yaml"
    text = rules.read_text("utf-8").replace("zh: 积尘过厚", f"zh: {title}")
    rules.write_text(text.replace("violated: dust_layer > thickest", f"violated: {violated}"), "utf-8")
    found = [fault for fault in lint_packs([pack], TODAY, core=core_pack()) if "clause-words" in fault.code]
    assert [(fault.given, fault.nearest) for fault in found] == ([told] if told else [])
    assert all(fault.severity == "warning" for fault in found)


def retitled(pack: Path, title: str, violated: str, words: str = "") -> list[str]:
    """Return the codes of what lint says of clauses, with another title, test and glossary."""
    rules, head = pack / "rules" / "venting.yaml", pack / "pack.yaml"
    text = rules.read_text("utf-8").replace("zh: 积尘过厚", f"zh: {title}")
    rules.write_text(text.replace("violated: dust_layer > thickest", f"violated: {violated}"), "utf-8")
    head.write_text(
        head.read_text("utf-8").replace("    encoded: full\n", f"    encoded: full\n{words}"), "utf-8"
    )
    found = lint_packs([pack], TODAY, core=core_pack())
    return [fault.code for fault in found if "clause" in fault.code or fault.severity == "error"]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("", ["pack.clause-words"]),
        ("    words: {以上: '>'}\n", []),
        ("    用语: {以上: '>='}\n", ["pack.clause-words"]),
        ("    words: {以上方: '>'}\n", ["pack.clause-word", "pack.clause-words"]),
        ("    words: {以上: 大于}\n", ["pack.not-one-of"]),
    ],
)
def test_an_instrument_may_say_what_its_words_mean(words: str, codes: list[str], tmp_path: Path) -> None:
    found = retitled(silo(tmp_path), "积尘3 mm以上", "dust_layer > 3", words)
    assert sorted(found) == codes


@pytest.mark.parametrize(
    ("words", "written", "meant"),
    [
        ("", "dust_layer 3以上", ">= 3"),
        ("    words: {以上: '>'}\n", "dust_layer 3以上", "> 3"),
        ("    words: {以上: '>'}\n", "dust_layer 在 3 以下", "<= 3"),
        ("    用语: {超过: '>='}\n", "dust_layer 超过 3", ">="),
        ("    words: {以上: '>'}\n", "3以上 dust_layer", None),
    ],
)
def test_a_proposal_takes_words_as_the_instrument_means_them(
    words: str, written: str, meant: str | None, tmp_path: Path
) -> None:
    pack = silo(tmp_path)
    retitled(pack, "积尘过厚", written, words)
    faults = [f for f in lint_packs([pack], TODAY, core=core_pack()) if f.severity == "error"]
    assert [fault.nearest for fault in faults if fault.code == "lang.sign"] == ([meant] if meant else [])
    done = run("pack", "lint", str(pack), "--fix", "--as-of", "2026-11-21")
    assert (done.exit_code == 0) == (meant is not None)
    said = (pack / "rules" / "venting.yaml").read_text("utf-8")
    assert (meant is None) or f"violated: dust_layer {meant}" in said


def test_a_range_of_whole_figures_is_for_whole_numbers_only(tmp_path: Path) -> None:
    pack = silo(tmp_path)
    assert retitled(pack, "积尘5~9 mm", "5 <= dust_layer <= 9") == ["pack.clause-range"]


def test_a_range_that_meets_the_next_leaves_nothing_between(tmp_path: Path) -> None:
    assert retitled(silo(tmp_path), "积尘5~10 mm", "5 <= dust_layer < 10") == []
