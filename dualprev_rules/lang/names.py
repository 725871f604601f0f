"""What names mean: variables, parameters, attributes, definitions, members, records above, columns."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from dualprev_rules.facts.possible import EVERY_NUMBER
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Rec, Row, SetOf, Type
from dualprev_rules.lang.day import day_meant
from dualprev_rules.lang.describe import describe
from dualprev_rules.lang.scope import Scope
from dualprev_rules.lang.spelling import NAMES
from dualprev_rules.lang.spoken import NOTHING, TODAY, bound_at, figure_in_words, parted, range_at
from dualprev_rules.lang.tree import AsOf, Climb, Column, Const, Derived, Get, Node, Param, Span, Var
from dualprev_rules.problems import nearest
from dualprev_rules.problems.denial import near_unless_denied, opposed

if TYPE_CHECKING:
    from dualprev_rules.lang.check import Checker

SELF = "self"
_MOST_NAMED = 20
_TRUTH = {
    **dict.fromkeys(("true", "True", NAMES["true"]), True),
    **dict.fromkeys(("false", "False", NAMES["false"]), False),
}
_AS_OF, _PARENT, _SELF = (("as_of", NAMES["as_of"]), ("parent", NAMES["parent"]), (SELF, NAMES[SELF]))
_TRUTH_MEANT = {
    **dict.fromkeys(("是", "有", "对", "真", "yes", "y", "on", "1", "√", "true"), "true"),
    **dict.fromkeys(("否", "无", "没有", "错", "假", "no", "n", "off", "0", "×", "false"), "false"),
}
_IS = frozenset("为是系")


def nearest_or_all(
    given: str, names: Iterable[str], also: Mapping[str, Iterable[str]] | None = None
) -> str | None:
    """Return the name nearest to a wrong one, where none is near the names that there are, else None.

    ``also`` says what else a name is called, such as its label. What denies is never near to its opposite.
    """
    known = list(dict.fromkeys(names))
    shown = [*known[:_MOST_NAMED], *(["…"] if len(known) > _MOST_NAMED else [])]
    # Messages put what they propose in quotes: several of them stand in quotes each.
    return _undenied(given, known, also or {}) or "”、“".join(shown) or None


def _undenied(given: str, names: Iterable[str], also: Mapping[str, Iterable[str]]) -> str | None:
    near = nearest(given, names, also)
    return None if near is None or opposed(given, near, *also.get(near, ())) else near


def truth_meant(text: str) -> str | None:
    """Return ``true`` or ``false`` where a word of another kind means it."""
    return _TRUTH_MEANT.get(text.strip().casefold())


def named(checker: Checker, text: str) -> str | None:
    """Return the name that a quoted text is, or is the label of, where there is one."""
    scope = checker.scope
    if scope.entity is None:
        return None
    known = [*scope.parameters, *scope.schema.entities[scope.entity].attributes]
    known += scope.definition_names(scope.entity)
    also = labels(scope, scope.entity)
    return next((name for name in known if text in (name, *also.get(name, ()))), None)


def labels(scope: Scope, entity: str) -> dict[str, tuple[str, ...]]:
    """Return what else the attributes and definitions of an entity are called."""
    attributes = scope.schema.entities[entity].attributes.values()
    also = {a.name: (a.label.zh, a.label.en, *a.aliases) for a in attributes}
    return {**scope.definition_labels(entity), **also}


def member_labels(scope: Scope, of: Enum) -> dict[str, tuple[str, ...]]:
    """Return what else the members of an enum are called, by the attributes that have it."""
    also: dict[str, tuple[str, ...]] = {}
    for entity in scope.schema.entities.values():
        for attribute in entity.attributes.values():
            kind = attribute.type.of if isinstance(attribute.type, SetOf) else attribute.type
            if kind == of:
                for member, label in attribute.member_labels.items():
                    also[member] = (*also.get(member, ()), label.zh, label.en)
                for spelling, member in attribute.member_aliases.items():
                    also[member] = (*also.get(member, ()), spelling)
    return also


def name(checker: Checker, node: ast.Name, expected: Type | None) -> Node | None:
    """Return what a bare name means: a variable, parameter, attribute, definition, member or record above."""
    name = node.id
    if name in checker.unknown:
        return None
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
    labelled = _labelled(checker, name, expected, span)
    if len(labelled) > 1:
        return checker.fail("lang.ambiguous", node, given=name)
    if labelled:
        return labelled[0]
    if name in _TRUTH:
        return Const(type=Bool(), span=span, value=_TRUTH[name])
    if name in _AS_OF:
        return AsOf(type=Date(), span=span)
    return _above(checker, node, name) or _unknown(checker, node, name, expected)


def _above(checker: Checker, node: ast.Name, name: str) -> Node | None:
    """Read ``parent``, ``self`` or the name of an entity as the record itself or one above it."""
    entity = checker.scope.entity
    if entity is None:
        return None
    span = checker.span(node)
    me = Var(type=Rec(entity), span=span, name=SELF)
    name = _entity_labelled(checker.scope, name)
    if name in (*_SELF, entity):
        return me
    if name in _PARENT:
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


def _labelled(checker: Checker, name: str, expected: Type | None, span: Span) -> list[Node]:
    """Return what a Chinese label means: a member of the other side, else an attribute of the record."""
    scope = checker.scope
    members = expected.of if isinstance(expected, SetOf) else expected
    if isinstance(members, Enum):
        also = member_labels(scope, members)
        called = [member for member in members.members if name in also.get(member, ())]
        if called:
            return [Const(type=members, span=span, value=member) for member in called]
    if scope.entity is None:
        return []
    return _members_labelled(checker, Var(type=Rec(scope.entity), span=span, name=SELF), name, span)


def _members_labelled(checker: Checker, of: Node, label: str, span: Span) -> list[Node]:
    """Return the attributes and definitions of a record that are called so in Chinese."""
    assert isinstance(of.type, Rec)
    named = _called_so(checker.scope, of.type.entity, label)
    return [node for name in named if (node := _member_of(checker, of, name, span)) is not None]


def _called_so(scope: Scope, entity: str, label: str) -> list[str]:
    """Return the names of the attributes and definitions of an entity with this label."""
    names = [a.name for a in scope.schema.entities[entity].attributes.values() if a.label.zh == label]
    defined = scope.definition_labels(entity).items()
    return list(dict.fromkeys([*names, *(name for name, called in defined if label in called[:1])]))


def _entity_labelled(scope: Scope, name: str) -> str:
    """Return the entity that is called so in Chinese, or the name as it is."""
    entities = scope.schema.entities
    if name in entities:
        return name
    called = [entity.name for entity in entities.values() if entity.label.zh == name]
    return called[0] if len(called) == 1 else name


def _unknown(checker: Checker, node: ast.Name, name: str, expected: Type | None) -> None:
    if any(p.place == checker.parsed.source.place(*checker.parsed.span(node)) for p in checker.problems):
        return None
    scope = checker.scope
    names = [*checker.variables, *scope.variables, *scope.parameters]
    also: dict[str, tuple[str, ...]] = {}
    if scope.entity is not None:
        names += scope.schema.entities[scope.entity].attributes
        names += scope.definition_names(scope.entity)
        also = labels(scope, scope.entity)
    if name.casefold() in NOTHING:
        return checker.fail("lang.null", node, given=name)
    if name.casefold() in TODAY and not isinstance(expected, Enum):
        return checker.fail(
            "lang.unknown-name", node, given=name, nearest="as_of", entity=scope.entity or "—"
        )
    if isinstance(expected, Bool) and truth_meant(name) is not None:
        return checker.fail("lang.truth", node, given=name, nearest=truth_meant(name))
    if (said := _said_at_once(checker, name)) is not None:
        return checker.fail("lang.sign", node, given=name, nearest=said)
    if (parts := parted(name)) is not None and nearest(parts[0], names, also) is not None:
        left = nearest(parts[0], names, also) or parts[0]
        right = day_meant(parts[2]) or parts[2]
        said = f"{left} {parts[1]} {right}" if parts[1] is not None else None
        return checker.fail("lang.sign", node, given=name, nearest=said)
    if isinstance(expected, Enum):
        also |= member_labels(scope, expected)
        near = _undenied(name, [*expected.members, *names], also) or nearest_or_all(name, expected.members)
        return checker.fail(
            "lang.unknown-member",
            node,
            given=name,
            nearest=near,
            members="、".join(expected.members[:12]),
        )
    if figure_in_words(name):
        return checker.fail("lang.figure", node, given=name)
    near, denied = near_unless_denied(name, names, also, partial(_is_truth, scope, scope.entity))
    if near is None and not denied and isinstance(expected, Bool):
        near = _compared_with(checker, name)
    if denied:
        near = f"not {near}" if near is not None else None
    else:
        near = near or nearest_or_all(name, names, also)
    return checker.fail("lang.unknown-name", node, given=name, nearest=near, entity=scope.entity or "—")


def _said_at_once(checker: Checker, text: str) -> str | None:
    """Return what is meant by a name with its range, bound or member behind it: ``人数在50人以上``."""
    for end in range(len(text) - 1, 0, -1):
        name = named(checker, text[:end])
        if name is None:
            continue
        said = range_at(text, end, name)
        if said is not None and said.end == len(text):
            return said.meant
        bound = bound_at(text, end)
        if bound is not None and bound.end == len(text):
            return f"{name} {bound.meant}"
        member = _called_member(checker, name, text[end + 1 :]) if text[end] in _IS else None
        if member is not None:
            return f"{name} == {member}"
    return None


def _called_member(checker: Checker, attribute: str, called: str) -> str | None:
    """Return the member of an attribute's enum that is called so."""
    entity = checker.scope.schema.entities[checker.scope.entity or ""]
    kind = entity.attributes[attribute].type if attribute in entity.attributes else None
    if not isinstance(kind, Enum):
        return None
    also = member_labels(checker.scope, kind)
    return next((one for one in kind.members if called in (one, *also.get(one, ()))), None)


