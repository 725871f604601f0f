"""Confirm the figures of a rule against the official text: the only way from recalled to official."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dualprev_rules.authoring.fmt import loaded
from dualprev_rules.pack.confirmed import digest
from dualprev_rules.pack.load import Where
from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.source import Map, Scalar, Tree
from dualprev_rules.pack.spec import RuleSpec
from dualprev_rules.pack.spec.keys import OF_VALUES, VALUES
from dualprev_rules.problems import DualprevError, nearest, problem

Edit = tuple[int, int, str]
_MOST_SHOWN = 8


class ConfirmationText(NamedTuple):
    """Who compared what with which text, when."""

    by: str
    against: str
    day: date
    digest: str

    def flow(self, *, zh: bool) -> str:
        """Return it as YAML on one line."""
        keys = ("由", "核对文本", "核对日", "核对摘要") if zh else ("by", "against", "day", "digest")
        texts = [json.dumps(" ".join(text.split()), ensure_ascii=False) for text in (self.by, self.against)]
        values = [*texts, self.day.isoformat(), json.dumps(self.digest)]
        return "{" + ", ".join(f"{k}: {v}" for k, v in zip(keys, values, strict=True)) + "}"


def confirmed(
    source: PackSource,
    folder: Path,
    rule: str,
    against: str,
    by: str,
    day: date,
    also: Sequence[Where] = (),
) -> dict[Path, bytes]:
    """Return the file of a rule with its citations ``official``, and who compared them with what, when.

    A digest of what the rule says binds that: where it says something else now, it is confirmed anew.
    Raises DualprevError for a name or text that is blank, for a rule that the pack has not, for one that is
    confirmed already, and for a pack that does not load.
    """
    blank = [name for name, text in (("--by", by), ("--against", against)) if not text.strip()]
    if blank:
        raise DualprevError([problem("authoring.confirm-blank", given=name) for name in blank])
    specs = {spec.rule: spec for spec in source.rules}
    if rule not in specs:
        near = nearest(rule, specs) or " / ".join([*specs][:_MOST_SHOWN])
        raise DualprevError(problem("cli.no-rule", given=rule, nearest=near or None))
    spec = specs[rule]
    cites = _citations(spec)
    rulesets = [each for each in loaded(folder, day, also) if rule in each.rules]
    if not rulesets:
        raise DualprevError(problem("cli.no-rule", given=rule))
    said = ConfirmationText(by, against, day, digest(rulesets[0].rules[rule], rulesets[0]))
    edits = [edit for cite in cites for edit in _of_citation(cite, said)]
    if not edits:
        raise DualprevError(problem("authoring.confirmed", given=rule, place=spec.at("cite")))
    file = cites[0].file
    text = file.text
    for first, last, new in sorted(edits, reverse=True):
        text = text[:first] + new + text[last:]
    path = folder / file.name.removeprefix(f"{source.root}/")
    newline = "\r\n" if b"\r\n" in path.read_bytes() else "\n"
    return {path: text.replace("\n", newline).encode()}


def _citations(spec: RuleSpec) -> list[Map]:
    written = spec.written("cite")
    listed: list[Tree] = (
        list(written) if isinstance(written, list) else [written] if written is not None else []
    )
    return [each for each in listed if isinstance(each, Map)]


def _of_citation(cite: Map, said: ConfirmationText) -> list[Edit]:
    """Return what makes a citation official; nothing where it is, with who made it so."""
    status = next((cite[key] for key in ("status", "依据状态") if key in cite), None)
    if isinstance(status, Scalar):
        zh = status.text in OF_VALUES
        official = OF_VALUES.get(status.text, status.text) == "official"
        edits = [] if official else [(status.start, status.end, VALUES["official"] if zh else "official")]
        if (before := cite.get("confirmed", cite.get("已确认"))) is not None:
            kept = isinstance(before, Map) and said.digest in (before.text("digest"), before.text("核对摘要"))
            return edits if kept else [*edits, _anew(before, said)]
        return [*edits, _beside(cite, status, said, with_status=False)]
    clause = cite.get("clause", cite.get("条款"))
    return [_beside(cite, clause, said, with_status=True)] if isinstance(clause, Scalar) else []


def _anew(before: Tree, said: ConfirmationText) -> Edit:
    """Return a confirmation in the place of one that no longer fits."""
    zh = isinstance(before, Map) and any(not key.isascii() for key in before)
    return before.start, before.end, said.flow(zh=zh)


def _beside(cite: Map, after: Scalar, said: ConfirmationText, *, with_status: bool) -> Edit:
    """Return the keys that stand behind a value of a citation, in its language and style."""
    at_key = next(cite.keys_at[key] for key in cite if cite[key] is after)
    zh = not at_key.text.isascii()
    keys = [f"{'已确认' if zh else 'confirmed'}: {said.flow(zh=zh)}"]
    if with_status:
        keys.insert(0, f"{'依据状态' if zh else 'status'}: official")
    text = cite.file.text
    if text[cite.start : cite.start + 1] == "{":
        return after.end, after.end, "".join(f", {key}" for key in keys)
    column = at_key.start - (text.rfind("\n", 0, at_key.start) + 1)
    return after.end, after.end, "".join(f"\n{' ' * column}{key}" for key in keys)
