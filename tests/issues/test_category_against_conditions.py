"""A category of a flammable liquid that its working conditions contradict leaves the stricter possible."""

from __future__ import annotations

from typing import Any

import pytest

from dualprev_rules import Result
from tests.engines import loaded

ENGINE = loaded("chemicals")
KETONE = {"name": "乙基异丙基甲酮", "cas": "565-69-5"}
HOT = {"boiling_point": 100, "working_temperature": 150}


def _judged(**substance: Any) -> Result:
    return ENGINE.assess({"unit": {"id": "U1", "kind": "storage", "substances": [KETONE | substance]}})


@pytest.mark.parametrize(
    ("substance", "s_value"),
    [
        ({"quantity": 60, "categories": ["W5.3"], **HOT}, {"values": ["0.06", "6"]}),
        ({"quantity": 20, "categories": ["W5.2"], **HOT}, {"values": ["0.4", "2"]}),
        ({"quantity": 50, "categories": ["W5.3"], "in_hazardous_process": True}, {"values": ["0.05", "1"]}),
        ({"quantity": 60, "categories": ["W5.3"]}, "0.06"),
    ],
)
def test_both_stay_possible(substance: dict[str, Any], s_value: Any) -> None:
    result = _judged(**substance)
    assert result.derived["unit[U1].s_value"].value == s_value
    told = [fault.code for fault in result.data_problems]
    assert told == ([] if isinstance(s_value, str) else ["result.keys-disagree"])


@pytest.mark.parametrize(
    "substance",
    [
        {"name": "氯", "cas": "7782-50-5", "in_hazardous_process": True},
        {"name": "氯", "cas": "7782-50-5", "in_hazardous_process": True, "categories": []},
        {"name": "丙烯", "cas": "115-07-1", "categories": ["W2"], "working_pressure": "1.9 MPa"},
        {"categories": ["W5.1"], "in_hazardous_process": True},
    ],
)
def test_what_is_no_flammable_liquid_of_the_table_is_not_accused(substance: dict[str, Any]) -> None:
    assert not _judged(quantity=6, **HOT, **substance).data_problems


def test_the_facts_that_disagree_are_asked() -> None:
    document = _judged(quantity=60, categories=["W5.3"], **HOT).document()
    asked = {
        path.rpartition(".")[2]
        for finding in document["findings"]
        if finding["rule"] == "chem.mh2026.5-7-3c"
        for path in finding["missing"]
    }
    assert {"categories", "boiling_point", "working_temperature"} <= asked
