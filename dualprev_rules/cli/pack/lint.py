"""``dualprev pack lint``: every error of packs, and what their authors should look at."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import AsOf, Debug, Language, NamedPacks, read_day

if TYPE_CHECKING:
    from dualprev_rules.problems import Problem

_LEVELS = ("off", "note", "warning", "error")


def lint(
    packs: NamedPacks,
    fix: Annotated[
        bool, typer.Option("--fix", help="Apply fixes that leave no choice. 改正只有一种改法的。")
    ] = False,
    sarif: Annotated[
        Path | None, typer.Option("--sarif", metavar="FILE", help="Write SARIF 2.1.0. 写 SARIF。")
    ] = None,
    level: Annotated[
        list[str] | None,
        typer.Option(
            "--level", metavar="CODE=LEVEL", help="off, note, warning, error of a warning. 调整提醒的级别。"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Show every error of packs, with place and fix, and what to look at (检查规则包).

    Exit status 2 where there is an error; warnings keep nothing from being used.
    """
    import json

    from dualprev_rules.authoring.mend import apply
    from dualprev_rules.authoring.sarif import sarif as as_sarif
    from dualprev_rules.cli.output import complain, say, say_json
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import named, phrase

    levels, day = _levels(level or ()), read_day(as_of)
    if fix:
        folders = [Path(pack) for pack in packs if Path(pack).is_dir()]
        for file in sorted(apply(lambda: _found(packs, day, {}), folders)):
            complain(phrase("fixed", file=file.as_posix()).get(lang))
    found = _found(packs, day, levels)
    if sarif is not None:
        write_files(
            {sarif: (json.dumps(as_sarif(found, lang), ensure_ascii=False, indent=2) + "\n").encode()}
        )
    errors = sum(fault.severity == "error" for fault in found)
    warnings = sum(fault.severity == "warning" for fault in found)
    if as_json:
        say_json([fault.to_json() for fault in found])
    else:
        for fault in found:
            say(f"{named('severity', fault.severity).get(lang)} {fault.show(lang)}\n")
        say(phrase("lint_found", errors=errors, warnings=warnings).get(lang))
    if errors:
        raise typer.Exit(Status.UNUSABLE_INPUT)


def _found(packs: list[str], day: date, levels: dict[str, str]) -> list[Problem]:
    from dualprev_rules.engine import core_pack, profile_files
    from dualprev_rules.pack.lint import lint_packs
    from dualprev_rules.problems import DualprevError
    from dualprev_rules.risk.naming import name_doubts
    from dualprev_rules.risk.resolve import shipped_profiles

    among = profile_files()
    found = [*lint_packs(packs, day, core=core_pack(), profiles=among)]
    for name in sorted(among.keys() - shipped_profiles().keys()):
        # Of a profile that cannot be read whoever loads it is told.
        with suppress(DualprevError):
            found += name_doubts(name, among)
    told: list[Problem] = []
    for fault in found:
        wanted = levels.get(fault.code) if fault.severity == "warning" else None
        if wanted != "off":
            told.append(fault if wanted is None else replace(fault, severity=wanted))  # pyright: ignore[reportArgumentType]
    return told


def _levels(given: Sequence[str]) -> dict[str, str]:
    from dualprev_rules.problems import DualprevError, codes, nearest, problem

    parts = [pair.partition("=") for pair in given]
    levels = {code: level for code, _, level in parts}
    for code, level in levels.items():
        if level not in _LEVELS:
            raise DualprevError(problem("cli.level", given=f"{code}={level}", nearest=f"{code}=off"))
        if code not in codes():
            near = nearest(code, codes()) or "pack.no-english"
            raise DualprevError(problem("cli.level", given=f"{code}={level}", nearest=f"{near}={level}"))
    return levels
