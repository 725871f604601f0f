"""What names mean: variables, parameters, attributes, definitions, members, records above, columns."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dualprev_rules.facts.possible import EVERY_NUMBER
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Rec, Row, SetOf, Type
from dualprev_rules.lang.describe import describe
from dualprev_rules.lang.tree import AsOf, Climb, Column, Const, Derived, Get, Node, Param, Span, Var
from dualprev_rules.problems import nearest

if TYPE_CHECKING:
    from dualprev_rules.lang.check import Checker

SELF = "self"
_MOST_NAMED = 18
_TRUTH = {"true": True, "false": False, "True": True, "False": False}


def nearest_or_all(
    given: str, names: Iterable[str], also: Mapping[str, Iterable[str]] | None = None
) -> str | None:
    """Return the name nearest to a wrong one, where none is near the names that there are, else None.

    ``also`` says what else a name is called, such as its label.
    """
    known = list(dict.fromkeys(names))
    shown = [*known[:_MOST_NAMED], *(["…"] if len(known) > _MOST_NAMED else [])]
    # Messages put what they propose in quotes: several of them stand in quotes each.
    return nearest(given, known, also or {}) or "”、“".join(shown) or None


def name(checker: Checker, node: ast.Name, expected: Type | None) -> Node | None:
    """Return what a bare name means: a variable, parameter, attribute, definition, member or record above."""
    name = node.id
    span = checker.span(node)
    found: list[Node] = []
    if name in checker.variables:
        found.append(Var(type=checker.variables[name], span=span, name=name))
    if name in checker.scope.variables:
        found.append(Var(type=checker.scope.variables[name], span=span, name=name))
    if name in checker.scope.parameters:
        shape = checker.scope.parameters[name]
        found.append(Param(type=shape.type, span=span, name=name, value=shape.value))
    if checker.scope.entity is not None:
        of = _member_of(checker, Var(type=Rec(checker.scope.entity), span=span, name=SELF), name, span)
        if of is not None:
            found.append(of)
    members = expected.of if isinstance(expected, SetOf) else expected
    if isinstance(members, Enum) and name in members.members:
        found.append(Const(type=members, span=span, value=name))
    if len(found) > 1:
        return checker.fail("lang.ambiguous", node, given=name)
    if found:
        return found[0]
    if name in _TRUTH:
        return Const(type=Bool(), span=span, value=_TRUTH[name])
    if name == "as_of":
        return AsOf(type=Date(), span=span)
    return _above(checker, node, name) or _unknown(checker, node, name, expected)


def _above(checker: Checker, node: ast.Name, name: str) -> Node | None:
    """Read ``parent``, ``self`` or the name of an entity as the record itself or one above it."""
    entity = checker.scope.entity
    if entity is None:
        return None
    span = checker.span(node)
    me = Var(type=Rec(entity), span=span, name=SELF)
    if name in (SELF, entity):
        return me
    if name == "parent":
        holders = [
            e.name
            for e in checker.scope.schema.entities.values()
            if any(a.type == ListOf(Rec(entity)) for a in e.attributes.values())
        ]
        if len(holders) != 1:
            return checker.fail("lang.parent", node, given=entity, holders="、".join(holders))
        return Climb(type=Rec(holders[0]), span=span, of=me, entity=None)
    if name in checker.scope.schema.entities and entity in checker.scope.schema.descend(name):
        return Climb(type=Rec(name), span=span, of=me, entity=name)
    return None


def _unknown(checker: Checker, node: ast.Name, name: str, expected: Type | None) -> None:
    if any(p.place == checker.parsed.source.place(*checker.parsed.span(node)) for p in checker.problems):
        return None
    names = [*checker.variables, *checker.scope.variables, *checker.scope.parameters]
    if checker.scope.entity is not None:
        names += checker.scope.schema.entities[checker.scope.entity].attributes
        names += checker.scope.definition_names(checker.scope.entity)
    if isinstance(expected, Enum):
        near = nearest(name, [*expected.members, *names]) or nearest_or_all(name, expected.members)
        return checker.fail(
            "lang.unknown-member",
            node,
            given=name,
            nearest=near,
            members="、".join(expected.members[:12]),
        )
    return checker.fail(
        "lang.unknown-name",
        node,
        given=name,
        nearest=nearest_or_all(name, names),
        entity=checker.scope.entity or "—",
    )


def attribute(checker: Checker, node: ast.Attribute) -> Node | None:
    """Return what stands after a dot: an attribute or definition of a record, a column of a row."""
    value, attr = node.value, node.attr
    of = checker.check(value)
    if of is None:
        return None
    span = checker.span(node)
    if isinstance(of.type, Row):
        shape = checker.scope.tables[of.type.table]
        if attr not in shape.columns:
            near = nearest_or_all(attr, shape.columns)
            return checker.fail("lang.unknown-column", node, given=attr, nearest=near, table=of.type.table)
        within = shape.ranges.get(attr, EVERY_NUMBER)
        return Column(type=shape.columns[attr], span=span, row=of, name=attr, within=within)
    if not isinstance(of.type, Rec):
        return checker.fail(
            "lang.not-a-record",
            value,
            given=checker.parsed.written(value)[:40],
            type=describe(of.type),
            name=attr,
        )
    found = _member_of(checker, of, attr, span)
    if found is None:
        entity = of.type.entity
        names = [*checker.scope.schema.entities[entity].attributes, *checker.scope.definition_names(entity)]
        return checker.fail(
            "lang.unknown-name", node, given=attr, nearest=nearest_or_all(attr, names), entity=entity
        )
    return found


def _member_of(checker: Checker, of: Node, name: str, span: Span) -> Node | None:
    assert isinstance(of.type, Rec)
    entity = of.type.entity
    attribute = checker.scope.schema.entities[entity].attributes.get(name)
    if attribute is not None:
        return Get(type=attribute.type, span=span, of=of, name=name)
    kind = checker.scope.definition(entity, name)
    if kind is not None:
        return Derived(type=kind, span=span, of=of, entity=entity, name=name)
    return None


def leans(checker: Checker, node: ast.expr) -> bool:
    """Tell whether the node's meaning depends on the other side: a literal, or a name of nothing here."""
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(operand=operand):
            return leans(checker, operand)
        case ast.Name(id=name):
            entity = checker.scope.entity
            known = (
                name in checker.variables
                or name in checker.scope.variables
                or name in checker.scope.parameters
                or name == "as_of"
                or (
                    entity is not None
                    and (
                        name in checker.scope.schema.entities[entity].attributes
                        or checker.scope.definition(entity, name) is not None
                    )
                )
            )
            return not known
        case _:
            return False
