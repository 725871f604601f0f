"""What a classification may be is said in words of both languages, not in the ids of the pack."""

from __future__ import annotations

import re

import pytest
import yaml

from dualprev_rules.authoring.say import sentence
from tests.engines import loaded
from tests.packs.parts import PACKS, ROOT

# Members that standards print so in every language: B3, GB1, 1.
PRINTED = re.compile(r"[A-Z]*[0-9]*")


@pytest.mark.parametrize("pack", PACKS)
def test_every_member_of_a_definition_is_named_in_both_languages(pack: str) -> None:
    file = ROOT / f"packs/{pack}/dualprev_pack_{pack}/definitions.yaml"
    bare: list[str] = []
    for definition in yaml.safe_load(file.read_text("utf-8")):
        declared = definition.get("type")
        members = declared.get("enum") or declared.get("ordered") or {} if isinstance(declared, dict) else {}
        for member in members:
            label = members[member] if isinstance(members, dict) else None
            if not PRINTED.fullmatch(str(member)) and not (label and label.get("zh") and label.get("en")):
                bare.append(f"{definition['define']}: {member}")
    assert bare == []


@pytest.mark.parametrize("pack", PACKS)
def test_no_member_reads_in_a_sentence_like_a_word_of_a_program(pack: str) -> None:
    text = (ROOT / f"packs/{pack}/dualprev_pack_{pack}/facts.yaml").read_text(encoding="utf-8")
    assert re.findall(r"en: '?(?:None|Null|True|False)'?[,}]", text) == []


@pytest.mark.parametrize("pack", PACKS)
def test_no_sentence_of_a_rule_says_a_member_by_its_code(pack: str) -> None:
    ruleset = loaded(pack).ruleset
    said = {rule.id: sentence(rule, ruleset) for rule in ruleset.rules.values()}
    assert [rule for rule, words in said.items() if re.search(r"[是有、][a-z]+_?[a-z]+", words.zh)] == []
    assert [rule for rule, words in said.items() if re.search(r"[a-z]_[a-z]", words.get("en"))] == []
