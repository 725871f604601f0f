"""What definitions and rules at fault name: enough to tell the circles that they are part of."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import ListOf, Rec
from dualprev_rules.lang.parse import parse
from dualprev_rules.lang.text import Located
from dualprev_rules.pack.resolve.scopes import Scopes
from dualprev_rules.pack.spec import DefinitionSpec, RuleSpec
from dualprev_rules.pack.spec.scalars import BLANK


def needs_as_written(spec: DefinitionSpec | RuleSpec, entity: str, scopes: Scopes) -> tuple[str, ...]:
    """Return the ids of the definitions and rules that are named, as far as the text alone tells."""
    if isinstance(spec, RuleSpec):
        texts: tuple[Located | None, ...] = (spec.applies, spec.violated, spec.unless)
    else:
        inputs = spec.decide.inputs if spec.decide is not None else ()
        texts = (spec.is_, spec.when, *(column.is_ or column.name for column in inputs))
    found = [
        n for text in texts if text is not None and text is not BLANK for n in _named(text, entity, scopes)
    ]
    return tuple(dict.fromkeys(found))


def _named(text: Located, entity: str, scopes: Scopes) -> Iterator[str]:
    parsed, _ = parse(text)
    if parsed is None:
        return
    nodes = [*ast.walk(parsed.expression)]
    loops: dict[str, str | None] = {}
    for node in nodes:
        if isinstance(node, ast.comprehension) and isinstance(node.target, ast.Name):
            loops[node.target.id] = _record(node.iter, entity, loops, scopes.schema)
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id="rule"), args=[ast.Constant(value=str() as rule)]):
                yield rule
            case ast.Name(id=name) if name not in loops:
                yield from _definition(entity, name, scopes)
            case ast.Attribute(value=value, attr=name):
                yield from _definition(_record(value, entity, loops, scopes.schema), name, scopes)
            case _:
                pass


def _definition(entity: str | None, given: str, scopes: Scopes) -> Iterator[str]:
    if entity is None:
        return
    labels = scopes.definition_labels(entity)
    for name in scopes.definition_names(entity):
        if given in (name, *labels.get(name, ())[:1]):
            yield f"{entity}.{name}"


def _record(node: ast.expr, entity: str, loops: Mapping[str, str | None], schema: Schema) -> str | None:
    """Return the entity of a record, or of the records of a list."""
    match node:
        case ast.Name(id=name) if name in loops:
            return loops[name]
        case ast.Name(id="self"):
            return entity
        case ast.Name(id=name) if name in schema.entities:
            return name
        case ast.Name(id=name):
            holder = entity
        case ast.Attribute(value=value, attr=name):
            holder = _record(value, entity, loops, schema)
        case _:
            return None
    attribute = schema.entities[holder].attributes.get(name) if holder is not None else None
    kind = attribute.type if attribute is not None else None
    of = kind.of if isinstance(kind, ListOf) else kind
    return of.entity if isinstance(of, Rec) else None