def _is_truth(scope: Scope, entity: str | None, name: str) -> bool:
    """Tell whether a fact is true or false."""
    attribute = scope.schema.entities[entity].attributes.get(name) if entity is not None else None
    return attribute is not None and attribute.type == Bool()


def _compared_with(checker: Checker, member: str) -> str | None:
    """Return the comparison that is meant by a member that stands alone, if one attribute has it."""
    if checker.scope.entity is None:
        return None
    attributes = checker.scope.schema.entities[checker.scope.entity].attributes.values()
    having = [a.name for a in attributes if isinstance(a.type, Enum) and member in a.type.members]
    return f"{having[0]} == '{member}'" if len(having) == 1 else None


def attribute(checker: Checker, node: ast.Attribute) -> Node | None:
    """Return what stands after a dot: an attribute or definition of a record, a column of a row."""
    value, attr = node.value, node.attr
    of = checker.check(value)
    if of is None or attr in checker.unknown:
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
        written = checker.parsed.written(value)[:40]
        near = f"x.{attr} … for x in {written}" if isinstance(of.type, ListOf) else None
        return checker.fail(
            "lang.not-a-record", value, given=written, nearest=near, type=describe(of.type), name=attr
        )
    found = _member_of(checker, of, attr, span)
    if found is None:
        labelled = _members_labelled(checker, of, attr, span)
        if len(labelled) > 1:
            return checker.fail("lang.ambiguous", node, given=attr)
        found = labelled[0] if labelled else None
    if found is None:
        entity = of.type.entity
        names = [*checker.scope.schema.entities[entity].attributes, *checker.scope.definition_names(entity)]
        also = labels(checker.scope, entity)
        near, denied = near_unless_denied(attr, names, also, partial(_is_truth, checker.scope, entity))
        if denied:
            near = f"not {checker.parsed.written(value)}.{near}" if near is not None else None
        else:
            near = near or nearest_or_all(attr, names, also)
        return checker.fail("lang.unknown-name", node, given=attr, nearest=near, entity=entity)
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
    return leaning(checker, node) == 2


def leaning(checker: Checker, node: ast.expr) -> int:
    """Return how much the node's meaning depends on the other side.

    0: not at all; 1: a label, which a member of the other side may have too; 2: a literal, or a name of
    nothing here.
    """
    match node:
        case ast.Constant():
            return 2
        case ast.UnaryOp(operand=operand):
            return leaning(checker, operand)
        case ast.IfExp(body=body, orelse=otherwise):
            return min(leaning(checker, body), leaning(checker, otherwise))
        case ast.Name(id=name):
            scope, entity = checker.scope, checker.scope.entity
            if (
                name in checker.variables
                or name in checker.unknown
                or name in scope.variables
                or name in scope.parameters
                or name in _AS_OF
                or (
                    entity is not None
                    and (
                        name in scope.schema.entities[entity].attributes
                        or scope.definition(entity, name) is not None
                    )
                )
            ):
                return 0
            return 1 if entity is not None and _called_so(scope, entity, name) else 2
        case _:
            return 0
