"""``dualprev explain``: why an outcome is what it is."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site, Strict


def explain(
    site: Site,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Id of a rule. 规则编号。")],
    path: Annotated[
        str | None, typer.Option("--path", help="Only for this record, as unit[U1]. 只解释这一对象。")
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    strict: Strict = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Show why: from a rule's outcome down to facts, table rows and clauses (解释理由)."""
    from dualprev_rules.cli.loading import judge, load
    from dualprev_rules.cli.output import say
    from dualprev_rules.report.text import explanation
    from dualprev_rules.result.document import excerpt

    result = judge(load(packs, profile, as_of, lang, lists), site, strict=strict)
    document = excerpt(result, result.find(rule, path))
    say("\n\n".join(explanation(one, document, lang) for one in document["findings"]))
