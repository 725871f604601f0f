"""Make a page for each pack of this repository while mkdocs builds: instruments, coverage, and every rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dualprev_rules.engine import core_pack
from dualprev_rules.pack import read_pack
from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.spec import InstrumentSpec, RuleSpec
from dualprev_rules.problems import Words
from dualprev_rules.report.phrases import named
from dualprev_rules.testing.coverage import coverage

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

PACKS = Path(__file__).parents[2] / "packs"
ENCODED = {"full": "全部 full", "partial": "部分 partial", "none": "未编码 not encoded"}
STATUS = {
    "official": "官方文本 official",
    "transcription": "公开转录 transcription",
    "recalled": "凭记忆 recalled",
}
COLUMNS = (
    "| 文件 Instrument | 判定 Stated | 已编码 Encoded | 凭事实 By facts | 混合 Mixed "
    "| 靠检查人员 By inspector | 凭记忆 Recalled |"
)
_ONE_FLAG = re.compile(r"(not\s+)?\w+")


def pages() -> dict[str, str]:
    """Return path below ``docs/`` → Markdown, for every pack and for the index."""
    sources = [read_pack(folder) for folder in sorted(PACKS.glob("*/dualprev_pack_*"))]
    entities = {e.name.text: e.spec.label for e in read_pack(core_pack()).entities if e.spec.label}
    made = {f"packs/{source.id}.md": _page(source, dict(entities)) for source in sources}
    made["packs/index.md"] = _index(sources)
    return made


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to the site."""
    from mkdocs.structure.files import File

    for path, content in pages().items():
        files.append(File.generated(config, path, content=content))
    return files


def _index(sources: Iterable[PackSource]) -> str:
    lines = [
        "# Packs · 规则包",
        "",
        "| Pack | 规则 Rules | 判定 Stated | 已编码 Encoded |",
        "| --- | --- | --- | --- |",
    ]
    for source in sources:
        found = coverage(source) if source.coverage else ()
        stated = sum(len(one.stated) for one in found) or "—"
        encoded = sum(one.encoded for one in found) or "—"
        lines.append(
            f"| [{_both(_title(source))}]({source.id}.md) | {len(source.rules)} | {stated} | {encoded} |"
        )
    return "\n".join([*lines, ""])


def _page(source: PackSource, entities: dict[str, Words]) -> str:
    entities |= {e.name.text: e.spec.label for e in source.entities if e.spec.label}
    spec = source.spec
    instruments = {i.id: i for i in spec.instruments} if spec is not None else {}
    return "\n".join(
        [
            f"# {_both(_title(source))}",
            "",
            *_instruments(instruments.values()),
            *_coverage(source),
            *_undecided(source.rules),
            *_rules(source, instruments, entities),
            "",
        ]
    )


def _instruments(instruments: Iterable[InstrumentSpec]) -> Iterator[str]:
    yield from ("## 文件 · Instruments", "")
    yield "| 文号 Number | 名称 Title | 施行 In force | 编码 Encoded | 依据文本 Text |"
    yield "| --- | --- | --- | --- | --- |"
    for one in instruments:
        start, end = one.in_force.from_ or "", one.in_force.replaced_on or ""
        days = f"{start} – {end}" if end else f"{start}"
        missing = f"：{_both(one.missing)}" if one.missing is not None else ""
        cells = (one.number, _both(one.title), days, f"{ENCODED[one.encoded]}{missing}", STATUS[one.status])
        yield _row(cells)
    yield ""


