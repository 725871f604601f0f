"""The Markdown pages that users read, and the code blocks in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]

_FENCE = re.compile(r"^```(?P<info>\S[^\n]*)?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the file name that it is shown under, its text and first line."""

    language: str
    title: str | None
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command after ``$``, and the output that the page shows under it."""

    line: str
    output: str


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page in their order."""
    source = page.read_text("utf-8")
    for found in _FENCE.finditer(source):
        info = found["info"] or ""
        title = _TITLE.search(info)
        line = source.count("\n", 0, found.start("text")) + 1
        yield Block(info.split(" ")[0], title[1] if title else None, found["text"], line)


def commands(block: Block) -> list[Command]:
    """Return the commands of a ``console`` block."""
    found: list[Command] = []
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, output = part.partition("\n")
        found.append(Command(line, output.strip("\n")))
    return found
