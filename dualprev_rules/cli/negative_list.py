"""``dualprev negative-list``: what is prohibited or restricted, and what has changed since a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile
from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from dualprev_rules.pack.model import Instrument
    from dualprev_rules.risk.negative_list import NegativeListEntry


def negative_list(
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    changed_since: Annotated[
        str | None,
        typer.Option(
            "--changed-since",
            metavar="YYYY-MM-DD",
            help="Only what was added, lifted or changed since then. 只列此日以来的变化。",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """List what is prohibited or restricted, or what of it has changed (负面清单)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.risk.negative_list import entries_by_sector, negative_list_changes, not_encoded
    from dualprev_rules.risk.negative_list import negative_list as of_day

    engine = load(packs, profile, as_of, lang)
    now = engine.ruleset
    if changed_since is None:
        entries, beyond = of_day(now), not_encoded(now)
    else:
        before = load(packs, profile, changed_since, lang).ruleset
        entries, beyond = negative_list_changes(before, now), not_encoded(now, before.as_of)
    if as_json:
        shown = [_document(entry) for entry in entries]
        say_json({"entries": shown, "not_encoded": [_undone(one) for one in beyond]})
        return
    for entry in entries:
        say(_shown(entry, lang))
    name = "negative_list_holds" if changed_since is None else "negative_list_changed"
    say(phrase(name, n=len(entries), day=now.as_of.isoformat(), since=changed_since).get(lang))
    if changed_since is None:
        for sector, count in entries_by_sector(entries, engine.profile, now).items():
            said = phrase("sector_not_encoded") if count is None else phrase("sector_entries", n=count)
            say(f"  {sector.get(lang)}{phrase('colon').get(lang)}{said.get(lang)}")
    if beyond:
        say(phrase("negative_list_beyond", n=len(beyond)).get(lang))
        for instrument in beyond:
            say(_beyond(instrument, lang))


def _shown(entry: NegativeListEntry, lang: Lang) -> str:
    from dualprev_rules.report.phrases import named, phrase

    rule, colon = entry.rule, phrase("colon").get(lang)
    head = [named("ban", entry.change).get(lang)] if entry.change else []
    head += [named("kind", rule.kind).get(lang), rule.title.get(lang), f"({rule.id})"]
    lines = {
        "negative_list_applies": entry.applies,
        "negative_list_condition": entry.condition,
        "negative_list_to": named("negative_list_to", rule.applies_to).get(lang) if rule.applies_to else None,
        "negative_list_from": entry.start.isoformat() if entry.start else None,
        "negative_list_end": entry.end.isoformat() if entry.end else None,
        "negative_list_grace": rule.grace_until.isoformat() if rule.grace_until else None,
        "negative_list_replacement": rule.replacement.get(lang) if rule.replacement else None,
        "negative_list_before": entry.before,
    }
    clauses = [f"{entry.number(cite.instrument)} {cite.clause}" for cite in rule.citations]
    lines["clause"] = phrase("semicolon").get(lang).join(clauses)
    said = [f"  {phrase(name).get(lang)}{colon}{text}" for name, text in lines.items() if text]
    return "\n".join([" ".join(head), *said])


def _beyond(instrument: Instrument, lang: Lang) -> str:
    from dualprev_rules.report.phrases import named, phrase

    start = instrument.start.isoformat() if instrument.start else None
    said = [f"{phrase('negative_list_from').get(lang)} {start}"] if start else []
    said.append(f"{phrase('encoded').get(lang)} {named('encoded', instrument.encoded).get(lang)}")
    if instrument.missing:
        said.append(instrument.missing.get(lang))
    told = phrase("semicolon").get(lang).join(said)
    return f"  {instrument.number} {instrument.title.get(lang)}{phrase('colon').get(lang)}{told}"


def _undone(instrument: Instrument) -> dict[str, Any]:
    return {
        "instrument": instrument.id,
        "number": instrument.number,
        "title": instrument.title.to_json(),
        "from": instrument.start.isoformat() if instrument.start else None,
        "confirmed": instrument.confirmed,
        "encoded": instrument.encoded,
        "missing": instrument.missing.to_json() if instrument.missing else None,
    }


def _document(entry: NegativeListEntry) -> dict[str, Any]:
    rule = entry.rule
    return {
        "change": entry.change,
        "rule": rule.id,
        "pack": rule.pack,
        "before": entry.before,
        "kind": rule.kind,
        "object": rule.object,
        "title": rule.title.to_json(),
        "applies": entry.applies,
        "condition": entry.condition,
        "applies_to": rule.applies_to,
        "from": entry.start.isoformat() if entry.start else None,
        "replaced_on": entry.end.isoformat() if entry.end else None,
        "grace_until": rule.grace_until.isoformat() if rule.grace_until else None,
        "replacement": rule.replacement.to_json() if rule.replacement else None,
        "citations": [
            {
                "instrument": cite.instrument,
                "number": entry.number(cite.instrument),
                "clause": cite.clause,
                "status": cite.status,
            }
            for cite in rule.citations
        ],
    }
