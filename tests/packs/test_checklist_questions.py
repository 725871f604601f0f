"""An inspector who answers an item says what its fact is: one question, of the fact's kind and polarity."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from tests.packs.parts import ROOT, read
from tests.packs.test_shape import PACKS, items, rules

_ASIDE = re.compile(r"（[^）]*）")
# What yes or no does not answer, or answers in two ways.
_NOT_YES_OR_NO = re.compile(r"谁|哪|多少|几|还是|有没有|是不是|能否|是否|没有[？吗]")
_OPEN = re.compile(r"哪|多少|几|还是|什么|怎样|多[高大长远宽重粗久]")
_AUXILIARY = r"(?:is|are|was|were|has|have|do|does|did|can|would)\b"
_YES_OR_NO_IN_ENGLISH = re.compile(rf"(?:^|, ){_AUXILIARY}", re.IGNORECASE)
_SECOND_IN_ENGLISH = re.compile(
    r"\band (?:is|are|was|has|does|did|who|which|when|where|how)\b", re.IGNORECASE
)
# What is wrong, in the words of the packs: said in a question where its fact says it, and only there.
_WRONG = re.compile(r"占用|堵|损坏|失效|隐瞒|瞒报|篡改|旁路|超挖|超出|擅自|漏检|泄漏|不符合|破坏|缺失")


@cache
def _facts(pack: str) -> dict[str, dict[str, Any]]:
    """Return the attributes of a pack's entities, and those of the core, as written."""
    return {
        f"{entity}.{name}": attribute
        for path in (ROOT / "dualprev_rules/risk/core/facts.yaml", PACKS[pack] / "facts.yaml")
        for entity, written in read(path).items()
        for name, attribute in written["attributes"].items()
    }


def _yes_or_no(pack: str) -> list[dict[str, Any]]:
    return [item for item in items(pack) if "answers" in item]


@pytest.mark.parametrize("pack", PACKS)
def test_yes_and_no_are_answers_about_what_is_or_is_not(pack: str) -> None:
    facts = _facts(pack)
    for item in items(pack):
        assert (facts[item["settles"]]["type"] == "bool") == ("answers" in item), item["item"]
    conditional = {rule["rule"] for rule in rules(pack) if "applies" in rule}
    for item in _yes_or_no(pack):
        # What no rule asks of every record may not be there to look at.
        not_there = {"不适用": "not_applicable"} if set(item["feeds"]) <= conditional else {}
        assert item["answers"] == {"是": "true", "否": "false", **not_there, "未查": "unknown"}, item["item"]


@pytest.mark.parametrize("pack", PACKS)
def test_an_item_asks_one_question(pack: str) -> None:
    for item in items(pack):
        zh, en = item["ask"]["zh"], item["ask"]["en"]
        assert zh.find("？") == len(zh) - 1, (item["item"], zh)
        assert en.count("?") <= 1, (item["item"], en)
        assert not _SECOND_IN_ENGLISH.search(en), (item["item"], en)


@pytest.mark.parametrize("pack", PACKS)
def test_yes_or_no_answers_what_takes_yes_or_no_and_nothing_else(pack: str) -> None:
    for item in items(pack):
        zh, en = item["ask"]["zh"], item["ask"]["en"]
        asked = _ASIDE.sub("", zh)
        if "answers" in item:
            assert asked.endswith("吗？"), (item["item"], zh)
            assert not _NOT_YES_OR_NO.search(asked), (item["item"], zh)
            assert _YES_OR_NO_IN_ENGLISH.search(en), (item["item"], en)
        else:
            assert not asked.endswith("吗？"), (item["item"], zh)
            assert _OPEN.search(asked), (item["item"], zh)


@pytest.mark.parametrize("pack", PACKS)
def test_a_question_says_what_is_wrong_where_its_fact_does(pack: str) -> None:
    """Yes to "Is it blocked?" must not settle that it is free, nor the other way round."""
    facts = _facts(pack)
    for item in _yes_or_no(pack):
        fact = facts[item["settles"]]
        said = fact["label"]["zh"] + fact.get("ask", {}).get("zh", "")
        asked = _ASIDE.sub("", item["ask"]["zh"])
        assert bool(_WRONG.search(asked)) == bool(_WRONG.search(_ASIDE.sub("", said))), (
            item["item"],
            asked,
            said,
        )
