"""``dualprev explain``: why an outcome, or a derived value, is what it is."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Json, Language, Lists, Packs, Profile, Site, Strict


def explain(
    site: Site,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A rule, or a derived value as unit.s_value. 规则编号或导出的量。"
        ),
    ],
    path: Annotated[
        str | None, typer.Option("--path", help="Only for this record, as unit[U1]. 只解释这一对象。")
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    strict: Strict = False,
    json: Json = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Show why: from an outcome or a derived value down to facts, table rows and clauses (解释理由)."""
    from dualprev_rules.cli.loading import judge, load
    from dualprev_rules.cli.output import save_json, say
    from dualprev_rules.report.text import derivation, explanation
    from dualprev_rules.result.document import excerpt

    result = judge(load(packs, profile, as_of, lang, lists), site, strict=strict)
    derived = result.find_derived(name, path)
    findings = () if derived else result.find(name, path)
    document = excerpt(result, findings, derived)
    if json is not None:
        save_json(document, json)
        return
    texts = [explanation(one, document, lang) for one in document["findings"]]
    say("\n\n".join([*texts, *(derivation(fact.key, document, lang) for fact in derived)]))
