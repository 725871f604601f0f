"""Each pack has a page, and each of its rules a sentence on it."""

from __future__ import annotations

from functools import cache

import pytest

from docs.hooks import packs
from dualprev_rules.pack import read_pack
from tests.docs.pages import ROOT

FOLDERS = {f.name.removeprefix("dualprev_pack_"): f for f in (ROOT / "packs").glob("*/dualprev_pack_*")}


@cache
def pages() -> dict[str, str]:
    return packs.pages()


def test_there_is_a_page_for_each_pack() -> None:
    assert set(pages()) == {"packs/index.md", *(f"packs/{name}.md" for name in FOLDERS)}
    assert all(f"({name}.md)" in pages()["packs/index.md"] for name in FOLDERS)


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_every_rule_has_a_sentence_and_a_clause(name: str) -> None:
    page = pages()[f"packs/{name}.md"]
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    source = read_pack(FOLDERS[name])
    assert set(rows) == {rule.rule for rule in source.rules}
    for rule in source.rules:
        sentence, clause = rows[rule.rule].replace("\\|", "").split(" | ")[1:]
        assert f"由{rule.duty_of}负责。" in sentence
        assert source.spec is not None
        assert f"Duty of: {source.spec.duty_holders[rule.duty_of].en}." in sentence
        assert "<br>" in sentence
        assert clause.strip(" |"), rule.rule


def test_what_is_left_out_says_why() -> None:
    assert "The clause says that experts may be heard" in pages()["packs/fire.md"]


def test_what_a_machine_cannot_decide_is_listed() -> None:
    source = read_pack(FOLDERS["mining"])
    part = pages()["packs/mining.md"].partition("What a machine cannot decide")[2].partition("\n## ")[0]
    assert {rule.rule for rule in source.rules if rule.decided_by != "facts"} == {
        line.split("`")[1] for line in part.splitlines() if line.startswith("- `")
    }
