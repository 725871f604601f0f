"""What changed between two versions of a pack, and the version step that it calls for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dualprev_rules.authoring.fmt import Known, in_english
from dualprev_rules.authoring.parts import Condition, Part, parts_of
from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.source import Map, Scalar, Seq, Tree
from dualprev_rules.pack.spec import Spec

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


def changes(old: PackSource, new: PackSource, known: tuple[Known, Known] = ({}, {})) -> tuple[Change, ...]:
    """Return what differs between two versions of a pack, part by part, in the order of the new one.

    Another spelling is no difference: keys and words in Chinese or English, the order of keys, a list of
    one and its member. Names in conditions are the same in Chinese and in English where ``known`` has them.
    """
    before, after = _parts(old, known[0]), _parts(new, known[1])
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


def _parts(source: PackSource, known: Known) -> dict[tuple[str, str], dict[str, str]]:
    """Return every part of a pack by kind and id, as its keys with what stands there."""
    found: dict[tuple[str, str], dict[str, str]] = {}

    def put(kind: str, name: str, spec: Spec, *apart: str) -> None:
        said = _Said(tuple(parts_of(spec.tree, type(spec))), known)
        found[kind, name] = said.by_key(spec.tree, *apart)

    if source.spec is not None:
        put("pack", source.id, source.spec, "instruments")
        for instrument in source.spec.instruments:
            put("instrument", instrument.id, instrument)
    for entity in source.entities:
        put("entity", entity.name.text, entity.spec, "attributes")
        for key, spec in entity.attributes:
            put("fact", f"{entity.name.text}.{key.text}", spec)
    for table, rows in source.tables:
        put("table", table.table, table, "rows")
        said = _Said(tuple(parts_of(table.tree, type(table))), known)
        found["table", table.table] |= dict(said.rows(rows))
    for definition in source.definitions:
        put("definition", definition.define, definition)
    for rule in source.rules:
        put("rule", rule.rule, rule)
    for method in source.methods:
        put("method", method.method, method)
    for measure in source.measures:
        put("measure", measure.measure, measure)
    for checklist in source.checklists:
        put("checklist", checklist.checklist, checklist, "items")
        for item in checklist.items:
            put("item", item.item, item)
    for warning in source.warnings:
        put("warning", warning.warning, warning)
    for case in source.cases:
        put("case", case.case, case)
    return found


class _Said:
    """What trees of one part say, whichever way that is spelt."""

    def __init__(self, of: Sequence[Part], known: Known) -> None:
        self._known = known
        self._names = {id(part.at): part.name for part in of if not isinstance(part, Condition)}
        self._conditions = {id(part.at) for part in of if isinstance(part, Condition)}

    def by_key(self, tree: Map, *apart: str) -> dict[str, str]:
        """Return by each key, in English, what stands there."""
        keys = {key: self._key(tree, key) for key in tree}
        return {name: self.text(tree[key]) for key, name in keys.items() if name not in apart}

    def rows(self, rows: Seq) -> Iterator[tuple[str, str]]:
        """Yield each row of a table under its number."""
        for at, row in enumerate(rows, 1):
            number = row.text("no") if isinstance(row, Map) else None
            yield f"rows[{number or at}]", self.text(row)

    def text(self, tree: Tree) -> str:
        """Return what a tree says on one line."""
        match tree:
            case Scalar() if id(tree) in self._conditions:
                return in_english(tree, self._known)
            case Scalar(style="cell", text=text) if "|" in text:
                # So a sheet writes several.
                return f"[{', '.join(part.strip() for part in text.split('|'))}]"
            case Scalar():
                return self._names.get(id(tree)) or " ".join(tree.text.split())
            case Map():
                said = sorted((self._key(tree, key), self.text(value)) for key, value in tree.items())
                return "{" + ", ".join(f"{key}: {text}" for key, text in said) + "}"
            case Seq():
                said = [self.text(each) for each in tree]
                return said[0] if len(said) == 1 else f"[{', '.join(said)}]"

    def _key(self, tree: Map, key: str) -> str:
        at = tree.keys_at.get(key)
        return self._names.get(id(at), key) if at is not None else key
