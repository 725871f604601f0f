"""Make a page for each problem code, and their index, from the catalogue while mkdocs builds."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from dualprev_rules.problems import codes, entry

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files


def pages() -> dict[str, str]:
    """Return path below ``docs/`` → Markdown, for every code and for the index."""
    made = {f"problems/{code}.md": _page(code) for code in codes()}
    made["problems/index.md"] = _index()
    return made


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to the site."""
    from mkdocs.structure.files import File

    for path, content in pages().items():
        files.append(File.generated(config, path, content=content))
    return files


def _page(code: str) -> str:
    said = entry(code)
    lines = [f"# {code}", "", f"> {_template(said.message.zh)}", ">", f"> {_template(said.message.en)}", ""]
    lines += [said.page.zh, "", said.page.en, ""]
    if said.fix is not None:
        fixes = [words for words in (said.fix, said.otherwise) if words is not None]
        texts = [text for words in fixes for text in (words.zh, words.en)]
        lines += ["## 改法 · Fix", "", *(f"- {_template(text)}" for text in texts), ""]
    return "\n".join(lines)


def _index() -> str:
    lines = [
        "# Problems · 问题代码",
        "",
        "Each fault of a pack, of a call or of the data has a code that stays the same. The words in braces",
        "are filled in with what was found.",
        "",
        "规则包、调用或数据中的每种问题都有固定代码；花括号处填入实际内容。",
        "",
    ]
    for room, of_room in groupby(codes(), key=lambda code: code.partition(".")[0]):
        lines += [f"## {room}", "", "| code | 中文 | English |", "| --- | --- | --- |"]
        for code in of_room:
            said = entry(code).message
            lines.append(f"| [{code}]({code}.md) | {_cell(said.zh)} | {_cell(said.en)} |")
        lines.append("")
    return "\n".join(lines)


def _template(text: str) -> str:
    """Escape what Markdown or HTML would take for its own."""
    for char in "\\`*_<>|[]":
        text = text.replace(char, f"\\{char}" if char not in "<>" else {"<": "&lt;", ">": "&gt;"}[char])
    return text


def _cell(text: str) -> str:
    return " ".join(_template(text).split())
