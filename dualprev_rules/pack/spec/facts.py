"""facts.yaml: entities and their attributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from dualprev_rules.pack.source import Map, Scalar, Seq, Tree
from dualprev_rules.pack.spec.keys import FORMS
from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.scalars import (
    BLANK,
    NAMES,
    Answer,
    Days,
    Flag,
    Name,
    Reads,
    Sentence,
    Text,
    fault,
    not_one_of,
    one_of,
    read_text,
)

AttributeType = Literal[
    "bool", "number", "text", "date", "enum", "ordered", "grade", "method", "list", "record"
]
Source = Literal["sensor", "inspector", "document", "declared", "derived"]
Completeness = Literal["assumed", "stated"]
_TYPES = ("bool", "number", "text", "date", "enum", "ordered", "grade", "method", "list", "record")


def _read_members(tree: Tree) -> Tree:
    """Return the members of an enum: a list, or a mapping to their labels."""
    if isinstance(tree, Scalar) or not tree:
        raise fault("pack.members-wanted", place=tree.place())
    for item in tree if isinstance(tree, Seq) else ():
        if not isinstance(item, Scalar) or item.empty:
            raise fault("pack.members-wanted", place=item.place())
    return tree


def _read_form(tree: Map, *kinds: str) -> Map:
    """Return a type written with its members: ``{enum: …}`` or ``{ordered: …}``."""
    if len(tree) == 1:
        tree = tree.renamed({zh: en for en, zh in FORMS.items() if en in kinds})
    if len(tree) != 1 or next(iter(tree)) not in kinds:
        raise fault("pack.type-form", given=", ".join(tree))
    _read_members(next(iter(tree.values())))
    return tree


def _read_type(tree: Tree) -> Tree:
    """Return a type: its name, or ``{enum: …}`` or ``{ordered: …}`` with the members."""
    if isinstance(tree, Map):
        return _read_form(tree, "enum", "ordered")
    text = read_text(tree)
    if text not in _TYPES:
        raise not_one_of(text, _TYPES)
    return tree


def _read_of(tree: Tree) -> Tree:
    """Return what a list is of: an entity, ``text``, or ``{enum: …}``."""
    if isinstance(tree, Map):
        return _read_form(tree, "enum")
    if isinstance(tree, Seq):
        members = ", ".join(read_text(member) for member in tree)
        raise fault("pack.members-listed", nearest=f"{{enum: [{members}]}}")
    read_text(tree)
    return tree


_MEMBERS = {
    "anyOf": [
        {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1},
        {"type": "object", "minProperties": 1},
    ]
}
_CLOSED = {"type": "object", "properties": {"enum": _MEMBERS, "ordered": _MEMBERS}, "maxProperties": 1}
Members = Annotated[Tree, Reads(_read_members, _MEMBERS, BLANK)]
TypeForm = Annotated[Tree, Reads(_read_type, {"anyOf": [{"enum": list(_TYPES)}, _CLOSED]}, BLANK)]
OfForm = Annotated[Tree, Reads(_read_of, {"anyOf": [{"type": "string"}, _CLOSED]}, BLANK)]


def needs(key: str, values: Sequence[str], wanted: str) -> dict[str, Any]:
    """Return the JSON Schema that where ``key`` has one of ``values``, the key ``wanted`` must be there."""
    chosen = {"properties": {key: {"enum": list(values)}}, "required": [key]}
    return {"if": chosen, "then": {"required": [wanted]}}


_MEMBERS_WANTED = needs("type", ("enum", "ordered"), "values")


class RangeSpec(Spec):
    """The range of a number or date: what is impossible lies outside, never what is unusual."""

    min: Text | None = None
    max: Text | None = None
    above: Text | None = None
    """Greater than this."""
    below: Text | None = None
    """Less than this."""


class AttributeSpec(RangeSpec):
    """One attribute of an entity."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [_MEMBERS_WANTED, needs("type", ("list",), "of"), needs("type", ("record",), "to")]
        }
    )

    type: TypeForm
    label: Sentence
    values: Members | None = None
    """Members of an enum, with their labels; of an ordered one the worst first."""
    reads: dict[str, Answer] = Field(default_factory=dict)
    """Further spellings → member (of a bool: → true or false)."""
    unit: Text | None = None
    whole: Flag = False
    of: OfForm | None = None
    to: Name | None = None
    """The entity that a record attribute refers to."""
    aliases: tuple[Text, ...] = ()
    ask: Sentence | None = None
    inherits: Name | None = None
    either: Text | None = None
    if_absent: Annotated[Literal["none"], one_of(Literal["none"])] | None = None
    """``none``: a record that does not mention it has none, instead of an unknown one."""
    stands_for: Name | None = None
    """Another attribute of the record: one that gives this and does not mention that has none of that."""
    completeness: Annotated[Completeness, one_of(Completeness)] = "assumed"
    accept_from: tuple[Annotated[Source, one_of(Source)], ...] = ()
    valid_for: Days | None = None
    check: Annotated[Literal["cas"], one_of(Literal["cas"])] | None = None
    note: Sentence | None = None


class EntitySpec(Spec):
    """A kind of record, or (``extends``) further attributes of one that another pack declares."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["label"]}, {"required": ["extends"]}]}
    )

    label: Sentence | None = None
    extends: Text | None = None
    """``core.unit``: the pack and the entity that the attributes are added to."""
    aliases: tuple[Text, ...] = ()
    key: Text | None = None
    attributes: dict[str, AttributeSpec] = Field(default_factory=dict, json_schema_extra=NAMES)


class TypedSpec(RangeSpec):
    """What a definition or column says of its values."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_MEMBERS_WANTED]})

    type: TypeForm | None = None
    values: Members | None = None
    unit: Text | None = None
    whole: Flag = False
    label: Sentence | None = None
    note: Sentence | None = None
