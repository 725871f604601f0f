"""Every determination of the reference that is checked or recalled is encoded, or says why it is none."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.packs.parts import ROOT, parts, read, where

PACK = ROOT / "packs/fire/dualprev_pack_fire"
REFERENCED = read(ROOT / "tests/reference/fire.yaml")
WHERE = where(PACK)
PARTS = parts(PACK)
STATED = {item["id"]: item for item in REFERENCED["items"] if item["status"] != "uncertain"}
INSTRUMENTS = {one["id"]: one for one in read(PACK / "pack.yaml")["instruments"]}
# A compilation of bans from several documents: what encodes an entry cites the document itself.
COMPILED = "fire-negative-compiled"
DRAFTS = {"gb40248-draft", "ebike-draft"}
# What is no instrument in force: a compilation, a plan that was not identified, and approval drafts.
NOT_DECLARED = {COMPILED, "prov-plan", *DRAFTS}


def test_every_stated_item_is_encoded_declared_or_says_why_it_is_no_determination() -> None:
    named = [*WHERE["encoded"], *WHERE["declared"], *WHERE["no_determination"]]
    assert [name for name, count in Counter(named).items() if count > 1] == []
    assert set(named) == set(STATED)
    assert all(len(reason) > 5 for reason in WHERE["no_determination"].values())


def test_the_share_encoded_does_not_fall() -> None:
    assert len(WHERE["encoded"]) + len(WHERE["declared"]) >= _LEAST_ENCODED
    assert len(WHERE["no_determination"]) <= _MOST_UNDECIDED


_LEAST_ENCODED, _MOST_UNDECIDED = 194, 30


def test_only_drafts_penalties_and_a_permission_decide_nothing() -> None:
    left = {name: STATED[name]["instrument"] for name in WHERE["no_determination"]}
    others = {name for name, instrument in left.items() if instrument not in DRAFTS}
    assert others == {"fire2017-4-4", "law-art60", "hr-penalty"}
    assert DRAFTS & set(INSTRUMENTS) == set()


def test_what_is_only_declared_has_no_rules() -> None:
    """Of two editions the body was not seen: they are declared, and nothing cites them."""
    for item, instrument in WHERE["declared"].items():
        assert STATED[item]["instrument"] == instrument
        assert INSTRUMENTS[instrument]["encoded"] == "none"
    cited = {instrument for part in PARTS.values() for instrument, _ in part.cites}
    assert cited & {name for name, one in INSTRUMENTS.items() if one["encoded"] == "none"} == set()


def test_uncertain_items_decide_nothing() -> None:
    uncertain = [item for item in REFERENCED["items"] if item["status"] == "uncertain"]
    clauses = {(item["instrument"], item["clause"]) for item in uncertain}
    stated = {(item["instrument"], item["clause"]) for item in STATED.values()}
    cited = {cite for part in PARTS.values() for cite in part.cites}
    assert cited & (clauses - stated) == set()


@pytest.mark.parametrize("item", WHERE["encoded"])
def test_what_encodes_an_item_cites_its_clause(item: str) -> None:
    instrument, clause = STATED[item]["instrument"], STATED[item]["clause"]
    if instrument == COMPILED:
        assert all(PARTS[name].cites for name in WHERE["encoded"][item])
    elif item == "fire2017-5-2":
        # One item of chapter 6 is enough: each of its rules is a major hidden hazard by itself.
        chapter = {name for name in PARTS if name.startswith("fire.2017.6-")}
        assert set(WHERE["encoded"][item]) == chapter
        assert {PARTS[name].source["kind"] for name in chapter} == {"major_hidden_hazard"}
    else:
        for name in WHERE["encoded"][item]:
            assert (instrument, clause) in PARTS[name].cites, name


def test_every_rule_encodes_an_item() -> None:
    rules = {part.id for part in PARTS.values() if "rule" in part.source}
    assert rules - {name for names in WHERE["encoded"].values() for name in names} == set()


def test_recalled_items_are_marked_recalled() -> None:
    for item, names in WHERE["encoded"].items():
        stated = STATED[item]
        if stated["status"] != "recalled" or stated["instrument"] == COMPILED:
            continue
        for name in names:
            for cite in _list(PARTS[name].source["cite"]):
                if (cite["instrument"], cite["clause"]) == (stated["instrument"], stated["clause"]):
                    held = cite.get("status", INSTRUMENTS[cite["instrument"]].get("status", "transcription"))
                    assert held == "recalled", (item, name)


def _list(cite: Any) -> list[dict[str, str]]:
    return cite if isinstance(cite, list) else [cite]


def test_every_instrument_of_the_reference_is_declared_with_its_dates() -> None:
    for stated in REFERENCED["instruments"]:
        if stated["id"] in NOT_DECLARED:
            continue
        force = INSTRUMENTS[stated["id"]]["in_force"]
        if len(stated["effective"]) == 10:
            assert force["from"] == stated["effective"], stated["id"]
        else:
            assert force["confirmed"] == "false", stated["id"]


# The clauses that 5.3.3 a) and b) name, and the number of clauses of chapter 7 (7.5 has no subclause).
_SET_A = {*(f"7.3.{n}" for n in range(1, 10)), "7.5", "7.9.3"}
_SET_B = {"7.1.1", "7.1.2", "7.1.3", "7.4.5", "7.4.6"}
_CHAPTER_7 = {"7.1": 4, "7.2": 3, "7.3": 12, "7.4": 6, "7.6": 3, "7.7": 3, "7.8": 2, "7.9": 5}


@pytest.mark.parametrize(
    ("tag", "clauses"),
    [
        ("5-3-3a", _SET_A),
        ("5-3-3b", _SET_B),
        (
            "ch7",
            {"7.5", *(f"{group}.{n}" for group, count in _CHAPTER_7.items() for n in range(1, count + 1))},
        ),
    ],
)
def test_counted_elements_are_those_of_the_clause_and_each_counts_once(tag: str, clauses: set[str]) -> None:
    tagged = [part.source for part in PARTS.values() if tag in part.source.get("tags", [])]
    assert sorted(rule["cite"]["clause"] for rule in tagged) == sorted(clauses)
    assert {rule["kind"] for rule in tagged} == {"element"}
