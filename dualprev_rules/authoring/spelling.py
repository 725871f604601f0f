"""How the names, words and members of one condition are spelt in Chinese, and back."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Bool, Enum, Rec, SetOf
from dualprev_rules.lang.spelling import (
    CHINESE,
    FUNCTIONS_ZH,
    NAMES,
    RESERVED,
    Respelt,
    in_chinese,
    in_english,
)
from dualprev_rules.lang.tree import AsOf, Climb, Const, Derived, Get, Node, Var, children
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems.words import Lang

_LAST_NAME = re.compile(r"(?:「[^」]*」|'[^']*'|\"[^\"]*\"|\w+)\s*$")
_UNSAFE = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f「」\s]")
_TAKEN = frozenset((*RESERVED, *NAMES.values(), *FUNCTIONS_ZH.values(), *CHINESE))


@dataclass(frozen=True, slots=True)
class Labels:
    """What can be written in the place of names: a label that one thing alone has."""

    attributes: Mapping[str, Mapping[str, str]]
    """Entity → attribute or definition → label."""
    members: Mapping[Enum, Mapping[str, str]]
    entities: Mapping[str, str]

    def named(self, name: str, entity: str | None) -> bool:
        """Tell whether an attribute or definition of an entity (None: of any) has this name."""
        return any(name in of for each, of in self.attributes.items() if entity in (None, each))

    @classmethod
    def of(cls, rulesets: Sequence[Ruleset]) -> Labels:
        """Gather the labels of the rulesets of several days, but those that differ from day to day."""
        schema = rulesets[0].schema
        attributes: dict[str, dict[str, str]] = {}
        for entity in schema.entities.values():
            called = {a.name: a.label.zh for a in entity.attributes.values()}
            attributes[entity.name] = _lone({**called, **_defined(rulesets, entity.name)})
        entities = _lone({e.name: e.label.zh for e in schema.entities.values()})
        return cls(attributes, _member_labels(schema), entities)


def _defined(rulesets: Sequence[Ruleset], entity: str) -> dict[str, str]:
    labels: dict[str, set[str]] = {}
    for ruleset in rulesets:
        for definition in ruleset.definitions.values():
            if definition.entity == entity:
                labels.setdefault(definition.name, set()).add(definition.label.zh)
    return {name: next(iter(found)) if len(found) == 1 else name for name, found in labels.items()}


def _lone(called: Mapping[str, str]) -> dict[str, str]:
    """Return by name the labels that are no name, and that no other has; else the name itself."""
    every = Counter(called.values())
    return {n: label if every[label] == 1 and label not in called else n for n, label in called.items()}


def _member_labels(schema: Schema) -> dict[Enum, dict[str, str]]:
    found: dict[Enum, dict[str, str]] = {}
    for entity in schema.entities.values():
        for attribute in entity.attributes.values():
            kind = attribute.type.of if isinstance(attribute.type, SetOf) else attribute.type
            if isinstance(kind, Enum):
                labels = {member: label.zh for member, label in attribute.member_labels.items()}
                found[kind] = {**labels, **found.get(kind, {})}
    return {kind: _lone(labels) for kind, labels in found.items()}


def words(text: str, lang: Lang) -> Iterator[Respelt]:
    """Yield the operators and functions of a condition in the language wanted."""
    yield from in_chinese(text) if lang == "zh" else in_english(text)


def names(text: str, node: Node, labels: Labels, lang: Lang) -> Iterator[Respelt]:
    """Yield the names of a condition as labels (``zh``), or its labels as names (``en``)."""
    found: dict[tuple[int, int], str] = {}
    of = _about(node)
    for part in _below(node):
        match = _LAST_NAME.search(text, part.span.start, part.span.end)
        if match is None or match.end() != part.span.end:
            continue
        called = _called(part, labels)
        if called is None:
            continue
        name, label = called
        written = match[0].strip()
        start, end = match.start(), match.start() + len(written)
        bare = start == part.span.start or isinstance(part, Get | Derived)
        if not bare:
            continue
        member = isinstance(part.type, Enum) and isinstance(part, Const)
        quote = written[0] if member and written[0] in "'\"" else ""
        if quote:
            start, end, written = start + 1, end - 1, written[1:-1]
        if lang == "zh" and unicodedata.normalize("NFKC", written) == name and label is not None:
            spelt = _spelt(label, quote=quote)
            if spelt is not None and label != name:
                found[start, end] = spelt
        elif lang == "en" and written != name and written.strip("「」") == label:
            if quote or not member:
                found[start, end] = name
            else:
                # What something else is called, too, or is neither name nor figure, stands in quotes.
                bare = name.isdecimal() or (name.isidentifier() and not labels.named(name, of))
                found[start, end] = name if bare else f"'{name}'"
    yield from ((start, end, spelt) for (start, end), spelt in found.items())


def members(text: str, node: Node) -> Iterator[Respelt]:
    """Yield the members of closed lists that a condition names, by the names that they have in English."""
    for part in _below(node):
        match = _LAST_NAME.search(text, part.span.start, part.span.end)
        if isinstance(part, Const) and isinstance(part.type, Enum) and match is not None:
            written = match[0].strip()
            if match.start() == part.span.start and match.end() == part.span.end:
                yield match.start(), match.start() + len(written), str(part.value)


def _about(node: Node) -> str | None:
    """Return the entity whose records a condition is about, where it shows."""
    mine = (part.type for part in _below(node) if isinstance(part, Var) and part.name == "self")
    return next((kind.entity for kind in mine if isinstance(kind, Rec)), None)


def _called(part: Node, labels: Labels) -> tuple[str, str | None] | None:
    """Return the name of what a node stands for, and its label."""
    match part:
        case Get(of=of, name=name) if isinstance(of.type, Rec):
            return name, labels.attributes.get(of.type.entity, {}).get(name)
        case Derived(entity=entity, name=name):
            return name, labels.attributes.get(entity, {}).get(name)
        case Const(type=Enum() as kind, value=str(member)):
            return member, labels.members.get(kind, {}).get(member)
        case Const(type=Bool(), value=bool(value)):
            return ("true", NAMES["true"]) if value else ("false", NAMES["false"])
        case Climb(entity=str(entity)):
            return entity, labels.entities.get(entity)
        case Climb(entity=None):
            return "parent", NAMES["parent"]
        case AsOf():
            return "as_of", NAMES["as_of"]
        case Var(name="self"):
            return "self", NAMES["self"]
        case _:
            return None


def _spelt(label: str, *, quote: str) -> str | None:
    """Return a label as a condition has it, or None where it cannot stand in one."""
    if quote:
        return label if label and not {*"'\"“”‘’\n"} & {*label} else None
    if label in NAMES.values():
        return label
    if label.isidentifier() and unicodedata.normalize("NFKC", label) == label:
        return None if label in _TAKEN or keyword.iskeyword(label) else label
    return None if _UNSAFE.search(label) or not label else f"「{label}」"


def _below(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _below(child)
