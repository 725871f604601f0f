"""What changed between two versions of a pack, and the version step that it calls for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dualprev_rules.authoring.xlsx.write import flow
from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.source import Map, Scalar, Tree

What = Literal["added", "removed", "changed"]
Step = Literal["major", "minor", "patch"]
_WORDS = frozenset(
    (
        "aliases",
        "ask",
        "because",
        "codes",
        "confirmed",
        "evidence",
        "gap",
        "if_found",
        "label",
        "message",
        "method",
        "missing",
        "monotone",
        "note",
        "replacement",
        "source",
        "title",
        "unless_because",
        "version",
        "words",
    )
)
"""Keys that determine nothing."""
_BROKEN = frozenset(("type", "unit", "values", "of", "to", "key"))
"""Keys of a fact or table whose change makes what callers give mean something else."""
_CALLED = frozenset(("fact", "rule", "definition", "table", "instrument"))
"""What others name: where it is gone, they break."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is there, is gone, or says something else."""

    what: What
    part: str
    """What it is: ``rule``, ``fact``, ``table`` …"""
    id: str
    key: str | None = None
    old: str | None = None
    new: str | None = None

    @property
    def step(self) -> Step:
        """The version step that the change calls for by itself."""
        if self.what == "removed":
            return "major" if self.part in _CALLED else "minor"
        if self.what == "added" and self.part != "case":
            return "minor"
        if self.part == "case" or (self.key or "").split(".")[0] in _WORDS:
            return "patch"
        return "major" if self.part in ("fact", "table") and self.key in _BROKEN else "minor"


def changes(old: PackSource, new: PackSource) -> tuple[Change, ...]:
    """Return what differs between two versions of a pack, part by part, in the order of the new one."""
    before, after = _parts(old), _parts(new)
    found: list[Change] = []
    for name, tree in after.items():
        if name not in before:
            found.append(Change("added", *name))
            continue
        found += _changed(name, before[name], tree)
    found += [Change("removed", *name) for name in before if name not in after]
    return tuple(found)


def step(found: Iterable[Change]) -> Step | None:
    """Return the version step that changes call for; None where nothing changed.

    Major: what others name is gone, or a fact means something else; minor: a determination is new or
    another; patch: only words and cases.
    """
    steps = {change.step for change in found}
    order: tuple[Step, ...] = ("major", "minor", "patch")
    return next((each for each in order if each in steps), None)


def _changed(name: tuple[str, str], old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for key in dict.fromkeys((*new, *old)):
        if old.get(key) != new.get(key):
            yield Change("changed", *name, key, old.get(key), new.get(key))


def _parts(source: PackSource) -> dict[tuple[str, str], dict[str, str]]:
    """Return every part of a pack by kind and id, as its keys with what stands there."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    if source.spec is not None:
        found["pack", source.id] = _said(source.spec.tree, "instruments")
        found |= {("instrument", one.id): _said(one.tree) for one in source.spec.instruments}
    for entity in source.entities:
        found["entity", entity.name.text] = _said(entity.spec.tree)
        for key, spec in entity.attributes:
            found["fact", f"{entity.name.text}.{key.text}"] = _said(spec.tree)
    for table, rows in source.tables:
        name = ("table", table.table)
        found[name] = _said(table.tree, "rows") | dict(_rows(rows))
    found |= {("definition", one.define): _said(one.tree) for one in source.definitions}
    found |= {("rule", one.rule): _said(one.tree) for one in source.rules}
    found |= {("method", one.method): _said(one.tree) for one in source.methods}
    found |= {("measure", one.measure): _said(one.tree) for one in source.measures}
    for checklist in source.checklists:
        found["checklist", checklist.checklist] = _said(checklist.tree, "items")
        found |= {("item", item.item): _said(item.tree) for item in checklist.items}
    found |= {("warning", one.warning): _said(one.tree) for one in source.warnings}
    found |= {("case", one.case): _said(one.tree) for one in source.cases}
    return found


def _said(tree: Map, *apart: str) -> dict[str, str]:
    return {key: _text(value) for key, value in tree.items() if key not in apart}


def _rows(rows: Iterable[Tree]) -> Iterator[tuple[str, str]]:
    for at, row in enumerate(rows, 1):
        number = row.text("no") if isinstance(row, Map) else None
        yield f"rows[{number or at}]", flow(row)


def _text(tree: Tree) -> str:
    return " ".join(tree.text.split()) if isinstance(tree, Scalar) else flow(tree)
