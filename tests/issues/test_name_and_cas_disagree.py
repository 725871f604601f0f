"""A CAS number that is not that of the substance named is a data problem; both readings stay possible."""

from __future__ import annotations

from typing import Any

from dualprev_rules import Result
from tests.engines import loaded

ENGINE = loaded("chemicals")


def _assess(**substance: Any) -> Result:
    return ENGINE.assess(
        {"unit": {"id": "U1", "substances": [{"quantity": 5, "categories": [], **substance}]}}
    )


def test_chlorine_with_the_number_of_water() -> None:
    result = _assess(name="氯", cas="7732-18-5")
    assert "result.keys-disagree" in {problem.code for problem in result.data_problems}
    assert result.derived["unit[U1].is_major_hazard_installation"].open


def test_another_name_of_chlorine_is_no_disagreement() -> None:
    result = _assess(name="液态氯（贸易名）", cas="7782-50-5")
    assert result.data_problems == ()
    assert result.derived["unit[U1].s_value"].value == "1"


def test_a_row_without_a_number_of_its_own_says_nothing_of_it() -> None:
    result = _assess(name="烷基铝", cas="97-93-8")
    assert result.data_problems == ()
    assert result.derived["unit[U1].s_value"].value == "5"
