"""The published JSON Schema of the result document."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def result_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every result document keeps to.

    >>> result_schema()["title"]
    'dualprev-rules result'
    """
    return json.loads(files("dualprev_rules.report").joinpath("result.schema.json").read_text("utf-8"))
