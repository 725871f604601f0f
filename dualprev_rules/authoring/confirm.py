"""Confirm the figures of a rule against the official text: the only way from recalled to official."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.source import Map, Scalar, Tree
from dualprev_rules.pack.spec import RuleSpec
from dualprev_rules.pack.spec.keys import OF_VALUES, VALUES
from dualprev_rules.problems import DualprevError, nearest, problem

Edit = tuple[int, int, str]


def confirmed(
    source: PackSource, folder: Path, rule: str, against: str, by: str, day: date
) -> dict[Path, bytes]:
    """Return the file of a rule with its citations ``official``, and who compared them with what, when.

    Raises DualprevError for a rule that the pack has not, and for one that is confirmed already.
    """
    specs = {spec.rule: spec for spec in source.rules}
    if rule not in specs:
        raise DualprevError(problem("cli.no-rule", given=rule, nearest=nearest(rule, specs) or "…"))
    spec = specs[rule]
    cites = _citations(spec)
    note = f"{day.isoformat()} {by} 核对 {against}"
    edits = [edit for cite in cites for edit in _of_citation(cite)]
    if not edits:
        raise DualprevError(problem("authoring.confirmed", given=rule, place=spec.at("cite")))
    file = cites[0].file
    start = file.text.rfind("\n", 0, spec.tree.start) + 1
    edits.append((start, start, f"{' ' * _indent(file.text, start)}# 已核对：{' '.join(note.split())}\n"))
    text = file.text
    for first, last, new in sorted(edits, reverse=True):
        text = text[:first] + new + text[last:]
    path = folder / file.name.removeprefix(f"{source.root}/")
    newline = "\r\n" if b"\r\n" in path.read_bytes() else "\n"
    return {path: text.replace("\n", newline).encode()}


def _indent(text: str, start: int) -> int:
    line = text[start:].partition("\n")[0]
    return len(line) - len(line.lstrip(" "))


def _citations(spec: RuleSpec) -> list[Map]:
    written = spec.written("cite")
    listed: list[Tree] = (
        list(written) if isinstance(written, list) else [written] if written is not None else []
    )
    return [each for each in listed if isinstance(each, Map)]


def _of_citation(cite: Map) -> list[Edit]:
    for key in ("status", "依据状态"):
        status = cite.get(key)
        if isinstance(status, Scalar):
            word = VALUES["official"] if status.text in OF_VALUES else "official"
            return [] if status.text in ("official", word) else [(status.start, status.end, word)]
    clause = cite.get("clause", cite.get("条款"))
    if not isinstance(clause, Scalar):
        return []
    at_key = next(cite.keys_at[key] for key in cite if cite[key] is clause)
    word = "依据状态" if not at_key.text.isascii() else "status"
    text = cite.file.text
    if text[cite.start : cite.start + 1] == "{":
        return [(clause.end, clause.end, f", {word}: official")]
    column = at_key.start - (text.rfind("\n", 0, at_key.start) + 1)
    return [(clause.end, clause.end, f"\n{' ' * column}{word}: official")]
