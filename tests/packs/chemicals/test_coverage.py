"""Every determination of the reference that is checked or recalled is encoded, or says why it is none."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.packs.parts import ROOT, parts, read, where

PACK = ROOT / "packs/chemicals/dualprev_pack_chemicals"
REFERENCED = read(ROOT / "tests/reference/chemicals.yaml")
WHERE = where(PACK)
PARTS = parts(PACK)
STATED = {item["id"]: item for item in REFERENCED["items"] if item["status"] != "uncertain"}
# Clauses that two items share under one wording; the item itself names the second in brackets.
_CLAUSES = {"第4项（另见 AQ 3067-2026 5.5.3、5.5.4）": "第4项"}


def test_every_stated_item_is_encoded_or_says_why_it_is_no_determination() -> None:
    named = [*WHERE["encoded"], *WHERE["declared"], *WHERE["no_determination"]]
    assert [name for name, count in Counter(named).items() if count > 1] == []
    assert set(named) == set(STATED)
    assert all(len(reason) > 5 for reason in WHERE["no_determination"].values())


def test_the_share_encoded_does_not_fall() -> None:
    assert len(WHERE["encoded"]) >= 171
    assert len(WHERE["no_determination"]) <= 2


def test_uncertain_items_decide_nothing() -> None:
    uncertain = [item for item in REFERENCED["items"] if item["status"] == "uncertain"]
    clauses = {(item["instrument"], item["clause"]) for item in uncertain}
    stated = {(item["instrument"], item["clause"]) for item in STATED.values()}
    cited = {cite for part in PARTS.values() for cite in part.cites}
    assert cited & (clauses - stated) == set()


@pytest.mark.parametrize("item", STATED)
def test_what_encodes_an_item_cites_its_clause(item: str) -> None:
    if item not in WHERE["encoded"]:
        return
    instrument, clause = STATED[item]["instrument"], STATED[item]["clause"]
    for name in WHERE["encoded"][item]:
        assert (instrument, _CLAUSES.get(clause, clause)) in PARTS[name].cites, name


def test_every_rule_encodes_an_item_or_a_table() -> None:
    tables = {(table["instrument"], table["clause"]) for table in REFERENCED["tables"].values()}
    rules = {part.id for part in PARTS.values() if "rule" in part.source and not part.cites & tables}
    encoded = {name for names in WHERE["encoded"].values() for name in names}
    assert rules - encoded == set()


def test_recalled_items_are_marked_recalled() -> None:
    for item, names in WHERE["encoded"].items():
        stated = STATED[item]
        statuses = {
            cite.get("status")
            for name in names
            for cite in _list(PARTS[name].source["cite"])
            if (cite["instrument"], cite["clause"]) == (stated["instrument"], stated["clause"])
        }
        recalled = _of_instrument(stated["instrument"]) == "recalled"
        if stated["status"] == "recalled" and not recalled and stated["clause"] not in _ALSO_CHECKED:
            assert statuses == {"recalled"}, item


# An item of the same clause is checked: the note of the part says which of its figures is recalled.
_ALSO_CHECKED = {"确定流程"}


def _list(cite: object) -> list[dict[str, str]]:
    return cite if isinstance(cite, list) else [cite]  # type: ignore[list-item]


def _of_instrument(name: str) -> str:
    [found] = [one for one in read(PACK / "pack.yaml")["instruments"] if one["id"] == name]
    return found.get("status", "transcription")


def test_every_instrument_of_the_reference_is_declared_with_its_dates() -> None:
    declared = {one["id"]: one for one in read(PACK / "pack.yaml")["instruments"]}
    for stated in REFERENCED["instruments"]:
        made = declared[stated["id"]]
        assert made["number"] == stated["number"]
        day = stated["effective"]
        if day not in ("null", ""):
            assert made["in_force"]["from"].startswith(day), stated["id"]
        if day == "null" or len(day) < 10:
            assert made["in_force"]["confirmed"] == "false", stated["id"]
        if stated["in_force"] == "false":
            assert "replaced_on" in made["in_force"]


def test_the_readme_gives_the_numbers_of_today() -> None:
    text = (PACK.parent / "README.md").read_text(encoding="utf-8")
    cases = [case for path in PACK.glob("cases/**/*.yaml") for case in read(path)]
    rules = [part for part in PARTS.values() if "rule" in part.source]
    by_facts = [rule for rule in rules if rule.source["decided_by"] == "facts"]
    assert f"已核对或凭记忆 {len(STATED)} 条，编码 {len(WHERE['encoded'])} 条" in text
    assert f"规则 {len(rules)} 条" in text
    assert f"其中 {len(by_facts)} 条由事实判断" in text
    assert f"用例 {len(cases)} 个，{sum(len(case['expect']) for case in cases):,} 个期望" in text


def test_every_yes_or_no_fact_has_its_question() -> None:
    entities = read(PACK / "facts.yaml")
    silent = [
        f"{entity}.{name}"
        for entity, declared in entities.items()
        for name, attribute in (declared.get("attributes") or {}).items()
        if attribute["type"] == "bool" and "ask" not in attribute
    ]
    assert silent == []
