"""Every determination of the reference that is checked or recalled is encoded, or says why it is none."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.packs.construction.where import (
    DECLARED,
    ENCODED,
    IN_TABLES,
    INSTRUMENTS,
    ITEMS,
    METHODS,
    NO_DETERMINATION,
    PARTS,
    REFERENCED,
    STATED,
    TABLES,
    TABLES_NO_DETERMINATION,
)

# A common practice, no document: its scores are a grading method.
NOT_DECLARED = {"lec-practice"}
CRITERIA = {"constr-major-2024": 57, "constr-major-2022": 34, "mohurd-2024-63": 10}
_LEAST_ENCODED, _MOST_UNDECIDED = 372, 12


def test_every_stated_item_is_encoded_declared_or_says_why_it_is_no_determination() -> None:
    named = [*ENCODED, *DECLARED, *NO_DETERMINATION]
    assert [name for name, count in Counter(named).items() if count > 1] == []
    assert set(named) == {*STATED, "constr2024-item-counts"}
    assert all(len(reason) > 5 for reason in NO_DETERMINATION.values())


def test_every_table_is_encoded_or_says_why_it_is_no_determination() -> None:
    stated = {name for name, table in TABLES.items() if table["status"] != "uncertain"}
    assert {*IN_TABLES, *TABLES_NO_DETERMINATION, "constr2024-item-counts"} == stated
    assert set(IN_TABLES) & set(TABLES_NO_DETERMINATION) == set()


def test_the_share_encoded_does_not_fall() -> None:
    assert len(ENCODED) + len(DECLARED) >= _LEAST_ENCODED
    assert len(NO_DETERMINATION) <= _MOST_UNDECIDED


@pytest.mark.parametrize("instrument", CRITERIA)
def test_all_determinations_of_the_criteria_are_encoded(instrument: str) -> None:
    items = [
        name
        for name, item in STATED.items()
        if item["instrument"] == instrument and item["kind"] == "major_hazard"
    ]
    assert len(items) == CRITERIA[instrument]
    for name in items:
        kinds = {PARTS[part].source.get("kind") for part in ENCODED[name]}
        # A listed defect of a plan is a fact that article 4(4) judges.
        assert kinds == {None if instrument == "mohurd-2024-63" else "major_hidden_hazard"}, name


def test_articles_have_as_many_items_as_the_criteria_of_2024() -> None:
    clauses = {item["clause"] for item in ITEMS.values() if item["instrument"] == "constr-major-2024"}
    top = {clause for clause in clauses if clause[-1] in "）条"}
    for row in TABLES["constr2024-item-counts"]["rows"]:
        article = f"第{row['article']}条"
        assert sum(clause.startswith(article) for clause in top) == int(row["items"]), article


def test_uncertain_items_decide_nothing() -> None:
    uncertain = {name for name, item in ITEMS.items() if item["status"] == "uncertain"}
    assert uncertain & {*ENCODED, *DECLARED, *NO_DETERMINATION} == set()
    clauses = {(ITEMS[name]["instrument"], ITEMS[name]["clause"]) for name in uncertain}
    stated = {(item["instrument"], item["clause"]) for item in STATED.values()}
    cited = {cite for part in PARTS.values() for cite in part.cites}
    assert cited & (clauses - stated) == set()


def test_instruments_not_seen_are_not_cited() -> None:
    cited = {instrument for part in PARTS.values() for instrument, _ in part.cites}
    assert cited & {name for name, one in INSTRUMENTS.items() if one["encoded"] == "none"} == set()


# An item of the general limits whose clause names an instrument of its own.
_NAMED_IN_THE_CLAUSE = {"confined-o2-range": ("mohurd-2025-45", "3.4.2 表2")}


@pytest.mark.parametrize("item", ENCODED)
def test_what_encodes_an_item_cites_its_clause(item: str) -> None:
    stated = STATED[item]
    if stated["instrument"] in NOT_DECLARED:
        assert not any(PARTS[name].cites for name in ENCODED[item])
        return
    wanted, clause = _NAMED_IN_THE_CLAUSE.get(item, (stated["instrument"], stated["clause"]))
    for name in ENCODED[item]:
        own = {cited for instrument, cited in PARTS[name].cites if instrument == wanted}
        assert any(_same_clause(cited, clause) for cited in own), (name, own)


def _same_clause(cited: str, stated: str) -> bool:
    """Tell whether two clauses are one, or one a part of the other."""
    return cited.startswith(stated) or stated.startswith(cited) or cited in stated.split("、")


def test_every_rule_encodes_an_item_or_a_table() -> None:
    rules = {name for name, part in PARTS.items() if "rule" in part.source}
    named = {name for group in (ENCODED, IN_TABLES) for names in group.values() for name in names}
    assert rules - named == set()
    assert named <= {*PARTS, *METHODS}


def test_recalled_items_are_marked_recalled() -> None:
    for item, names in ENCODED.items():
        if STATED[item]["status"] != "recalled":
            continue
        for name in names:
            cite = PARTS[name].source["cite"]
            cites = [c for c in _listed(cite) if c["instrument"] == STATED[item]["instrument"]]
            held = {c.get("status", INSTRUMENTS[c["instrument"]]["status"]) for c in cites}
            assert "recalled" in held, (item, name)


def _listed(cite: object) -> list[dict[str, str]]:
    return cite if isinstance(cite, list) else [cite]  # pyright: ignore[reportReturnType, reportUnknownVariableType]


def test_every_instrument_of_the_reference_is_declared_with_its_dates() -> None:
    for stated in REFERENCED["instruments"]:
        if stated["id"] in NOT_DECLARED:
            continue
        force = INSTRUMENTS[stated["id"]]["in_force"]
        if len(stated.get("effective", "")) == 10:
            assert force["from"] == stated["effective"], stated["id"]
        else:
            assert force["confirmed"] == "false", stated["id"]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("constr-major-2022", "constr-major-2024"),
        ("jianzhi-2009-87", "jianbanzhi-2018-31"),
        ("jgj-46-2005", "jgjt-46-2024"),
    ],
)
def test_editions_follow_without_a_gap(older: str, newer: str) -> None:
    assert INSTRUMENTS[older]["in_force"]["replaced_on"] == INSTRUMENTS[newer]["in_force"]["from"]
    assert INSTRUMENTS[newer]["supersedes"] == [older]


def test_titles_are_unique_and_every_rule_names_its_duty_holder() -> None:
    rules = [part.source for part in PARTS.values() if "rule" in part.source]
    for language in ("zh", "en"):
        titles = Counter(rule["title"][language] for rule in rules)
        assert [title for title, count in titles.items() if count > 1] == []
    assert all(rule["duty_of"].strip() for rule in rules)