def _coverage(source: PackSource) -> Iterator[str]:
    found = coverage(source) if source.coverage else ()
    if not found:
        return
    yield from ("## 覆盖 · Coverage", "", COLUMNS, "| --- |" + " ---: |" * 6)
    for one in found:
        by = [one.decided(way) for way in ("facts", "mixed", "inspector")]
        yield _row((one.number, *map(str, (len(one.stated), one.encoded, *by, one.recalled))))
    for heading, listed in (
        (
            "### 未编码及理由 · Left out, and why",
            [(one, e, e.left_out) for one in found for e in one.left_out],
        ),
        (
            "### 不是判定及理由 · No determination, and why",
            [(one, e, e.no_determination) for one in found for e in one.no_determination],
        ),
        (
            "### 不确定，不作判定 · Uncertain, decides nothing",
            [(one, e, None) for one in found for e in one.uncertain],
        ),
    ):
        if listed:
            yield from ("", heading, "")
        for one, each, because in listed:
            why = f"：{_both(because)}" if because is not None else ""
            yield f"- {_cell(one.number)} {_cell(each.clause)}{_cell(why)}"
    yield ""


def _undecided(rules: Iterable[RuleSpec]) -> Iterator[str]:
    """Yield what a machine cannot decide alone, and where an encoding and its clause differ."""
    every = list(rules)
    lists = (
        (
            "## 机器不能单独判断的 · What a machine cannot decide",
            [r for r in every if r.decided_by != "facts"],
        ),
        (
            "## 编码与条文有出入的 · Narrower or wider than the clause",
            [r for r in every if r.may is not None],
        ),
        (
            "## 只看一个是或否的 · What rests on one yes or no",
            [r for r in every if r.because is not None and _ONE_FLAG.fullmatch(r.violated.text.strip())],
        ),
    )
    for heading, listed in lists:
        if not listed:
            continue
        yield from (heading, "")
        for rule in listed:
            reason = rule.because or rule.note
            why = f" — {_cell(_both(reason))}" if reason is not None else ""
            yield f"- `{rule.rule}` {_cell(_both(rule.title))}{why}"
        yield ""


def _rules(
    source: PackSource, instruments: dict[str, InstrumentSpec], entities: dict[str, Words]
) -> Iterator[str]:
    yield from ("## 每条规则说什么 · What each rule says", "")
    yield "| 规则 Rule | 一句话 In a sentence | 条款 Clause |"
    yield "| --- | --- | --- |"
    holders = source.spec.duty_holders if source.spec is not None else {}
    for rule in source.rules:
        holder = holders.get(rule.duty_of)
        duty_of = Words(rule.duty_of, holder.en if holder is not None else "")
        clauses = "；".join(
            f"{instruments[cite.instrument].number if cite.instrument in instruments else cite.instrument} "
            f"{cite.clause}"
            for cite in rule.cite
        )
        yield _row((f"`{rule.rule}`", _sentence(rule, duty_of, entities), clauses))


def _sentence(rule: RuleSpec, duty_of: Words, entities: dict[str, Words]) -> str:
    """Say in a sentence what is wrong where, what it counts as, and who must see to it."""
    kind, of = named("kind", rule.kind), entities.get(rule.for_, Words(rule.for_, rule.for_))
    zh = f"检查{of.zh}：{rule.title.zh}，属于{kind.zh}，由{duty_of.zh}负责。"
    en = (
        f"{of.get('en')}: {rule.title.get('en')}. Counts as: {kind.en.lower()}. Duty of: {duty_of.get('en')}."
    )
    return f"{_cell(zh)}<br>{_cell(en)}"


def _title(source: PackSource) -> Words:
    return source.spec.title if source.spec is not None else Words(source.id, source.id)


def _both(words: Words) -> str:
    return f"{words.zh} · {words.en}" if words.en and words.en != words.zh else words.get("zh")


def _row(cells: Iterable[str]) -> str:
    return (
        f"| {' | '.join(cell if cell.startswith('`') or '<br>' in cell else _cell(cell) for cell in cells)} |"
    )


def _cell(text: str) -> str:
    """Escape what Markdown or HTML would take for its own."""
    for char, instead in (
        ("<", "&lt;"),
        (">", "&gt;"),
        ("|", "\\|"),
        ("*", "\\*"),
        ("[", "\\["),
        ("_", "\\_"),
    ):
        text = text.replace(char, instead)
    return " ".join(text.split())
