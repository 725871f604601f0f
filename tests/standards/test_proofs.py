"""What must not be called proved: pairs that only seem equal."""

from __future__ import annotations

from pathlib import Path

from tests.standards.written import pair


def test_an_exception_is_no_condition(tmp_path: Path) -> None:
    found = pair(
        tmp_path,
        "violated: a\nunless: b\nunless_because: {zh: 外, en: x}",
        "applies: a\nviolated: b",
    )
    assert found.verdict == "incomparable"
