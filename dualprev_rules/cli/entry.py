"""``dualprev entry``: may a project be built, by the negative lists and the rules of siting."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site, read_day
from dualprev_rules.cli.supervise.options import AsJson
from dualprev_rules.problems.words import Lang

MOST_SHOWN = 10


def entry(
    project: Site,
    siting: Annotated[bool, typer.Option("--siting", help="Only where it stands. 只看选址。")] = False,
    changed_since: Annotated[
        str | None,
        typer.Option(
            "--changed-since", metavar="YYYY-MM-DD", help="What was otherwise then. 与此日相比的变化。"
        ),
    ] = None,
    json: AsJson = False,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Say whether a project is prohibited, restricted, allowed or undetermined (项目准入)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report.phrases import named, phrase
    from dualprev_rules.supervision.entry import changes
    from dualprev_rules.supervision.entry import entry as entry_of

    engine = load(packs, profile, as_of, lang, lists)
    result = engine.result_of(engine.read(project))
    found = entry_of(result, siting_only=siting)
    changed = None
    if changed_since is not None:
        if read_day(changed_since) >= engine.as_of:
            raise DualprevError(
                problem("supervision.since", given=changed_since, day=engine.as_of.isoformat())
            )
        then = load(packs, profile, changed_since, lang, lists)
        changed = changes(entry_of(then.result_of(then.read(project)), siting_only=siting), found)
    if json:
        document = found.to_json()
        if changed is not None:
            document["changed"] = [one.to_json() for one in changed]
        say_json(document)
        return
    for fault in result.data_problems:
        say(fault.show(lang))
    colon = phrase("colon").get(lang)
    say(f"{named('entry', found.verdict).get(lang)} ({found.as_of.isoformat()})")
    for one in found.against:
        if one.verdict == "undetermined":
            continue
        clauses = " ".join(
            f"{result.ruleset.instruments[c.instrument].number} {c.clause}" for c in one.rule.citations
        )
        until = "" if one.until is None else " " + phrase("entry_until", day=one.until.isoformat()).get(lang)
        say(f"  {named('entry', one.verdict).get(lang)}{colon}{one.rule.title.get(lang)} ({clauses}){until}")
    if found.wanted:
        say(phrase("entry_wanted", n=len(found.wanted)).get(lang))
        labels = {question.path: question.attribute.label for question in result.questions}
        for path in found.wanted[:MOST_SHOWN]:
            said = f"{labels[path].get(lang)}  " if path in labels else ""
            say(f"  {said}{path}")
    say(phrase("entry_asked", n=len(found.asked)).get(lang))
    for one in changed or ():
        before, after = _said(one.before, one.before_until, lang), _said(one.after, one.after_until, lang)
        say(f"  {one.rule} {one.path}{colon}{before} → {after}")


def _said(verdict: str | None, until: date | None, lang: Lang) -> str:
    from dualprev_rules.report.phrases import named, phrase

    said = named("entry", verdict or "silent").get(lang)
    return said if until is None else f"{said} {phrase('entry_until', day=until.isoformat()).get(lang)}"
