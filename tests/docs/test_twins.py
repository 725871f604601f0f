"""The English and the Chinese page of a pair show the same commands and the same code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks

PAIRS = [
    (ROOT / "README.md", ROOT / "README.zh-CN.md"),
    *((ROOT / "docs" / zh.name, zh) for zh in sorted((ROOT / "docs" / "zh").glob("*.md"))),
]


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=lambda page: page.name)
def test_both_show_the_same(english: Path, chinese: Path) -> None:
    def shown(page: Path) -> list[tuple[str, str | None, str]]:
        return [
            (b.language, b.title, b.text) for b in blocks(page) if b.language in {"sh", "console", "python"}
        ]

    assert shown(english) == shown(chinese)
