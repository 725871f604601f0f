"""The published schema: valid itself, and strict enough to notice what is not in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from dualprev_rules.problems import Effect
from dualprev_rules.report import result_schema
from tests.packs.parts import ROOT
from tests.report.sample import sample


def faults(document: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(result_schema()).iter_errors(document)]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(result_schema())


def test_the_sample_keeps_to_it() -> None:
    assert faults(sample()) == []


def test_the_effects_are_those_of_the_page_and_no_other() -> None:
    effects = set(get_args(Effect))
    assert set(result_schema()["$defs"]["problem"]["properties"]["effect"]["enum"]) == effects
    page = (ROOT / "docs" / "result.md").read_text("utf-8").partition("by `effect`:")[2]
    assert set(re.findall(r"^- `(\w+)`: ", page, re.MULTILINE)) == effects


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d["engine"].pop("as_of"), "$.engine"),
        (lambda d: d["findings"][0].update(outcome="bad"), "$.findings[0].outcome"),
        (lambda d: d["findings"][0].update(extra=1), "$.findings[0]"),
        (lambda d: d["findings"][0].update(citations=[]), "$.findings[0].citations"),
        (lambda d: d["grade"].update(level=5), "$.grade"),
        (lambda d: d["derived"]["unit[U1].r_value"].update(value=1.5), "$.derived['unit[U1].r_value'].value"),
    ],
)
def test_what_differs_is_noticed(change: Callable[[dict[str, Any]], Any], path: str) -> None:
    document = sample()
    change(document)
    assert path in faults(document)
