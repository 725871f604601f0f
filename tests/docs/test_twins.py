"""The English and the Chinese page of a pair show the same files, code and commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Block, blocks, commands

PAIRS = [
    (ROOT / "README.md", ROOT / "README.zh-CN.md"),
    *((ROOT / "docs" / zh.name, zh) for zh in sorted((ROOT / "docs" / "zh").glob("*.md"))),
]


def _without_language(block: Block) -> str:
    """Return what a block shows, whichever language it asks for; output and comments of YAML are in one."""
    if block.language == "console":
        return "\n".join(re.sub(r" --lang (zh|en)\b", "", command.line) for command in commands(block))
    if block.language == "yaml":
        return re.sub(r"\s+# .*", "", block.text)
    return re.sub(r"\.(zh|en)\b", ".LANG", block.text) if block.language == "python" else block.text


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=lambda page: page.name)
def test_both_show_the_same(english: Path, chinese: Path) -> None:
    def shown(page: Path) -> list[tuple[str, str | None, str]]:
        return [
            (block.language, block.title, _without_language(block))
            for block in blocks(page)
            if block.language in {"sh", "console", "python", "yaml", "csv"}
        ]

    assert shown(english) == shown(chinese)
