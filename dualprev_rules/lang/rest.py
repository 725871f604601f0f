"""What stands beside a part at fault: it is checked too, so that one run names every fault of a condition."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dualprev_rules.facts.types import Enum, ListOf, SetOf, Type
from dualprev_rules.lang.excel import spelt_out
from dualprev_rules.lang.names import labels, leaning, leans, truth_meant
from dualprev_rules.lang.scope import Scope
from dualprev_rules.problems import nearest

if TYPE_CHECKING:
    from dualprev_rules.lang.check import Checker


_NAMED = ("ancestor", "lookup", "rule")
"""Functions whose first argument is a name in quotes."""


def check_rest(checker: Checker, node: ast.expr) -> None:
    """Check the parts of a node at fault that nothing has looked at.

    They stand without what would say how they are meant, so only what is wrong by itself is found.
    """
    match node:
        case ast.Call(args=args, keywords=keywords):
            named = isinstance(node.func, ast.Name) and node.func.id in _NAMED
            _look(checker, [*args[1 if named else 0 :], *(keyword.value for keyword in keywords)])
        case ast.BoolOp() | ast.UnaryOp() | ast.BinOp() | ast.Compare() | ast.IfExp() | ast.Attribute():
            _look(checker, [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)])
        case _:
            pass


def _look(checker: Checker, parts: Sequence[ast.expr]) -> None:
    for part in parts:
        if part in checker.met:
            continue
        match part:
            case ast.GeneratorExp():
                _members(checker, part)
            case ast.Set(elts=elements) | ast.List(elts=elements) | ast.Tuple(elts=elements):
                _look(checker, elements)
            case ast.Name() if leans(checker, part):
                _name(checker, part)
            case ast.Call() if spelt_out(checker.parsed.written(part)) is not None:
                check_rest(checker, part)  # the form of Excel around it is mended with it
            case ast.Starred():
                pass
            case _:
                checker.check(part)


def _members(checker: Checker, node: ast.GeneratorExp) -> None:
    """Check what is said of the members of a list; of a list at fault their kind is not known."""
    outer, unknown = dict(checker.variables), set(checker.unknown)
    for part in node.generators:
        if part.iter not in checker.met:
            checker.check(part.iter)
        over = checker.met.get(part.iter)
        if not isinstance(part.target, ast.Name):
            return
        taken = leaning(checker, part.target) == 0
        if over is not None and isinstance(over.type, ListOf | SetOf) and not taken:
            checker.variables[part.target.id] = over.type.of
        else:
            checker.variables.pop(part.target.id, None)
            checker.unknown.add(part.target.id)
    said = [test for part in node.generators for test in part.ifs]
    _look(checker, [*said, node.elt])
    checker.variables, checker.unknown = outer, unknown


def _name(checker: Checker, node: ast.Name) -> None:
    """Note a name that is like one of the record's or like a member of an enum, and is neither."""
    scope = checker.scope
    members = {member for kind in _types(scope) if isinstance(kind, Enum) for member in kind.members}
    if node.id in members or truth_meant(node.id) is not None or scope.entity is None:
        return
    mine = [*scope.schema.entities[scope.entity].attributes, *scope.definition_names(scope.entity)]
    near = nearest(node.id, [*mine, *sorted(members)], labels(scope, scope.entity))
    if near is not None:
        checker.fail("lang.unknown-name", node, given=node.id, nearest=near, entity=scope.entity)


def _types(scope: Scope) -> Iterator[Type | None]:
    for entity in scope.schema.entities.values():
        kinds = [attribute.type for attribute in entity.attributes.values()]
        for kind in (
            *kinds,
            *(scope.definition(entity.name, d) for d in scope.definition_names(entity.name)),
        ):
            yield kind.of if isinstance(kind, SetOf) else kind
