"""A null says that a fact is not known, even where not mentioning it says that there is none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engines import loaded

ENGINE = loaded("chemicals")
CHLORINE = {"name": "氯", "cas": "7782-50-5", "quantity": 6}


def _s_value(**further: Any) -> Any:
    facts = {"unit": {"id": "U1", "substances": [{**CHLORINE, **further}]}}
    return ENGINE.assess(facts).derived["unit[U1].s_value"].value


def test_a_quantity_is_the_design_maximum_where_its_basis_is_not_mentioned() -> None:
    assert _s_value() == "1.2"  # 6 t of 5 t


@pytest.mark.parametrize("nothing", [None, {"value": None}])
def test_a_basis_given_as_null_leaves_the_quantity_open(nothing: Any) -> None:
    assert _s_value(quantity_basis=nothing) != "1.2"


def test_present_stock_is_a_lower_bound() -> None:
    assert _s_value(quantity_basis="present_stock")["low"] == "1.2"
