"""Rules, records above and tables, named in a condition by a quoted text."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from dualprev_rules.facts.types import Bool, Rec, Row, Text, Type
from dualprev_rules.lang.describe import describe
from dualprev_rules.lang.names import SELF, nearest_or_all
from dualprev_rules.lang.tree import Climb, Const, Lookup, Node, RuleState, Var
from dualprev_rules.problems import Words, nearest

if TYPE_CHECKING:
    from dualprev_rules.lang.check import Checker


def arguments(checker: Checker, node: ast.Call, least: int, most: int | None) -> list[ast.expr] | None:
    """Return the positional arguments, or note that there are too many, too few, or named ones."""
    name = checker.parsed.written(node.func)
    count = len(node.args)
    if node.keywords:
        return checker.fail(
            "lang.keyword", node.keywords[0], given=node.keywords[0].arg or "**", function=name
        )
    if count < least or (most is not None and count > most):
        exactly, more = Words(f"{least} 个", str(least)), Words(f"{least} 个或更多", f"at least {least}")
        wanted = exactly if most else more
        return checker.fail("lang.arguments", node, given=name, wanted=wanted, count=count)
    return node.args


def rule(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    """Check ``rule('id')``: whether that rule is violated."""
    args = arguments(checker, node, 1, 1)
    if args is None:
        return None
    if not (isinstance(args[0], ast.Constant) and isinstance(args[0].value, str)):
        return checker.fail("lang.text-wanted", args[0], given="rule")
    named = args[0].value
    if named not in checker.scope.rules and named not in checker.scope.other_rules:
        near = nearest_or_all(named, [*checker.scope.rules, *checker.scope.other_rules])
        return checker.fail("lang.unknown-rule", args[0], given=named, nearest=near)
    return _state(checker, node, named)


def _state(checker: Checker, node: ast.expr, rule: str) -> Node | None:
    other = checker.scope.other_rules.get(rule)
    mine, its = checker.scope.entity, other or checker.scope.rules[rule]
    span = checker.span(node)
    if mine is None:
        return checker.fail("lang.rule-entity", node, given=rule, entity=its, mine="—")
    me: Node = Var(type=Rec(mine), span=span, name=SELF)
    if its != mine:
        if mine not in checker.scope.schema.descend(its):
            return checker.fail("lang.rule-entity", node, given=rule, entity=its, mine=mine)
        me = Climb(type=Rec(its), span=span, of=me, entity=its)
    if other is not None:
        return Const(type=Bool(), span=span, value=False)
    return RuleState(type=Bool(), span=span, of=me, rule=rule)


def rules(checker: Checker, star: ast.Starred) -> list[Node | None] | None:
    """Check ``*rules(kind=…, tag=…)``: the states of all rules that it selects."""
    node = star.value
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "rules"):
        return checker.fail("lang.construct", star, given=checker.parsed.written(star)[:40])
    wanted: dict[str, str] = {}
    for keyword in node.keywords:
        value = keyword.value
        if keyword.arg not in ("kind", "tag"):
            return checker.fail("lang.keyword", keyword, given=keyword.arg or "**", function="rules")
        if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
            return checker.fail("lang.text-wanted", value, given="rules")
        wanted[keyword.arg] = value.value
    selected = checker.scope.select_rules(wanted.get("kind"), wanted.get("tag"))
    if node.args or not selected:
        near = _selector(checker, wanted)
        return checker.fail("lang.no-rules", node, given=checker.parsed.written(node)[:60], nearest=near)
    return [_state(checker, node, rule) for rule in selected if rule in checker.scope.rules]


def _selector(checker: Checker, wanted: Mapping[str, str]) -> str | None:
    """Return the selection that is meant where a kind or a tag is misspelt."""
    meant = dict(wanted)
    for key, value in wanted.items():
        known = checker.scope.selectors(key)
        if value not in known:
            near = nearest(value, known, known)
            if near is None:
                return None
            meant[key] = near
    keywords = ", ".join(f"{key}='{value}'" for key, value in meant.items())
    return f"rules({keywords})" if meant != wanted else None


def ancestor(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    """Check ``ancestor('entity')``: the nearest record of that entity above."""
    args = arguments(checker, node, 1, 1)
    if args is None:
        return None
    if not (isinstance(args[0], ast.Constant) and isinstance(args[0].value, str)):
        return checker.fail("lang.text-wanted", args[0], given="ancestor")
    name, mine = args[0].value, checker.scope.entity
    schema = checker.scope.schema
    above = [e for e in schema.entities if mine is not None and mine in schema.descend(e)]
    if name not in above:
        near = nearest_or_all(name, above)
        return checker.fail("lang.no-ancestor", args[0], given=name, nearest=near, entity=mine or "")
    assert mine is not None
    me = Var(type=Rec(mine), span=checker.span(node), name=SELF)
    return Climb(type=Rec(name), span=checker.span(node), of=me, entity=name)


def lookup(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    """Check ``lookup('table', key=…)``: the row that the keys fit."""
    if not (node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)):
        return checker.fail("lang.text-wanted", node.args[0] if node.args else node, given="lookup")
    table = node.args[0].value
    shape = checker.scope.tables.get(table)
    if shape is None:
        near = nearest_or_all(table, checker.scope.tables)
        return checker.fail("lang.unknown-table", node.args[0], given=table, nearest=near)
    pairs: list[tuple[str, ast.expr]] = []
    if len(node.args) == 2 and len(shape.keys) == 1 and not node.keywords:
        pairs.append((shape.keys[0], node.args[1]))
    elif len(node.args) > 1:
        return checker.fail("lang.keys-by-name", node, keys="、".join(shape.keys))
    for keyword in node.keywords:
        names = (*shape.keys, shape.row_key) if shape.row_key else shape.keys
        if keyword.arg not in names:
            given, near = keyword.arg or "**", nearest_or_all(keyword.arg or "", [n for n in names if n])
            return checker.fail("lang.unknown-key", keyword, given=given, nearest=near, table=table)
        pairs.append((keyword.arg or "", keyword.value))
    if not pairs:
        return checker.fail("lang.keys-by-name", node, keys="、".join(shape.keys))
    keys: list[tuple[str, Node]] = []
    for key, value in pairs:
        checked = checker.check(value, Text())
        if checked is None:
            return None
        if not isinstance(checked.type, Text) and not hasattr(checked.type, "members"):
            return checker.fail("lang.key-type", value, given=key, type=describe(checked.type))
        keys.append((key, checked))
    of = _record_of(checker, [key for _, key in keys], shape.entity, node)
    if of is None:
        return None
    return Lookup(type=Row(table), span=checker.span(node), table=table, keys=tuple(keys), of=of)


def _record_of(checker: Checker, keys: list[Node], entity: str | None, node: ast.expr) -> Node | None:
    """Return the record whose facts the rows' conditions ask: the one that the keys are taken of."""
    mine = checker.scope.entity
    span = checker.span(node)
    me = Var(type=Rec(mine or ""), span=span, name=SELF)
    if entity is None or entity == mine:
        return me
    for key in keys:
        of = getattr(key, "of", None)
        if isinstance(of, Node) and of.type == Rec(entity):
            return replace(of)
    return checker.fail("lang.table-entity", node, entity=entity)
