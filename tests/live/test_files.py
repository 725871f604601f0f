"""Warnings as files have them: what is wrong is told at its place, and what holds on the day is loaded."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules.engine import core_pack
from dualprev_rules.pack.live import Count, Disagreement, Form, Held, Rate, Silence
from dualprev_rules.pack.load import check_packs, load_ruleset
from tests.live.worlds import SECOND, pack
from tests.pack.packs import TODAY

WORDS = {"zh": "试", "en": "trial"}
BASE: dict[str, Any] = {
    "warning": "w",
    "title": WORDS,
    "for": "spot",
    "sensor": "a",
    "when": {"held": "30 s"},
    "alarm": "a >= 1",
    "cite": {"instrument": "i", "clause": "1"},
}
BACK = {"restore": "a < 1"}


def rising(by: str) -> dict[str, Any]:
    return {"when": {"rate": {"rise": by, "within": "1 min"}}, "alarm": None}


def found(folder: Path, **changes: Any) -> list[str]:
    spec = {key: value for key, value in {**BASE, **changes}.items() if value is not None}
    _, problems = check_packs([pack(folder / "pack", [spec])], None, TODAY, core=core_pack())
    return [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"sensor": "d"}, ["pack.unknown-attribute"]),
        ({"rule": "nowhere.1"}, ["pack.unknown-rule"]),
        ({"cite": None}, ["pack.no-citation"]),
        ({"alarm": "a >= ch4"}, ["lang.unknown-name"]),
        ({"alarm": "a + 1"}, ["lang.wrong-type"]),
        ({"place": "d > 1"}, ["lang.unknown-name"]),
        ({"alarm": None}, ["pack.missing-key"]),
        ({"escalate": "soon"}, ["pack.not-a-time"]),
        ({"when": {"held": "30"}}, ["pack.not-a-time"]),
        ({"when": {"held": "1/3 us"}}, ["pack.not-a-time"]),
        ({"when": {"held": "2 m"}}, ["pack.not-a-time"]),
        ({"when": {"held": "30 s", "silence": "1 min"}}, ["pack.one-form"]),
        ({"when": {"silence": "1 min"}}, ["pack.idle-key"]),
        ({"when": {"count": {"hits": 3, "of": 5}}}, ["pack.missing-key"]),
        ({"when": {"count": {"hits": 1, "of": 5}}, **BACK}, ["pack.not-a-count"]),
        ({"when": {"count": {"hits": 6, "of": 5}}, **BACK}, ["pack.not-a-count"]),
        ({"when": {"rate": {"rise": "1", "within": "1 min"}}, "alarm": None}, ["pack.missing-key"]),
        ({"when": {"rate": {"within": "1 min"}}, "alarm": None, **BACK}, ["pack.one-form"]),
        (
            {"when": {"rate": {"rise": "-1", "within": "1 min"}}, "alarm": None, **BACK},
            ["pack.not-a-difference"],
        ),
        (
            {"when": {"rate": {"rise": "1 kg", "within": "1 min"}}, "alarm": None, **BACK},
            ["pack.not-a-difference"],
        ),
        ({"when": {"rate": {"rise": "1e-10", "within": "1 min"}}, "alarm": None, **BACK}, ["pack.too-fine"]),
        (
            {"sensor": "id", "when": {"disagreement": {"by": "1", "for": "1 s"}}, "alarm": None},
            ["pack.no-figures"],
        ),
    ],
)
def test_what_is_wrong_is_told_once(tmp_path: Path, changes: dict[str, Any], codes: list[str]) -> None:
    assert found(tmp_path, **changes) == codes


@pytest.mark.parametrize(
    ("when", "form"),
    [
        ({"held": "0 s"}, Held(0)),
        ({"held": "1.5 min"}, Held(90 * SECOND)),
        ({"silence": "2 h"}, Silence(7_200 * SECOND)),
        ({"count": {"hits": 3, "of": 5}}, Count(3, 5)),
        ({"rate": {"rise": "0.2", "within": "60 s"}}, Rate(200_000_000, 60 * SECOND)),
        ({"rate": {"fall": "1/2", "within": "60 s"}}, Rate(-500_000_000, 60 * SECOND)),
        ({"disagreement": {"by": "0.1", "for": "10 s"}}, Disagreement(Fraction(1, 10), 10 * SECOND)),
    ],
)
def test_figures_are_whole(tmp_path: Path, when: dict[str, Any], form: Form) -> None:
    (name,) = when
    conditions: dict[str, Any] = {} if name in ("silence", "disagreement") else dict(BACK)
    conditions |= {} if name in ("silence", "disagreement", "rate") else {"alarm": "a >= 1"}
    spec = {key: value for key, value in BASE.items() if key != "alarm"} | {"when": when, **conditions}
    ruleset = load_ruleset([pack(tmp_path / "pack", [spec])], None, TODAY, core=core_pack())
    assert ruleset.live["w"].form == form


def test_a_warning_holds_with_its_instrument(tmp_path: Path) -> None:
    folder = pack(tmp_path / "pack", [BASE])
    before = TODAY.replace(year=2019)
    assert load_ruleset([folder], None, before, core=core_pack()).live == {}
