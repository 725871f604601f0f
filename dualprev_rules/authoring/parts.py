"""The keys, words and conditions of a pack's files, found by the form of each kind of file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from dualprev_rules.pack.source import Map, Scalar, Seq, Tree
from dualprev_rules.pack.spec import AttributeSpec, EntitySpec, EverySpec, FileKind, Spec, TableSpec
from dualprev_rules.pack.spec.keys import ENGLISH, FORMS, OF_DECISION_ROWS, OF_ROWS, OF_VALUES
from dualprev_rules.pack.spec.scalars import Reads

_FORM_KEYS: Mapping[str, str] = {zh: en for en, zh in FORMS.items()}


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it stands in a file, and its English name."""

    at: Scalar
    name: str
    form: bool = False
    """True of a key that is a form of a type, as ``enum`` in ``{enum: …}``."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as it stands in a file."""

    at: Scalar


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a closed list as it stands in a file, and its English spelling."""

    at: Scalar
    name: str


Part = Key | Condition | Word


def parts(kind: FileKind, tree: Tree) -> Iterator[Part]:
    """Yield the keys that the form of a file has, and its conditions; an author's own names are neither."""
    if kind.shape == "by_name":
        for entity in tree.values() if isinstance(tree, Map) else ():
            yield from _entity(entity)
        return
    for item in tree if isinstance(tree, Seq) else (tree,):
        yield from parts_of(item, kind.model)


def _entity(tree: Tree) -> Iterator[Part]:
    yield from parts_of(tree, EntitySpec)


def parts_of(tree: Tree, model: type[Spec]) -> Iterator[Part]:
    """Yield the parts of a mapping that has the form of a model."""
    if not isinstance(tree, Map):
        return
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for key, value in tree.items():
        name = key if key in fields else ENGLISH.get(key, key)
        field = fields.get(name)
        if field is None:
            continue
        yield Key(tree.keys_at[key], name)
        if model is TableSpec and name == "rows":
            yield from _rows(value, tree)
        elif model is EntitySpec and name == "attributes":
            for attribute in value.values() if isinstance(value, Map) else ():
                yield from parts_of(attribute, AttributeSpec)
        else:
            yield from _value(value, field.annotation, tuple(field.metadata))


def _value(tree: Tree, kind: Any, metadata: tuple[Any, ...]) -> Iterator[Part]:
    """Yield the parts of a value, by the annotation of its field."""
    origin, args = get_origin(kind), get_args(kind)
    reads = next((each for each in metadata if isinstance(each, Reads)), None)
    if origin is Annotated:
        yield from _value(tree, args[0], args[1:])
    elif reads is not None:
        yield from _read(tree, reads)
    elif origin in (Union, UnionType):
        (wanted,) = (each for each in args if each is not NoneType)
        yield from _value(tree, wanted, metadata)
    elif origin is tuple:
        for item in tree if isinstance(tree, Seq) else (tree,):
            yield from _value(item, args[0], ())
    elif origin is dict:
        for item in tree.values() if isinstance(tree, Map) else ():
            yield from _value(item, args[1], ())
    elif isinstance(kind, type) and issubclass(kind, Spec):
        yield from parts_of(tree, kind)


def _read(tree: Tree, reads: Reads) -> Iterator[Part]:
    """Yield the parts of what is read by a function of its own."""
    match reads.read.__name__, tree:
        case "_located", Scalar():
            yield Condition(tree)
        case "read_word", Scalar():
            word = tree.text.strip()
            yield Word(tree, OF_VALUES.get(word, word))
        case "_read_row", Map():
            for key in tree:
                if ENGLISH.get(key, key) in OF_DECISION_ROWS:
                    yield Key(tree.keys_at[key], ENGLISH.get(key, key))
        case "_read_type" | "_read_of", Map():
            for key in tree:
                if key in FORMS or key in _FORM_KEYS:
                    yield Key(tree.keys_at[key], _FORM_KEYS.get(key, key), form=True)
        case "_read_every", Map():
            yield from parts_of(tree, EverySpec)
        case _:
            return


def _rows(rows: Tree, table: Map) -> Iterator[Part]:
    """Yield the keys of a look-up table's rows that are no columns, and the conditions of rows."""
    own = {name for key in ("columns", "列") for name in _names(table.get(key))}
    own |= {name for key in ("key", "键") for name in _searched(table.get(key))}
    for row in rows if isinstance(rows, Seq) else ():
        if not isinstance(row, Map):
            continue
        for key, cell in row.items():
            name = key if key in OF_ROWS else ENGLISH.get(key, key)
            if name in OF_ROWS and key not in own:
                yield Key(row.keys_at[key], name)
                if name == "when" and isinstance(cell, Scalar):
                    yield Condition(cell)


def _names(tree: Tree | None) -> Iterator[str]:
    yield from tree if isinstance(tree, Map) else ()


def _searched(tree: Tree | None) -> Iterator[str]:
    for columns in tree.values() if isinstance(tree, Map) else ():
        for column in columns if isinstance(columns, Seq) else (columns,):
            if isinstance(column, Scalar):
                yield column.text.strip()
