"""A depot made up for tests: a pack with checklists, and a site with two areas."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from dualprev_rules import Engine
from dualprev_rules.control import Answer
from dualprev_rules.facts import Reader
from dualprev_rules.facts.reading import Opened

DAY = date(2026, 11, 21)
ENGINE = Engine.load(packs=[str(Path(__file__).with_name("depot"))], as_of=DAY, cache=False)
SOUTH, NORTH = "enterprise.areas[S].units[U2]", "enterprise.areas[N].units[U1]"


def site() -> dict[str, Any]:
    """Return the facts: little is known of them."""
    point = {"id": "R1", "method": "lec", "L": "10", "E": "10", "C": "15", "owner": "甲", "name": "围堰"}
    return {
        "enterprise": {
            "name": "测试仓库",
            "risk_points": [],
            "persons": [],
            "posts": [],
            "areas": [
                {
                    "id": "S",
                    "name": "南区",
                    "risk_points": [],
                    "units": [
                        {
                            "id": "U2",
                            "name": "二号库",
                            "owner": "乙",
                            "drums": 200,
                            "posts": [{"id": "P1", "name": "罐区巡检"}],
                            "tanks": [{"id": "T1", "name": "酸罐", "signs": []}, {"id": "T2", "signs": []}],
                            "risk_points": [point],
                        }
                    ],
                },
                {
                    "id": "N",
                    "name": "北区",
                    "units": [{"id": "U1", "name": "一号库", "tanks": [], "drums": 3}],
                },
            ],
        }
    }


def opened(facts: dict[str, Any] | None = None) -> Opened:
    """Return the site, open for facts to be put into it."""
    return Reader(ENGINE.ruleset.schema).open(facts or site(), as_of=DAY)


def answer(record: str = SOUTH, fact: str | None = "has_bund", **given: Any) -> Answer:
    """Return an answer: yes, by 张三, at nine."""
    said: dict[str, Any] = {
        "looked": "value",
        "value": True,
        "by": "张三",
        "at": datetime.fromisoformat("2026-11-21T09:00:00+08:00"),
    }
    return Answer(record=record, fact=fact, **(said | given))


def at(time: str) -> datetime:
    """Return a moment on the clock of the site."""
    return datetime.fromisoformat(f"{time}+08:00")
