"""``dualprev pack test``: run the cases of packs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import Debug, Language, NamedPacks

if TYPE_CHECKING:
    from dualprev_rules.testing import CaseResult


def run(
    packs: NamedPacks,
    also: Annotated[
        list[str] | None,
        typer.Option("--pack", "-p", help="Packs that they build on. 所依赖的规则包。"),
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Show what no case tries. 列出用例没有试到的。")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Run the cases of packs; show what was expected, what came out and why (运行用例)."""
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.pack.load import read_cases, read_packs
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.testing import run_cases
    from dualprev_rules.testing.shown import shown, tried_lines
    from dualprev_rules.testing.tried import tried

    results: list[CaseResult] = []
    for pack in packs:
        [source] = read_packs([pack])
        errors = [fault for fault in source.problems if fault.severity == "error"]
        if errors:
            raise DualprevError(errors)
        cases = tuple(read_cases(source))
        if not cases:
            raise DualprevError([problem("pack.no-cases", given=source.id, path=source.root)])
        results += run_cases(cases, [*(also or ()), pack])
    failed = [result for result in results if not result.passed]
    if as_json:
        say_json([result.to_json() for result in results])
    else:
        for result in failed:
            say(shown(result, lang))
        passed = len(results) - len(failed)
        say(phrase("cases_run", n=len(results), passed=passed, failed=len(failed)).get(lang))
        drafts = sum(not result.case.confirmed for result in results)
        if drafts:
            say(phrase("cases_unconfirmed", n=drafts).get(lang))
        for pack in packs if coverage else ():
            for line in tried_lines(tried(pack, also or ()), lang):
                say(line)
    if failed:
        raise typer.Exit(Status.FAIL_ON_MET)
