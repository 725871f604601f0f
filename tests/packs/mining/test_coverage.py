"""Every determination of the reference that is checked or recalled is encoded, or says why it is none."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.packs.parts import ROOT, parts, read, where

PACK = ROOT / "packs/mining/dualprev_pack_mining"
REFERENCED = read(ROOT / "tests/reference/mining.yaml")
WHERE = where(PACK)
PARTS = parts(PACK)
STATED = {item["id"]: item for item in REFERENCED["items"] if item["status"] != "uncertain"}
INSTRUMENTS = {one["id"]: one for one in read(PACK / "pack.yaml")["instruments"]}
CRITERIA = {
    "coal-major-hazard-2026": 123,
    "coal-major-hazard-2020": 81,
    "noncoal-major-hazard-2022": 143,
    "noncoal-major-hazard-2024-supp": 8,
}
_LEAST_ENCODED, _MOST_UNDECIDED = 538, 4


def test_every_stated_item_is_encoded_or_says_why_it_is_no_determination() -> None:
    named = [*WHERE["encoded"], *WHERE["declared"], *WHERE["no_determination"]]
    assert [name for name, count in Counter(named).items() if count > 1] == []
    assert set(named) == set(STATED)
    assert all(len(reason) > 5 for reason in WHERE["no_determination"].values())


def test_every_table_is_encoded_or_says_why_it_is_no_determination() -> None:
    assert {*WHERE["tables"], *WHERE["tables_no_determination"]} == set(REFERENCED["tables"])
    assert set(WHERE["tables"]) & set(WHERE["tables_no_determination"]) == set()


def test_the_share_encoded_does_not_fall() -> None:
    assert len(WHERE["encoded"]) + len(WHERE["declared"]) >= _LEAST_ENCODED
    assert len(WHERE["no_determination"]) <= _MOST_UNDECIDED


@pytest.mark.parametrize("instrument", CRITERIA)
def test_all_determinations_of_the_criteria_are_rules(instrument: str) -> None:
    items = [name for name, item in STATED.items() if item["instrument"] == instrument]
    assert len(items) == CRITERIA[instrument]
    for name in items:
        kinds = {PARTS[part].source.get("kind") for part in WHERE["encoded"][name]}
        assert "major_hidden_hazard" in kinds, name


def test_uncertain_items_decide_nothing() -> None:
    uncertain = {item["id"] for item in REFERENCED["items"] if item["status"] == "uncertain"}
    assert uncertain & {*WHERE["encoded"], *WHERE["no_determination"]} == set()
    # Article 94's wait is the Regulations' too, and is encoded from there.
    found = re.compile(r"mine\.(rb2026\.(94|95|102)|coal-ban1\.20|headcount)")
    assert not [name for name in PARTS if found.match(name)]


@pytest.mark.parametrize("item", WHERE["encoded"])
def test_what_encodes_an_item_cites_its_clause(item: str) -> None:
    stated = STATED[item]
    for name in WHERE["encoded"][item]:
        cites = PARTS[name].cites
        if name.startswith("mine."):
            assert stated["instrument"] in {instrument for instrument, _ in cites}, name
        article = re.fullmatch(r"Art\. (\d+)(?:\((\d+)\))?", stated["clause"])
        if name.startswith("mine.") and article is not None:
            clause = f"第{article[1]}条" + (f"第{article[2]}项" if article[2] else "")
            own = {cited for instrument, cited in cites if instrument == stated["instrument"]}
            # Article 324 of the Regulations gives its second figure in Article 325.
            assert all(cited.startswith(clause) or cited == "第325条" for cited in own), name
        if name.startswith("mine.nc20") and re.search(r"\.[uot]\d", name):
            assert all(cited.startswith(stated["clause"]) for _, cited in cites), name


def test_every_rule_encodes_an_item_or_a_table() -> None:
    rules = {part.id for part in PARTS.values() if "rule" in part.source}
    named = {name for group in ("encoded", "tables") for names in WHERE[group].values() for name in names}
    assert rules - named == set()
    assert named <= set(PARTS)


def test_recalled_items_are_marked_recalled() -> None:
    for item, names in WHERE["encoded"].items():
        if STATED[item]["status"] != "recalled":
            continue
        for name in names:
            cite = PARTS[name].source["cite"]
            held = cite.get("status", INSTRUMENTS[cite["instrument"]]["status"])
            assert held == "recalled", (item, name)


def test_every_instrument_of_the_reference_is_declared_with_its_dates() -> None:
    for stated in REFERENCED["instruments"]:
        force = INSTRUMENTS[stated["id"]]["in_force"]
        if len(stated.get("effective", "")) == 10:
            assert force["from"] == stated["effective"], stated["id"]
        elif stated["id"] != "coal-standardisation-2017":
            assert force["confirmed"] == "false", stated["id"]


def test_order_21_follows_order_4_without_a_gap() -> None:
    assert INSTRUMENTS["coal-major-hazard-2020"]["in_force"]["replaced_on"] == "2026-07-01"
    assert INSTRUMENTS["coal-major-hazard-2026"]["in_force"]["from"] == "2026-07-01"


def test_titles_and_ids_are_unique() -> None:
    rules = [part.source for part in PARTS.values() if "rule" in part.source]
    for language in ("zh", "en"):
        titles = Counter(rule["title"][language] for rule in rules)
        assert [title for title, count in titles.items() if count > 1] == []
