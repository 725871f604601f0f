"""A CAS number with noughts before it is no CAS number, and leads to the one that is meant."""

from __future__ import annotations

from tests.engines import loaded


def test_the_number_that_is_meant_is_named() -> None:
    engine = loaded("chemicals")
    given = {"unit": {"id": "U1", "substances": [{"name": "氯", "cas": "0007782-50-5", "quantity": 5}]}}
    (fault,) = engine.assess(given).data_problems
    assert (fault.code, fault.nearest) == ("facts.cas", "7782-50-5")
    assert fault.fix("zh") == "去掉前面的 0：7782-50-5"
