"""A row of a table that is named and is not that of name and CAS number is told, and decides nothing."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules import Result
from tests.engines import loaded

ENGINE = loaded("chemicals")


def _assess(**substance: Any) -> Result:
    facts = {"unit": {"id": "U1", "substances": [{"quantity": 500, "categories": [], **substance}]}}
    return ENGINE.assess(facts)


def _codes(result: Result) -> list[str]:
    return [problem.code for problem in result.data_problems]


def _is_installation(result: Result) -> Any:
    return result.derived["unit[U1].is_major_hazard_installation"].value


@pytest.mark.parametrize("more", [{}, {"combustible_percent": "0.1"}, {"combustible_percent": 5}])
def test_every_ammonium_nitrate_is_of_row_43_or_44(more: dict[str, Any]) -> None:
    result = _assess(name="硝酸铵", cas="6484-52-2", entry="none", **more)
    assert _is_installation(result) is True
    assert _codes(result) == ["result.row-ignored"]


def test_none_is_told_where_it_is_not_heard() -> None:
    assert _codes(_assess(name="氯", cas="7782-50-5", entry="none")) == ["result.row-ignored"]


def test_a_row_that_there_is_not_is_told() -> None:
    result = _assess(name="氯", cas="7782-50-5", entry="1000")
    assert _codes(result) == ["facts.not-a-member"]
    assert _is_installation(result) is True


def test_the_row_of_another_substance_leaves_both_possible() -> None:
    result = _assess(name="氯", cas="7782-50-5", quantity=7, entry="1")
    assert _codes(result) == ["result.row-both"]
    assert result.derived["unit[U1].s_value"].value == {"values": ["0.7", "1.4"]}


def test_a_row_for_what_the_table_lacks_leaves_both_possible() -> None:
    result = _assess(name="乙基异丙基甲酮", cas="565-69-5", entry="12")
    assert _codes(result) == ["result.row-both"]
    assert result.derived["unit[U1].is_major_hazard_installation"].open


def test_a_row_whose_condition_is_false_leaves_both_possible() -> None:
    result = _assess(name="硝化纤维素", cas="9004-70-0", quantity=5, entry="41", water_percent=5)
    assert _codes(result) == ["result.row-both"]
    assert result.derived["unit[U1].is_major_hazard_installation"].value is not False


def test_a_row_that_is_named_takes_none_away_that_surely_holds() -> None:
    result = _assess(name="硝酸铵", cas="6484-52-2", quantity=5, entry="44", combustible_percent=5)
    assert result.derived["unit[U1].s_value"].value == {"values": ["0.1", "1"]}


def test_a_name_of_its_own_may_stand_beside_a_row() -> None:
    assert _codes(_assess(name="液态氯（贸易名）", entry="12")) == []


def test_a_member_of_a_class_that_is_listed_by_its_class_is_found() -> None:
    assert _is_installation(_assess(name="三乙基铝", cas="97-93-8", quantity=1)) is True


def test_fertiliser_may_give_the_number_of_ammonium_nitrate() -> None:
    result = _assess(name="硝酸铵肥料", cas="6484-52-2", combustible_percent="0.1", quantity=100)
    assert _codes(result) == []
    assert result.derived["unit[U1].s_value"].value == "0.5"


def test_one_contradiction_is_told_once() -> None:
    assert _codes(_assess(name="氯", cas="7732-18-5")) == ["result.keys-disagree"]
