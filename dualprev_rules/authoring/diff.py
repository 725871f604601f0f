"""What changed between two versions of a pack, and the version step that it calls for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

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
        "status",
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
    in_words: bool = False
    """Whether only words within differ, which determine nothing: a note, a label, who confirmed it."""

    @property
    def step(self) -> Step:
        """The version step that the change calls for by itself."""
        if self.what == "removed":
            return "major" if self.part in _CALLED else "minor"
        if self.what == "added" and self.part != "case":
            return "minor"
        if self.part == "case" or self.in_words or self.key in _WORDS:
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


def bumped(version: str, by: Step) -> str | None:
    """Return the version that a step leads to; None where there are no three numbers to step.

    >>> bumped("1.4.2", "minor")
    '1.5.0'
    """
    numbers = version.split(".")
    if len(numbers) != 3 or not all(part.isdecimal() for part in numbers):
        return None
    major, minor, patch = map(int, numbers)
    match by:
        case "major":
            return f"{major + 1}.0.0"
        case "minor":
            return f"{major}.{minor + 1}.0"
        case "patch":
            return f"{major}.{minor}.{patch + 1}"


def _changed(name: tuple[str, str], old: Mapping[str, Texts], new: Mapping[str, Texts]) -> Iterator[Change]:
    for key in dict.fromkeys((*new, *old)):
        before, after = old.get(key), new.get(key)
        if before != after:
            in_words = before is not None and after is not None and before.bare == after.bare
            said = (of.said if of is not None else None for of in (before, after))
            yield Change("changed", *name, key, *said, in_words=in_words)


def _parts(source: PackSource, known: Known) -> dict[tuple[str, str], dict[str, Texts]]:
    """Return every part of a pack by kind and id, as its keys with what stands there."""
    found: dict[tuple[str, str], dict[str, Texts]] = {}

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


class Texts(NamedTuple):
    """What stands at a key, whole and without the words within that determine nothing."""

    said: str
    bare: str


class _Said:
    """What trees of one part say, whichever way that is spelt."""

    def __init__(self, of: Sequence[Part], known: Known) -> None:
        self._known = known
        self._names = {id(part.at): part.name for part in of if not isinstance(part, Condition)}
        self._conditions = {id(part.at) for part in of if isinstance(part, Condition)}

    def by_key(self, tree: Map, *apart: str) -> dict[str, Texts]:
        """Return by each key, in English, what stands there."""
        keys = {key: self._key(tree, key) for key in tree}
        return {name: self._texts(tree[key]) for key, name in keys.items() if name not in apart}

    def rows(self, rows: Seq) -> Iterator[tuple[str, Texts]]:
        """Yield each row of a table under its number."""
        for at, row in enumerate(rows, 1):
            number = row.text("no") if isinstance(row, Map) else None
            yield f"rows[{number or at}]", self._texts(row)

    def _texts(self, tree: Tree) -> Texts:
        return Texts(self.text(tree), self.text(tree, bare=True))

    def text(self, tree: Tree, *, bare: bool = False) -> str:
        """Return what a tree says on one line; ``bare`` without words that determine nothing."""
        match tree:
            case Scalar() if id(tree) in self._conditions:
                return in_english(tree, self._known)
            case Scalar(style="cell", text=text) if "|" in text:
                # So a sheet writes several.
                return f"[{', '.join(part.strip() for part in text.split('|'))}]"
            case Scalar():
                return self._names.get(id(tree)) or " ".join(tree.text.split())
            case Map():
                kept = (
                    (key, value) for key, value in tree.items() if not (bare and self._is_word(tree, key))
                )
                said = sorted((self._key(tree, key), self.text(value, bare=bare)) for key, value in kept)
                return "{" + ", ".join(f"{key}: {text}" for key, text in said) + "}"
            case Seq():
                said = [self.text(each, bare=bare) for each in tree]
                return said[0] if len(said) == 1 else f"[{', '.join(said)}]"

    def _is_word(self, tree: Map, key: str) -> bool:
        """Tell whether a key of the form, and no name of the author's own, holds words."""
        return self._names.get(id(tree.keys_at.get(key))) in _WORDS

    def _key(self, tree: Map, key: str) -> str:
        at = tree.keys_at.get(key)
        return self._names.get(id(at), key) if at is not None else key
