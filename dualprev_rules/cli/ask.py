"""``dualprev ask``: what to find out first."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Json, Language, Lists, Packs, Profile, Site, Strict


def ask(
    site: Site,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    strict: Strict = False,
    top: Annotated[int, typer.Option("--top", min=1, help="How many questions to show. 显示多少个。")] = 20,
    json: Json = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Rank the facts that would decide most of what is open (先问什么)."""
    from dualprev_rules.cli.loading import judge, load
    from dualprev_rules.cli.output import console, save_json, say
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.report.text import print_problems, questions_table

    engine = load(packs, profile, as_of, lang, lists)
    document = judge(engine, site, strict=strict).document(explained=False)
    questions = document["questions"]
    if json is not None:
        save_json({"questions": questions, "data_problems": document["data_problems"]}, json)
        return
    if questions:
        console().print(questions_table(questions[:top], lang))
    else:
        say(phrase("nothing_to_ask").get(lang))
    if len(questions) > top:
        say(phrase("more_questions", n=len(questions) - top).get(lang))
    print_problems(document, console(), lang)
