"""The front pages name every pack, with figures that are true: no more than there is, and not far below."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from dualprev_rules.pack import read_pack

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| \[(\w+)\]\([^)]+\)[^|]*\|.*?\| (\d+) \| (\d+) \|", re.MULTILINE)


@cache
def counted() -> dict[str, tuple[int, int]]:
    """Return the rules and cases of every pack of this repository."""
    sources = [read_pack(folder) for folder in sorted(ROOT.glob("packs/*/dualprev_pack_*"))]
    return {source.id: (len(source.rules), len(source.cases)) for source in sources}


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/index.md", "docs/zh/index.md"])
def test_every_pack_is_named_with_figures_that_hold(page: str) -> None:
    said = {name: (int(r), int(c)) for name, r, c in ROW.findall((ROOT / page).read_text("utf-8"))}
    assert said.keys() == counted().keys()
    for name, least in said.items():
        for claimed, there in zip(least, counted()[name], strict=True):
            assert claimed <= there <= claimed * 1.25, (name, claimed, there)
