"""The hand-made result document that the tests of reports show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def sample() -> dict[str, Any]:
    """Return a fresh copy of the document in ``sample.yaml``."""
    return yaml.safe_load((Path(__file__).with_name("sample.yaml")).read_text("utf-8"))
