"""The row of a table that is named cannot hide what name and CAS number say."""

from __future__ import annotations

from typing import Any

from tests.engines import loaded

ENGINE = loaded("chemicals")


def _s_value(**substance: Any) -> Any:
    facts = {"unit": {"id": "U1", "substances": [{"quantity": 50, "categories": [], **substance}]}}
    return ENGINE.assess(facts).derived["unit[U1].s_value"].value


def test_none_does_not_take_chlorine_out_of_the_table() -> None:
    assert _s_value(name="氯", cas="7782-50-5", entry="none") == "10"


def test_none_is_heard_where_only_a_condition_lists_the_substance() -> None:
    assert _s_value(name="硝酸", cas="7697-37-2", entry="none") == "0"


def test_a_row_of_another_substance_is_not_taken() -> None:
    assert _s_value(name="硝化纤维素", cas="9004-70-0", entry="12") != "10"


def test_a_row_among_those_that_fit_is_taken() -> None:
    assert _s_value(name="硝化纤维素", cas="9004-70-0", entry="41") == "1"
