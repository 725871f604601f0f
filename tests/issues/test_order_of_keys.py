"""The order of the keys in the input changes nothing of the result, to the byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engines import loaded

SITE = Path(__file__).parents[2] / "examples" / "chlor_alkali_lpg" / "site.yaml"


def _backwards(of: Any) -> Any:
    if isinstance(of, dict):
        return {key: _backwards(of[key]) for key in reversed(of)}
    return [_backwards(item) for item in of] if isinstance(of, list) else of


def test_keys_backwards_give_the_same_bytes() -> None:
    engine = loaded("chemicals")
    site = yaml.load(SITE.read_text("utf-8"), yaml.CSafeLoader)
    assert engine.assess(_backwards(site)).to_json() == engine.assess(site).to_json()


@pytest.mark.parametrize(
    "record",
    [
        {"name": "氯", "名称": "氨", "quantity": 1},
        {"quantity": 1, "数量": 2, "name": "氯"},
    ],
)
def test_a_fact_under_two_names_is_told_in_one_order(record: dict[str, Any]) -> None:
    engine = loaded("chemicals")
    turned = dict(reversed(list(record.items())))
    one, other = (engine.assess({"unit": {"id": "U", "substances": [each]}}) for each in (record, turned))
    assert one.to_json() == other.to_json()


def test_a_list_under_two_names_is_told_in_one_order() -> None:
    engine = loaded("chemicals")
    lists = {"units": [{"id": "a"}], "单元": [{"id": "b"}]}
    one, other = ({"enterprise": each} for each in (lists, dict(reversed(list(lists.items())))))
    assert engine.assess(one).to_json() == engine.assess(other).to_json()


def test_top_level_keys_are_told_in_one_order() -> None:
    engine = loaded("chemicals")
    facts = {
        "enterprise": {"name": "x", "chemical_activities": ["production"]},
        "unit": [{"id": "U"}],
        "企业": {"name": "y"},
    }
    turned = dict(reversed(list(facts.items())))
    assert engine.assess(facts).to_json() == engine.assess(turned).to_json()
