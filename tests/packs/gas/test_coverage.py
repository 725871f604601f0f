"""Every determination of the reference that is checked or recalled is encoded, or says why it is none."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.packs.parts import ROOT, parts, read, where

PACK = ROOT / "packs/gas/dualprev_pack_gas"
REFERENCED = read(ROOT / "tests/reference/gas.yaml")
WHERE = where(PACK)
PARTS = parts(PACK)
RULES = [part.source for part in PARTS.values() if "rule" in part.source]
STATED = {item["id"]: item for item in REFERENCED["items"] if item["status"] != "uncertain"}
INSTRUMENTS = {one["id"]: one for one in read(PACK / "pack.yaml")["instruments"]}
# Other packs declare these instruments too, with what they encode of them: here they have ids of their own.
NAMED = {"safety-law-2021": "safety-law-2021-gas", "highrise-5": "highrise-5-gas"}


def clause(item: dict[str, Any]) -> tuple[str, str]:
    """Return instrument and clause of an item as the pack cites them."""
    instrument = str(item["instrument"])
    return NAMED.get(instrument, instrument), str(item["clause"])


def test_every_stated_item_is_encoded_declared_or_says_why_it_is_no_determination() -> None:
    named = [*WHERE["encoded"], *WHERE["declared"], *WHERE["no_determination"]]
    assert [name for name, count in Counter(named).items() if count > 1] == []
    assert set(named) == set(STATED)
    assert all(len(reason) > 5 for reason in WHERE["no_determination"].values())


def test_the_list_has_every_item_as_it_stands_in_the_reference() -> None:
    listed = {
        one["item"]: (of["instrument"], one["clause"], one.get("status", "checked"))
        for of in read(PACK / "coverage.yaml")
        for one in of["stated"]
    }
    assert listed == {item["id"]: (*clause(item), item["status"]) for item in REFERENCED["items"]}


def test_the_share_encoded_does_not_fall() -> None:
    assert len(WHERE["encoded"]) + len(WHERE["declared"]) >= _LEAST_ENCODED
    assert len(WHERE["no_determination"]) <= _MOST_UNDECIDED


_LEAST_ENCODED, _MOST_UNDECIDED = 120, 7


def test_only_fines_a_work_plan_and_a_table_of_contents_decide_nothing() -> None:
    fines = {"gas-reg-45", "gas-reg-46", "gas-reg-49", "gas-reg-50", "law-art99-8"}
    assert set(WHERE["no_determination"]) == fines | {"gas-campaign-stages", "gb15322-parts"}
    liabilities = {
        (r["liability"]["instrument"], r["liability"]["clause"]) for r in RULES if "liability" in r
    }
    assert {clause(STATED[fine]) for fine in fines} == liabilities


def test_what_is_only_declared_is_the_first_day() -> None:
    assert WHERE["declared"] == {"gas2023-11": "gas-major-2023"}
    assert INSTRUMENTS["gas-major-2023"]["in_force"]["from"] == "2023-09-21"


def test_uncertain_items_decide_nothing() -> None:
    uncertain = {clause(item) for item in REFERENCED["items"] if item["status"] == "uncertain"}
    assert len(uncertain) == 3
    cited = {cite for part in PARTS.values() for cite in part.cites}
    assert cited & uncertain == set()


def test_what_is_not_encoded_is_cited_by_nothing() -> None:
    cited = {instrument for part in PARTS.values() for instrument, _ in part.cites}
    assert cited & {name for name, one in INSTRUMENTS.items() if one["encoded"] == "none"} == set()


@pytest.mark.parametrize("item", WHERE["encoded"])
def test_what_encodes_an_item_cites_its_clause(item: str) -> None:
    for name in WHERE["encoded"][item]:
        assert clause(STATED[item]) in PARTS[name].cites, name


def test_every_rule_encodes_an_item() -> None:
    encoding = {name for names in WHERE["encoded"].values() for name in names}
    assert {rule["rule"] for rule in RULES} - encoding == set()


def test_recalled_items_are_marked_recalled() -> None:
    for item, names in WHERE["encoded"].items():
        if STATED[item]["status"] != "recalled":
            continue
        for name in names:
            for cite in _list(PARTS[name].source["cite"]):
                if (cite["instrument"], cite["clause"]) == clause(STATED[item]):
                    assert _status(cite) == "recalled", (item, name)


def test_checked_items_are_not_marked_recalled() -> None:
    for item, names in WHERE["encoded"].items():
        if STATED[item]["status"] != "checked":
            continue
        marks = [_status(c) for name in names for c in _list(PARTS[name].source["cite"])]
        assert "transcription" in marks, item


def _status(cite: dict[str, str]) -> str:
    return str(cite.get("status") or INSTRUMENTS[cite["instrument"]].get("status", "transcription"))


def _list(cite: Any) -> list[dict[str, str]]:
    return cite if isinstance(cite, list) else [cite]


def test_every_instrument_of_the_reference_is_declared_with_its_dates() -> None:
    for stated in REFERENCED["instruments"]:
        one = INSTRUMENTS[NAMED.get(stated["id"], stated["id"])]
        assert one["number"] == stated["number"]
        if len(stated["effective"]) == 10:
            assert one["in_force"]["from"] == stated["effective"], stated["id"]
        if len(stated["effective"]) != 10 or stated["status"] == "uncertain":
            assert one["in_force"]["confirmed"] == "false", stated["id"]


def test_every_rule_names_its_duty_holder() -> None:
    """The criteria are the operator's; what users, builders and others must do is theirs."""
    for rule in RULES:
        if rule["kind"] == "major_hidden_hazard":
            assert rule["duty_of"] == "燃气经营者", rule["rule"]
            assert "is_gas_operator" in rule["applies"], rule["rule"]
    assert {rule["duty_of"] for rule in RULES} == {
        "燃气经营者",
        "管道燃气经营者",
        "燃气用户",
        "单位燃气用户",
        "燃气用户和经营者",
        "餐饮单位",
        "餐饮等用气单位",
        "建设单位",
        "施工单位",
        "施工单位或行为人",
        "行为人",
    }


def test_user_faults_of_the_criteria_ask_for_the_notice() -> None:
    ninth = [rule for rule in RULES if rule["rule"].startswith("gas.mh2023.9-")]
    assert len(ninth) == 4
    assert all(rule["violated"].endswith("and left_without_notice") for rule in ninth)


def test_checklists_have_sixty_items_that_say_what_counts_as_evidence() -> None:
    lists = [read(path) for path in sorted(PACK.glob("checklists/*.yaml"))]
    items = [item for one in lists for item in one["items"]]
    assert len(items) >= 60
    assert all(item["settles"] and item["feeds"] and item["evidence"] for item in items)
    assert len({item["ask"]["zh"] for item in items}) == len(items)
    assert {one["inspection"] for one in lists} == {
        "日常排查",
        "综合性排查",
        "专业性排查",
        "季节性排查",
        "重点时段及节假日前排查",
        "事故类比排查",
        "复产复工前排查",
    }
    assert {"公司", "车间", "班组", "岗位"} <= {one["level"] for one in lists}


def test_titles_and_citations_are_unique() -> None:
    cited = [(c["instrument"], c["clause"], rule.get("part")) for rule in RULES for c in _list(rule["cite"])]
    for names in ([r["title"]["zh"] for r in RULES], [r["title"]["en"] for r in RULES], cited):
        assert [name for name, count in Counter(names).items() if count > 1] == []
