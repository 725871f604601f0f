"""Identification and grading by GB 18218 agree with worked examples that others have published."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules.engine import Engine
from tests.packs.parts import ROOT, read

PACK = ROOT / "packs/chemicals/dualprev_pack_chemicals"
EXAMPLES = read(Path(__file__).parent / "published_examples.yaml")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load([PACK], as_of="2020-01-01")


def test_there_are_at_least_eight() -> None:
    assert len(EXAMPLES) >= 8
    assert all(example["address"].startswith("http") for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["example"])
def test_published_example(example: dict[str, Any], engine: Engine) -> None:
    result = engine.assess({"enterprise": {"units": [{"id": "U", **example["unit"]}]}})

    def derived(name: str) -> Any:
        return result.derived[f"unit[U].{name}"].value

    published = example["published"] | example.get("ours", {})
    assert derived("is_major_hazard_installation") is (published["major"] == "true")
    if "s" in published:
        assert _rounded(derived("s_value"), published["s"]) == Fraction(published["s"])
    if "r" in published:
        assert derived("r_value") == published["r"]
    if "level" in published:
        assert str(derived("hazard_level")) == published["level"]


def _rounded(value: str, shown: str) -> Fraction:
    """Round a value to as many places as the publisher shows, if he shows fewer."""
    places = len(shown.partition(".")[2])
    exact = Fraction(value)
    return exact if places == 0 else Fraction(round(exact * 10**places), 10**places)
