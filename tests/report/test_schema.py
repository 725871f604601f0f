"""The published schema: valid itself, and strict enough to notice what is not in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dualprev_rules.report import result_schema
from tests.report.sample import sample


def faults(document: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(result_schema()).iter_errors(document)]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(result_schema())


def test_the_sample_keeps_to_it() -> None:
    assert faults(sample()) == []


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
