"""``dualprev pack say``: rules as sentences."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile

_MOST_SHOWN = 8


def say(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="Name or folder. 名称或文件夹。")],
    rules: Annotated[
        list[str] | None, typer.Argument(metavar="[RULE...]", help="Ids; else all. 规则编号，缺省为全部。")
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Say rules as sentences: of whom, when, what is wrong, what it counts as, by which clause (一句话)."""
    from dualprev_rules.authoring.outline import told
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import say as show
    from dualprev_rules.problems import DualprevError, nearest, problem

    ruleset = load([*(packs or ()), pack], profile, as_of, lang).ruleset
    known = ruleset.rules
    own = [rule.id for rule in known.values() if rule.pack == ruleset.packs[-1].id]
    unknown = [rule for rule in rules or () if rule not in known]
    if unknown:
        some = " / ".join(own[:_MOST_SHOWN]) or None
        faults = [problem("cli.no-rule", given=r, nearest=nearest(r, known) or some) for r in unknown]
        raise DualprevError(faults)
    for rule in rules or own:
        show(f"{rule}  {told(known[rule], ruleset).get(lang)}")
