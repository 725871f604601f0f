"""``dualprev pack test``: run the cases of packs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import Debug, Language
from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from dualprev_rules.testing import CaseResult, Mismatch

_LONGEST_TREE = 60
"""Lines of reasons that are shown for one thing that did not come out."""


def run(
    packs: Annotated[list[str], typer.Argument(metavar="PACK...", help="Names or folders. 名称或文件夹。")],
    also: Annotated[
        list[str] | None,
        typer.Option("--pack", "-p", help="Packs that they build on. 所依赖的规则包。"),
    ] = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Run the cases of packs; show what was expected, what came out and why (运行用例)."""
    from dualprev_rules.cli.output import say
    from dualprev_rules.pack.load import read_cases, read_packs
    from dualprev_rules.problems import DualprevError
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.testing import run_cases

    results: list[CaseResult] = []
    for pack in packs:
        [source] = read_packs([pack])
        errors = [fault for fault in source.problems if fault.severity == "error"]
        if errors:
            raise DualprevError(errors)
        results += run_cases(read_cases(source), [*(also or ()), pack])
    failed = [result for result in results if not result.passed]
    for result in failed:
        say(_shown(result, lang))
    passed = len(results) - len(failed)
    say(phrase("cases_run", n=len(results), passed=passed, failed=len(failed)).get(lang))
    if failed:
        raise typer.Exit(Status.FAIL_ON_MET)


def _shown(result: CaseResult, lang: Lang) -> str:
    lines = [f"{result.case.place}: {result.case.name}"]
    for problem in result.problems:
        lines += [f"  {line}" for line in problem.show(lang).splitlines()]
    for mismatch in result.mismatches:
        lines += [f"  {line}" for line in _mismatch(mismatch, lang)]
    return "\n".join(lines) + "\n"


def _mismatch(mismatch: Mismatch, lang: Lang) -> list[str]:
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.report.text import reason_lines

    if mismatch.missing:
        near = phrase("did_you_mean", name=mismatch.nearest).get(lang) if mismatch.nearest else ""
        return [f"{mismatch.key}{phrase('colon').get(lang)}{phrase('no_result').get(lang)}{near}"]
    tree = reason_lines(mismatch.because, mismatch.derived or {}, lang)
    shown = tree[:_LONGEST_TREE]
    if len(tree) > len(shown):
        shown.append(phrase("left_out", n=len(tree) - len(shown)).get(lang))
    values = {"expected": mismatch.expected, "got": mismatch.got}
    return [
        mismatch.key,
        *(
            f"  {phrase(name).get(lang)}{phrase('colon').get(lang)}{_written(values[name])}"
            for name in values
        ),
        *(f"  {line}" for line in shown),
    ]


def _written(value: object) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
