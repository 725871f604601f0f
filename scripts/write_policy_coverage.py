"""Write docs/policy-coverage.md from docs/policy/requirements.yaml.

Run ``python scripts/write_policy_coverage.py`` after a change of that file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "docs" / "policy" / "requirements.yaml"
TARGET = ROOT / "docs" / "policy-coverage.md"
STATES = {
    "done": "已实现 · done",
    "partly": "部分实现 · partly",
    "planned": "待实现 · planned",
    "not_ours": "非程序职责 · not a library's work",
}
HEAD = """\
# Policy coverage · 政策要求覆盖

Five documents of provinces state {total} requirements. This page says of each what it asks, in our words,
and whether the library does it: *done* names a rule, command or function and a test that fails without it;
*partly* does too, and says what of it is not decided; *planned* is not there yet; the rest is not a
library's work. A rule decides from facts that somebody states, and says whether the requirement is met;
whether to believe the facts is for the inspector. A document or plan whose term is over decides nothing.

五份省级文件共提出 {total} 项要求。本页逐项列出要求什么（用我们自己的话）、是否已实现。
“已实现”写明规则、命令或函数及其测试；“部分实现”还写明哪一部分没有判定；“待实现”尚未做；其余不是程序的职责。
规则依据填报的事实判断要求是否满足，事实是否属实由检查人员核对。期满的文件不再判定。

Made by `scripts/write_policy_coverage.py` from `docs/policy/requirements.yaml`.
"""


def page(given: dict[str, Any]) -> str:
    """Return the page: counts by document and kind, then every requirement."""
    documents: list[dict[str, Any]] = given["documents"]
    every = [one for document in documents for one in document["requirements"]]
    lines = [HEAD.format(total=len(every)), "## By document · 按文件", ""]
    lines += _counts(
        (f"{document['code']} {document['title']['zh']}", document["requirements"]) for document in documents
    )
    lines += ["## By kind · 按类别", ""]
    kinds = list(dict.fromkeys(one["kind"] for one in every))
    lines += _counts((kind, [one for one in every if one["kind"] == kind]) for kind in kinds)
    for document in documents:
        title = document["title"]
        lines += [f"## {document['code']} {title['zh']} · {title['en']}", ""]
        lines += [
            "| id | 条款 | kind | 要求 · what it asks | state | 如何或为何 · how, or why not |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for one in document["requirements"]:
            asks = f"{one['asks']['zh']}<br>{one['asks']['en']}"
            said = _how(one) if "how" in one else _words(given["reasons"][one["why"]])
            said += f"<br>{_words(one['lacks'])}" if "lacks" in one else ""
            cells = (one["id"], one["section"], one["kind"], asks, STATES[one["state"]], said)
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def listed(value: str | list[str]) -> list[str]:
    """Return one or several as a list."""
    return [value] if isinstance(value, str) else value


def _counts(groups: Iterable[tuple[str, list[dict[str, Any]]]]) -> Iterator[str]:
    yield "| | " + " | ".join(STATES.values()) + " | 合计 · total |"
    yield "| --- |" + " ---: |" * (len(STATES) + 1)
    total: Counter[str] = Counter()
    for name, of in groups:
        found = Counter(one["state"] for one in of)
        total += found
        yield _count(name, found)
    yield _count("合计 · total", total)
    yield ""


def _count(name: str, found: Counter[str]) -> str:
    return f"| {name} | " + " | ".join(str(found[state]) for state in STATES) + f" | {found.total()} |"


def _how(one: dict[str, Any]) -> str:
    parts = [f"{what} `{name}`" for what, names in one["how"].items() for name in listed(names)]
    return "<br>".join([*parts, *(f"`{test}`" for test in one["tests"])])


def _words(words: dict[str, str]) -> str:
    return f"{words['zh']}<br>{words['en']}"


if __name__ == "__main__":
    TARGET.write_text(page(yaml.safe_load(SOURCE.read_text("utf-8"))), encoding="utf-8", newline="\n")
