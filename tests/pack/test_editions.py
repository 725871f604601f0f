"""What holds on which day: editions side by side, standings, and instruments that bind by a date fact."""

from __future__ import annotations

from datetime import date

import pytest

from dualprev_rules.pack import Rule, Ruleset
from tests.pack.packs import FIXTURES, load

PACK = FIXTURES / "packs" / "editions"


def _on(day: str) -> Ruleset:
    return load(PACK, day=date.fromisoformat(day))


def _rule(day: str, rule: str) -> Rule:
    return _on(day).rules[rule]


@pytest.mark.parametrize(
    ("day", "held"),
    [("2019-02-28", "id-2009"), ("2019-03-01", None), ("2029-12-31", None)],
)
def test_an_edition_holds_from_its_first_day_to_the_one_before_the_next(day: str, held: str | None) -> None:
    ruleset = _on(day)
    assert ruleset.definitions["building", "index"].not_encoded == held
    assert ruleset.definitions["building", "index"].body.text == "width / '5 m'"
    assert ruleset.rules["id.1"].standing == ("decides" if held is None else "guidance")
    assert ruleset.rules["id.1"].not_encoded == held


def test_the_next_edition_takes_over_on_its_day() -> None:
    ruleset = _on("2030-01-01")
    assert ruleset.definitions["building", "index"].body.text == "width / '6 m'"
    assert "id.1" not in ruleset.rules
    assert "limits" not in ruleset.tables


def test_a_table_of_an_edition_that_is_not_in_force_has_no_value() -> None:
    assert _on("2018-01-01").tables["limits"].not_encoded == "id-2009"
    assert _on("2020-01-01").tables["limits"].not_encoded is None


def test_what_a_rule_of_the_day_names_and_no_instrument_of_the_day_defines_has_no_value() -> None:
    ruleset = _on("2005-01-01")
    assert ruleset.rules["law.1"].standing == "decides"
    assert ruleset.definitions["building", "index"].not_encoded == "id-2018"
    assert "limits" not in ruleset.tables


def test_a_citation_is_as_sure_as_its_instrument_unless_it_says_otherwise() -> None:
    assert _on("2020-01-01").definitions["building", "index"].citations[0].status == "official"
    assert _on("2031-01-01").definitions["building", "index"].citations[0].status == "recalled"
    assert _on("2020-01-01").definitions["building", "index"].citations[0].clause == "4.10"


@pytest.mark.parametrize(
    ("day", "standings"),
    [
        ("2026-09-29", {"trial.1": "decides", "trial.2": "decides", "trial.3": "decides"}),
        ("2026-09-30", {"trial.1": "covered", "trial.2": "decides", "trial.3": "covered"}),
    ],
)
def test_where_not_covered(day: str, standings: dict[str, str]) -> None:
    rules = _on(day).rules
    assert {name: rules[name].standing for name in standings} == standings
    assert {rules[name].standing for name in ("standard.1", "standard.3") if name in rules} <= {"decides"}


def test_a_law_with_a_mere_duty_leaves_a_major_hidden_hazard_to_decide() -> None:
    assert _rule("2026-09-30", "law.1").kind == "requirement"
    assert _rule("2026-09-30", "trial.4").standing == "decides"


def test_an_edition_that_is_replaced_by_one_not_encoded_is_guidance() -> None:
    assert _rule("2025-10-31", "fire.1").standing == "decides"
    replaced = _rule("2025-11-01", "fire.1")
    assert (replaced.standing, replaced.not_encoded) == ("guidance", "fire-2025")


def test_what_does_not_bind_is_guidance() -> None:
    rule = _rule("2026-11-21", "guide.1")
    assert (rule.standing, rule.binding, rule.not_encoded) == ("guidance", False, None)


def test_a_rule_holds_while_one_of_its_instruments_does() -> None:
    assert [c.instrument for c in _rule("2020-01-01", "both.1").citations] == ["trial-2017"]
    assert [c.instrument for c in _rule("2027-01-01", "both.1").citations] == ["trial-2017", "standard-2026"]
    assert "both.1" not in _on("2017-11-12").rules


def _guard(day: str, rule: str) -> str | None:
    dated = _rule(day, rule).dated
    return dated.text if dated is not None else None


def test_a_building_follows_the_code_of_its_own_date() -> None:
    old = "building.approved_on >= '2006-12-01' and building.approved_on < '2015-05-01'"
    assert _guard("2026-11-21", "code-2006.1") == old
    assert _guard("2026-11-21", "code-2014.1") == "building.approved_on >= '2015-05-01'"


def test_after_the_transition_what_is_older_follows_too() -> None:
    assert "code-2006.1" in _on("2027-12-31").rules
    ruleset = _on("2028-01-01")
    assert "code-2006.1" not in ruleset.rules
    assert ruleset.rules["code-2014.1"].dated is None


def test_a_code_of_the_future_binds_nothing() -> None:
    rules = _on("2006-11-30").rules
    assert "code-2006.1" not in rules
    assert "code-2014.1" not in rules


def test_definitions_and_rules_stand_after_what_they_rest_on() -> None:
    order = _on("2020-01-01").order
    assert order.index("building.index") < order.index("building.is_wide") < order.index("law.1")


def test_rules_stand_in_the_order_of_the_files() -> None:
    assert list(_on("2026-11-21").rules)[:4] == ["law.1", "id.1", "trial.1", "trial.2"]


def test_loading_twice_gives_the_same() -> None:
    first, second = _on("2026-11-21"), _on("2026-11-21")
    assert first == second
    assert [p.hash for p in first.packs] == [p.hash for p in second.packs]
