"""Conditions with one fault each: what stands in ``faults.yaml``, and what the checker says of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from dualprev_rules.facts.types import Bool, Number
from dualprev_rules.facts.units import find_unit
from dualprev_rules.lang import Inline, compile_condition
from dualprev_rules.problems import Problem
from tests.lang.scope import scope
from tests.property.build import decision

FILE = Path(__file__).with_name("faults.yaml")


def faults() -> list[dict[str, Any]]:
    """Return every entry of the file."""
    return yaml.safe_load(FILE.read_text("utf-8"))


def text_of(fault: Mapping[str, Any]) -> str:
    """Return the condition; long ones are written as what is repeated, or nested."""
    if "repeat" in fault:
        part, times, end = fault["repeat"]
        return part * times + end
    if "nest" in fault:
        before, times, inside, after = fault["nest"]
        return before * times + inside + after * times
    return fault["text"]


def found(fault: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the condition or decision table of an entry."""
    names = scope(fault.get("entity", "unit"))
    if "decide" in fault:
        return decision(fault["decide"], names, None)[1]
    expected: Any = fault.get("expected")
    if expected is not None:
        unit = find_unit(expected)
        expected = Number(unit) if unit else Bool()
    return compile_condition(Inline(text_of(fault)), names, expected)[1]
