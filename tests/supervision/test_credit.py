"""Credit and premiums: what the files say of given events and values on a day, to the day and exactly."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from dualprev_rules import DualprevError
from dualprev_rules.supervision.credit import Credit, Event, premium, read_credit, read_premium, standings


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


RULES = read_credit(
    {
        "kinds": [
            {"kind": "accident", "label": words("事故"), "blacklist_months": 12, "source": words("某市办法")},
            {"kind": "fine", "label": words("处罚"), "watch_months": 6, "source": words("某市办法")},
        ],
        "times_to_blacklist": 3,
    }
)


def on(day: str, *events: tuple[str, str]) -> Credit:
    made = [Event(enterprise="A", kind=kind, on=date.fromisoformat(when)) for kind, when in events]
    (found,) = standings(RULES, made, date.fromisoformat(day))
    return found


@pytest.mark.parametrize(
    ("day", "events", "standing", "until"),
    [
        ("2026-08-30", [("accident", "2025-08-31")], "blacklisted", "2026-08-31"),
        ("2026-08-31", [("accident", "2025-08-31")], "clear", None),
        ("2026-02-27", [("fine", "2025-08-31")], "watched", "2026-02-28"),
        ("2026-02-28", [("fine", "2025-08-31")], "clear", None),
        ("2026-03-01", [("fine", "2026-01-01"), ("fine", "2026-02-01")], "watched", "2026-08-01"),
        (
            "2026-03-01",
            [("fine", "2026-01-01"), ("fine", "2026-02-01"), ("fine", "2026-03-01")],
            "blacklisted",
            "2026-07-01",
        ),
        ("2026-03-01", [("fine", "2026-02-01"), ("accident", "2026-01-01")], "blacklisted", "2027-01-01"),
    ],
)
def test_a_standing_holds_to_the_day(
    day: str, events: list[tuple[str, str]], standing: str, until: str | None
) -> None:
    found = on(day, *events)
    assert (found.standing, found.until.isoformat() if found.until else None) == (standing, until)


def test_what_comes_later_does_not_count_and_what_has_no_rule_is_refused() -> None:
    assert (
        standings(RULES, [Event(enterprise="A", kind="accident", on=date(2026, 2, 1))], date(2026, 1, 1))
        == ()
    )
    with pytest.raises(DualprevError, match=r"supervision\.kind"):
        on("2026-01-01", ("acident", "2025-01-01"))


PREMIUM: dict[str, Any] = {
    "base": {"煤矿": "2.0", "工贸": "0.5"},
    "factors": [
        {"of": "standing", "value": "blacklisted", "times": "1.5"},
        {"of": "standard", "value": "一级", "times": "0.8"},
        {"of": "standard", "value": "未达标", "times": "1.2"},
    ],
    "least": "0.7",
    "most": "1.6",
    "source": words("某保险人条款"),
}


@pytest.mark.parametrize(
    ("known", "low", "high", "wanted"),
    [
        ({"standing": "clear", "standard": "一级"}, "1.6", "1.6", ()),
        ({"standing": "blacklisted", "standard": "一级"}, "2.4", "2.4", ()),
        ({"standing": "blacklisted", "standard": "未达标"}, "3.2", "3.2", ()),
        ({"standing": "clear", "standard": " 一级"}, "1.6", "1.6", ()),
        ({"standing": "ｂlacklisted", "standard": "一级"}, "2.4", "2.4", ()),
        ({"standing": "watched", "standard": "一级"}, "1.6", "1.6", ()),
        ({"standing": "clear"}, "1.6", "2.4", ("standard",)),
        ({}, "1.6", "3.2", ("standing", "standard")),
    ],
)
def test_a_premium_floats_within_its_bounds(
    known: dict[str, str], low: str, high: str, wanted: tuple[str, ...]
) -> None:
    found = premium(read_premium(PREMIUM), {"industry": "煤矿", **known})
    assert (found.low, found.high, found.wanted) == (Fraction(low), Fraction(high), wanted)


def test_a_premium_without_a_rate_or_with_crossed_bounds_is_refused() -> None:
    with pytest.raises(DualprevError, match=r"supervision\.rate"):
        premium(read_premium(PREMIUM), {"industry": "化工"})
    with pytest.raises(DualprevError, match=r"supervision\.bounds"):
        read_premium({**PREMIUM, "least": "2"})


@pytest.mark.parametrize(
    ("known", "codes"),
    [
        ({"standing": "blacklistd", "standard": "一级"}, ["factor"]),
        ({"standing": "clear", "standard": "三级"}, ["factor"]),
        ({"standing": "x", "standard": "y"}, ["factor", "factor"]),
    ],
)
def test_a_value_that_no_factor_has_is_told_and_not_taken_as_one(
    known: dict[str, str], codes: list[str]
) -> None:
    with pytest.raises(DualprevError) as told:
        premium(read_premium(PREMIUM), {"industry": "煤矿", **known})
    assert [fault.code for fault in told.value.problems] == [f"supervision.{code}" for code in codes]


def test_a_value_has_one_factor() -> None:
    twice = [*PREMIUM["factors"], {"of": "standing", "value": "ｂlacklisted", "times": "1.1"}]
    with pytest.raises(DualprevError, match=r"supervision\.factor-twice"):
        read_premium({**PREMIUM, "factors": twice})


def test_an_enterprise_is_one_however_its_id_is_spelt() -> None:
    events = [Event(enterprise=name, kind="fine", on=date(2026, 1, 1)) for name in ("Ｅ1 ", "E1", " E1")]
    (found,) = standings(RULES, events, date(2026, 2, 1))
    assert (found.enterprise, found.standing) == ("E1", "blacklisted")
