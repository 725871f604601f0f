"""``dualprev verify``: what can be proved of packs or of a profile, and the case where it fails."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import AsOf, Debug, Language, Profile, packs_alone, read_day
from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from dualprev_rules.standards import Finding, Verification


def verify(
    named: Annotated[
        list[str],
        typer.Argument(
            metavar="PACK...|PROFILE",
            help="Packs, or one profile. 规则包，或一个地方口径。",
            callback=packs_alone,
        ),
    ],
    packs: Annotated[
        list[str] | None,
        typer.Option("--pack", "-p", help="Packs that they build on. 所依赖的规则包。"),
    ] = None,
    profile: Profile = "national",
    as_of: AsOf = None,
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
    """Prove packs, or a profile: rules, decision tables, editions, facts (证明规则包).

    Exit status 2 where there is an error; warnings and notes keep nothing from being used.
    """
    from dualprev_rules.cli.output import complain, say_json
    from dualprev_rules.engine import profile_files
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.standards import verify as of_packs
    from dualprev_rules.standards import verify_profile

    day = read_day(as_of)
    if as_of is None:
        complain(phrase("today", day=day.isoformat()).get(lang))
    if len(named) == 1 and named[0] in profile_files():
        found = verify_profile(named[0], as_of=day, packs=packs or (), records=records, seconds=seconds)
    else:
        found = of_packs(
            named, as_of=day, profile=profile, also=packs or (), records=records, seconds=seconds
        )
    if as_json:
        say_json(found.to_json())
    else:
        _show(found, lang)
    if found.count("error"):
        raise typer.Exit(Status.UNUSABLE_INPUT)


def _show(found: Verification, lang: Lang) -> None:
    from dualprev_rules.cli.output import say

    for finding in found.findings:
        say(_shown(finding, lang))
    say(found.summary().text(lang))


def _shown(finding: Finding, lang: Lang) -> str:
    from dualprev_rules.report.phrases import named

    lines = [f"{named('severity', finding.problem.severity).get(lang)} {finding.problem.show(lang)}"]
    if finding.witness is not None:
        lines += [f"    {finding.path}", f"    {dumps(finding.witness, ensure_ascii=False)}"]
    return "\n".join([*lines, ""])
