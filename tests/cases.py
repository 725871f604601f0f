"""How many random cases a test tries: all of them under ``FULL=1``, a fixed share otherwise."""

from __future__ import annotations

import os

FULL = os.environ.get("FULL") == "1"
SHARE = 20


def cases(full: int) -> int:
    """Return the number of examples for a test that tries ``full`` of them in CI.

    Use it as ``@settings(max_examples=cases(10_000))``.
    """
    return full if FULL else max(25, full // SHARE)
