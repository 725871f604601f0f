"""``dualprev compare``: which of two packs, instruments or profiles is the stricter, rule by rule."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile, read_day
from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from dualprev_rules.evaluate.solver import Answer
    from dualprev_rules.facts.schema import Schema
    from dualprev_rules.standards import Comparison, Pair


def compare(
    first: Annotated[
        str, typer.Argument(metavar="A", help="Profile, pack or instrument. 口径、规则包或文件。")
    ],
    second: Annotated[str, typer.Argument(metavar="B", help="Another of the kind. 另一个。")],
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    require: Annotated[
        Literal["stricter-or-equal"] | None,
        typer.Option("--require", help="End with status 1 unless A is proved so. 未证明时状态为 1。"),
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option("--cases", metavar="FILE.yaml", help="Write the witnesses as cases. 例证写成用例。"),
    ] = None,
    comments: Annotated[
        Path | None,
        typer.Option("--comments", metavar="FILE.xlsx", help="Write the table of comments. 写出意见汇总表。"),
    ] = None,
    records: Annotated[
        int,
        typer.Option("--records", min=0, max=5, help="Others in each list. 每个清单另有几条记录。"),
    ] = 3,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, help="For each question. 每个问题的秒数。")
    ] = 2.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Prove of each pair of rules which is the stricter, with facts that show it (比较宽严).

    Two profiles over --pack, two packs, or two instruments of --pack.
    """
    from dualprev_rules.cli.output import complain, say_json
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.standards import compare as compared

    day = read_day(as_of)
    if as_of is None:
        complain(phrase("today", day=day.isoformat()).get(lang))
    found = compared(
        first, second, as_of=day, packs=packs or (), profile=profile, records=records, seconds=seconds
    )
    if cases is not None:
        _write(cases, found)
    if comments is not None:
        _comment(comments, found, lang)
    if as_json:
        say_json(found.to_json())
    else:
        _show(found, lang)
    if require is not None and not found.stricter_or_equal:
        raise typer.Exit(Status.FAIL_ON_MET)


def _write(file: Path, found: Comparison) -> None:
    import yaml

    from dualprev_rules.report import write_files

    text = yaml.safe_dump(found.cases(), allow_unicode=True, sort_keys=False, width=120)
    write_files({file: text.encode()})


def _comment(file: Path, found: Comparison, lang: Lang) -> None:
    from dualprev_rules.authoring.comments import comment_book
    from dualprev_rules.report import write_files

    write_files({file: comment_book(found, lang)})


def _show(found: Comparison, lang: Lang) -> None:
    from dualprev_rules.cli.output import say

    schema = found.first.ruleset.schema
    for pair in found.pairs:
        if pair.verdict != "equal" or pair.beside:
            say(_shown(pair, schema, lang))
    escapes = {each.rule.id: each for _, each in found.escapes()}
    for fault in found.without_counterpart():
        say(fault.show(lang))
        if fault.given in escapes:
            each = escapes[fault.given]
            name = each.rule.id if each.day is None else f"{each.rule.id} ({each.day})"
            say("\n".join([*_witness(name, each.escape, schema, lang), ""]))
    for fault in (*found.weaker_together(), *found.graded(), found.whole, found.summary()):
        say(fault.text(lang))


def _shown(pair: Pair, schema: Schema, lang: Lang) -> str:
    lines = [pair.problem.show(lang)]
    answers = zip((pair.first, pair.second), (pair.only_first, pair.only_second), pair.days, strict=True)
    for rule, answer, day in answers:
        if answer.is_possible:
            lines += _witness(rule.id if day is None else f"{rule.id} ({day})", answer, schema, lang)
    lines += [f"    {fault.text(lang)}" for fault in pair.beside]
    return "\n".join([*lines, ""])


def _witness(name: str, answer: Answer, schema: Schema, lang: Lang) -> list[str]:
    from dualprev_rules.authoring.comments import told

    shown = (
        told(answer, schema).get(lang),
        f"{name}: {answer.path}",
        dumps(answer.witness, ensure_ascii=False),
    )
    return [f"    {line}" for line in shown]
