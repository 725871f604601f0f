"""What the packs say as a whole: one thing once, in words that a foreman understands, and who can tell."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from tests.packs.parts import ROOT, read

PACKS = {
    path.name.removeprefix("dualprev_pack_"): path for path in sorted(ROOT.glob("packs/*/dualprev_pack_*"))
}
LEAST_ITEMS = 60
KINDS = {
    "日常排查",
    "综合性排查",
    "专业性排查",
    "季节性排查",
    "重点时段及节假日前排查",
    "事故类比排查",
    "复产复工前排查",
}
# More than this share of one question in another: the same question in other words.
_ALIKE = 0.9
_LONGEST_TITLE = 48
# A sentence for a foreman names things, not the parts of the pack.
_CODE = re.compile(r"[a-z]+_[a-z_]+|\b[a-z]{3,}\(")


@cache
def rules(pack: str) -> list[dict[str, Any]]:
    """Return the rules of a pack as written."""
    return [rule for path in sorted(PACKS[pack].glob("rules/**/*.yaml")) for rule in read(path)]


@cache
def checklists(pack: str) -> list[dict[str, Any]]:
    """Return the checklists of a pack as written."""
    found = [read(path) for path in sorted(PACKS[pack].glob("checklists/*.yaml"))]
    return [one for file in found for one in (file if isinstance(file, list) else [file])]


def items(pack: str) -> list[dict[str, Any]]:
    """Return the items of all checklists of a pack."""
    return [item for one in checklists(pack) for item in one["items"]]


def _often(values: Iterator[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


@pytest.mark.parametrize("pack", PACKS)
def test_ids_and_titles_are_unique(pack: str) -> None:
    assert _often(rule["rule"] for rule in rules(pack)) == []
    for language in ("zh", "en"):
        assert _often(rule["title"][language] for rule in rules(pack)) == []


@pytest.mark.parametrize("pack", PACKS)
def test_a_clause_is_cited_once_for_each_of_its_parts(pack: str) -> None:
    by: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for rule in rules(pack):
        cites = rule["cite"] if isinstance(rule["cite"], list) else [rule["cite"]]
        for cite in cites:
            by[cite["instrument"], cite["clause"], rule.get("part", "")].append(rule["rule"])
    assert {key: found for key, found in by.items() if len(found) > 1} == {}


@pytest.mark.parametrize("pack", PACKS)
def test_every_rule_says_in_a_sentence_what_is_wrong(pack: str) -> None:
    """The page of a rule makes its sentence of the title, the record and the duty holder."""
    for rule in rules(pack):
        title = rule["title"]["zh"]
        assert 4 <= len(title) <= _LONGEST_TITLE, (rule["rule"], title)
        assert not _CODE.search(title), (rule["rule"], title)
        assert rule["title"]["en"], rule["rule"]
        assert rule["duty_of"], rule["rule"]


@pytest.mark.parametrize("pack", PACKS)
def test_what_is_for_the_inspector_is_said_why(pack: str) -> None:
    assert [
        rule["rule"]
        for rule in rules(pack)
        if rule["decided_by"] != "facts" and "because" not in rule and "note" not in rule
    ] == []


@pytest.mark.parametrize("pack", PACKS)
def test_every_item_names_its_measure_fact_rule_and_evidence(pack: str) -> None:
    for item in items(pack):
        for key in ("measure", "ask", "settles", "feeds", "evidence"):
            assert item.get(key), (item["item"], key)


@pytest.mark.parametrize("pack", PACKS)
def test_there_are_enough_items_and_none_says_another_again(pack: str) -> None:
    found = items(pack)
    assert len(found) >= LEAST_ITEMS
    assert _often(item["item"] for item in found) == []
    assert _often((item["settles"], *item["feeds"]) for item in found) == []
    asked = [item["ask"]["zh"] for item in found]
    assert [pair for pair in combinations(asked, 2) if _alike(*pair)] == []


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() > _ALIKE and matcher.quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE


@pytest.mark.parametrize("pack", PACKS)
def test_there_are_checklists_for_every_kind_of_inspection(pack: str) -> None:
    assert KINDS - {one["inspection"] for one in checklists(pack)} == set()


@pytest.mark.parametrize("pack", PACKS)
def test_what_an_event_calls_for_waits_for_no_day(pack: str) -> None:
    """An accident elsewhere, a restart, a holiday: the list is gone through then, not when a year is up."""
    events = {"事故类比排查", "复产复工前排查", "重点时段及节假日前排查"}
    every = {one["checklist"]: one["every"] for one in checklists(pack) if one["inspection"] in events}
    assert {name: when for name, when in every.items() if when != {"interval": "每次"}} == {}


@pytest.mark.parametrize("pack", ["fire", "mining"])
def test_what_a_near_case_expects_has_its_reason(pack: str) -> None:
    for path in sorted(PACKS[pack].glob("cases/near/*.yaml")):
        assert [case["case"] for case in read(path) if not case.get("note")] == [], path.name
