"""The page of a pack."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.authoring.test_fmt import silo
from tests.cli.run import run


def test_every_rule_stands_on_the_page_with_its_sentence_tables_and_cases(tmp_path: Path) -> None:
    old = silo(tmp_path)
    pack = tmp_path / "new"
    shutil.copytree(old, pack)
    rules = pack / "rules" / "venting.yaml"
    rules.write_text(rules.read_text("utf-8").replace("zh: 积尘过厚", "zh: 积尘<b>太厚"), "utf-8")
    out = tmp_path / "page.html"
    done = run("pack", "docs", str(pack), "-o", str(out), "--since", str(old), "--as-of", "2026-11-21")
    assert done.exit_code == 0, done.output
    text = out.read_text("utf-8")
    assert re.findall(r'<article id="([^"]+)">', text) == ["silo.2026.01", "silo.2026.02"]
    for part in (
        "对每个筒仓：凡结构是钢，且所在单元的大型筒仓群为“是”",
        "示例〔2026〕1号",
        "面粉钢筒仓群恰好达到限量，无泄爆装置: 违反",
        "<td>小麦粉</td>",
        "积尘&lt;b&gt;太厚",
        "规则 silo.2026.02 的 标题",
        "筒仓的限量",
        "<td>[3..10)</td><td>2</td>",
        "示例〔2026〕1号 表2 · 前提：大型筒仓群为“是”",
        "<th>限量 (t)</th>",
        '<a href="#silo.2026.02">',
    ):
        assert part in text, part
    assert "<script" not in text
    english = run("pack", "docs", str(pack), "-o", str(out), "--as-of", "2026-11-21", "--lang", "en")
    assert english.exit_code == 0
    assert "For each Silo: where Built of is Steel" in out.read_text("utf-8")
