"""What is proposed for a wrong name never says the opposite of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engines import loaded


def proposed(tank: dict[str, Any] | None = None, **unit: Any) -> list[tuple[str, str | None, str]]:
    """Return what is proposed for the data problems of a tank or of its unit."""
    made = {"id": "U1", **unit, "tanks": [{"id": "T1", **(tank or {})}]}
    facts = {"enterprise": {"id": "E1", "units": [made]}}
    return [(p.code, p.nearest, p.effect or "") for p in loaded("chemicals").assess(facts).data_problems]


@pytest.mark.parametrize(
    "key",
    [
        *(
            "无紧急切断",
            "未设紧急切断",
            "紧急切断缺失",
            "has_no_emergency_shutoff",
            "without_emergency_shutoff",
        ),
        *("emergency_shutoff_missing", "emergency_shutoff_fails", "emergency_shutoff_not_working"),
    ],
)
def test_a_denied_key_is_not_called_by_its_opposite(key: str) -> None:
    assert proposed({key: True}) == [("facts.unknown-key", None, "ignored")]


@pytest.mark.parametrize(
    "key",
    [
        *("is_not_in_service", "out_of_service", "未在役", "has_no_automatic_control", "没有自动化控制"),
        *("无自动化控制", "is_not_in_servise"),
    ],
)
def test_nor_is_a_denied_key_of_a_unit(key: str) -> None:
    assert proposed(None, **{key: True}) == [("facts.unknown-key", None, "ignored")]


@pytest.mark.parametrize("key", ["is_hydrous", "is_not_anhydrous", "非无水"])
def test_nor_one_whose_name_is_itself_a_denial(key: str) -> None:
    assert proposed(substances=[{"name": "氯", key: True}]) == [("facts.unknown-key", None, "ignored")]


@pytest.mark.parametrize(
    "given",
    [
        *({"kind": "非储存"}, {"kind": "non_storage"}, {"kind": "not storage"}, {"storage_kind": "非罐区"}),
        *({"substances": [{"name": "氯", "categories": ["非J1"]}]},),
        *({"substances": [{"name": "氯", "state": "非液化气体"}]},),
    ],
)
def test_a_denied_member_is_not_called_by_its_opposite(given: dict[str, Any]) -> None:
    assert [near for code, near, _ in proposed(**given) if code == "facts.not-a-member"] == [None]


def test_a_slip_is_still_led_to_the_name() -> None:
    [(_, key, _)] = proposed({"has_emergency_shutof": True})
    [(_, member, _)] = proposed(kind="storag")
    assert (key, member) == ("has_emergency_shutoff", "storage")
