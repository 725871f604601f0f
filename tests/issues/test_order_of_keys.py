"""The order of the keys in the input changes nothing of the result, to the byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from dualprev_rules import Engine

SITE = Path(__file__).parents[2] / "examples" / "chlor_alkali_lpg" / "site.yaml"


def _backwards(of: Any) -> Any:
    if isinstance(of, dict):
        return {key: _backwards(of[key]) for key in reversed(of)}
    return [_backwards(item) for item in of] if isinstance(of, list) else of


def test_keys_backwards_give_the_same_bytes() -> None:
    engine = Engine.load("chemicals", as_of="2026-11-21")
    site = yaml.load(SITE.read_text("utf-8"), yaml.CSafeLoader)
    assert engine.assess(_backwards(site)).to_json() == engine.assess(site).to_json()
