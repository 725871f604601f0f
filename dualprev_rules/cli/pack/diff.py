"""``dualprev pack diff``: what changed between two versions of a pack."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.options import Debug, Language
from dualprev_rules.problems.words import Lang, Words

if TYPE_CHECKING:
    from dualprev_rules.authoring.diff import Change
    from dualprev_rules.authoring.fmt import Known

_LONGEST = 160


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Name or folder. 原来的规则包。")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Name or folder. 新的规则包。")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Show what changed between two versions of a pack, and the version step it calls for (版本差异)."""
    from dualprev_rules.authoring.diff import bumped, changes, step
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.pack.load import read_packs
    from dualprev_rules.report.phrases import phrase

    before, after = read_packs([old])[0], read_packs([new])[0]
    found = changes(before, after)
    if found:
        found = changes(before, after, (_known(old), _known(new)))
    wanted = step(found)
    versions = [source.spec.version if source.spec is not None else "—" for source in (before, after)]
    called_for = bumped(versions[0], wanted) if wanted is not None else None
    if as_json:
        told = [{**asdict(change), "step": change.step} for change in found]
        version = {"old": versions[0], "new": versions[1], "called_for": called_for}
        say_json({"step": wanted, "version": version, "changes": told})
        return
    for change in found:
        say(line(change, lang))
    if wanted is None:
        say(phrase("pack_same").get(lang))
    else:
        said = phrase(f"pack_step_{wanted}", old=versions[0], new=called_for or "—", n=len(found))
        say(said.get(lang))
        if called_for is not None and versions[1] != called_for:
            say(phrase("pack_version_written", new=versions[1]).get(lang))


def _known(pack: str) -> Known:
    """Return what the names in conditions of a pack are; nothing where it does not load by itself."""
    from dualprev_rules.authoring.fmt import known_of, loaded
    from dualprev_rules.problems import DualprevError

    try:
        # Any day does: every edition of a pack is loaded.
        return known_of(loaded(pack, date.max))
    except DualprevError:
        return {}


def line(change: Change, lang: Lang) -> str:
    """Return a change in words."""
    from dualprev_rules.report.phrases import named, phrase

    part = named("pack_part", change.part)
    if change.what != "changed":
        return phrase(f"pack_{change.what}", part=part, id=change.id).get(lang)
    texts = {name: _short(getattr(change, name)) for name in ("old", "new")}
    key = Words(_in_chinese(change.key or ""), change.key or "")
    return phrase("pack_changed", part=part, id=change.id, key=key, **texts).get(lang)


def _in_chinese(key: str) -> str:
    """Return a key as it is in Chinese; ``rows[3]`` is row 3."""
    from dualprev_rules.pack.spec.keys import KEYS

    name, bracket, row = key.partition("[")
    return KEYS.get(name, name) + bracket + row


def _short(text: str | None) -> str:
    if text is None:
        return "—"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
