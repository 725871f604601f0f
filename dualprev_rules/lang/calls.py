"""Functions, quantifiers, aggregates, look-ups and rule references: everything written as a call."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dualprev_rules.facts.types import Bool, Date, ListOf, Number, Rec, Row, SetOf, Text, Type
from dualprev_rules.facts.units import find_unit
from dualprev_rules.lang import numbers
from dualprev_rules.lang.check import SELF, Checker
from dualprev_rules.lang.describe import describe
from dualprev_rules.lang.tree import Aggregate, Call, Climb, Const, Lookup, Node, Quantify, RuleState, Var
from dualprev_rules.problems import nearest

FUNCTIONS = (
    "abs",
    "add_months",
    "add_years",
    "all",
    "ancestor",
    "any",
    "at_least",
    "coalesce",
    "count",
    "count_true",
    "days_between",
    "known",
    "lookup",
    "max",
    "min",
    "rule",
    "sum",
)


def check_call(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    """Check a call of one of the language's functions, or of one that a pack brings."""
    if not isinstance(node.func, ast.Name):
        return checker.fail("lang.construct", node, given=checker.parsed.written(node)[:40])
    name = node.func.id
    handler = _HANDLERS.get(name)
    if handler is not None:
        return handler(checker, node, expected)
    if name in checker.scope.functions:
        return _foreign(checker, node, name)
    names = (*FUNCTIONS, *checker.scope.functions)
    return checker.fail("lang.unknown-function", node.func, given=name, nearest=nearest(name, names) or "?")


def _arguments(checker: Checker, node: ast.Call, least: int, most: int | None) -> list[ast.expr] | None:
    """Return the positional arguments, or note that there are too many, too few, or named ones."""
    name = checker.parsed.written(node.func)
    count = len(node.args)
    if node.keywords or count < least or (most is not None and count > most):
        wanted = str(least) if most == least else f"{least}+" if most is None else f"{least}–{most}"
        return checker.fail("lang.arguments", node, given=name, wanted=wanted, count=count)
    return node.args


# --- over records and sets -----------------------------------------------------------------------


def _over(
    checker: Checker, generator: ast.GeneratorExp
) -> tuple[str, Node, Node | None, Callable[[], None]] | None:
    """Check ``for x in xs if …`` and bring ``x`` into scope until the returned function is called."""
    if len(generator.generators) != 1:
        return checker.fail("lang.one-for", generator)
    part = generator.generators[0]
    if not isinstance(part.target, ast.Name) or part.is_async:
        return checker.fail("lang.construct", part.target, given=checker.parsed.written(part.target)[:40])
    over = _collection(checker, part.iter)
    if over is None:
        return None
    var = part.target.id
    scope = checker.scope
    taken = var in checker.variables or (
        scope.entity is not None and var in scope.schema.entities[scope.entity].attributes
    )
    if taken:
        return checker.fail("lang.ambiguous", part.target, given=var)
    kind: Any = over.type
    checker.variables[var] = kind.of

    def leave() -> None:
        del checker.variables[var]

    where = None
    if part.ifs:
        test = part.ifs[0] if len(part.ifs) == 1 else ast.BoolOp(ast.And(), part.ifs)
        if len(part.ifs) > 1:
            ast.copy_location(test, part.ifs[0])
            test.end_lineno, test.end_col_offset = part.ifs[-1].end_lineno, part.ifs[-1].end_col_offset
        where = checker.truth(test)
        if where is None:
            leave()
            return None
    return var, over, where, leave


def _collection(checker: Checker, node: ast.expr) -> Node | None:
    over = checker.check(node)
    if over is not None and not isinstance(over.type, ListOf | SetOf):
        return checker.fail(
            "lang.not-a-list", node, given=checker.parsed.written(node)[:40], type=describe(over.type)
        )
    return over


def _quantify(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    args = _arguments(checker, node, 1, 1)
    if args is None:
        return None
    if not isinstance(args[0], ast.GeneratorExp):
        return checker.fail("lang.for-wanted", node, given=checker.parsed.written(node.func))
    entered = _over(checker, args[0])
    if entered is None:
        return None
    var, over, where, leave = entered
    body = checker.truth(args[0].elt)
    leave()
    if body is None:
        return None
    kind = "any" if checker.parsed.written(node.func) == "any" else "all"
    return Quantify(
        type=Bool(), span=checker.span(node), kind=kind, var=var, over=over, where=where, body=body
    )


def _count(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    args = _arguments(checker, node, 1, 1)
    if args is None:
        return None
    var, where = "_", None
    if isinstance(args[0], ast.GeneratorExp):
        entered = _over(checker, args[0])
        if entered is None:
            return None
        var, over, where, leave = entered
        element = args[0].elt
        if not (isinstance(element, ast.Name) and element.id == var):
            leave()
            return checker.fail("lang.count", element, given=checker.parsed.written(element)[:40], var=var)
        leave()
    else:
        found = _collection(checker, args[0])
        if found is None:
            return None
        over = found
    return Aggregate(
        type=Number(whole=True),
        span=checker.span(node),
        kind="count",
        var=var,
        over=over,
        where=where,
        body=None,
        default=None,
    )


def _aggregate(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    """``sum``, ``min`` or ``max`` over records; ``min`` and ``max`` of several values are functions."""
    name = checker.parsed.written(node.func)
    if not (node.args and isinstance(node.args[0], ast.GeneratorExp)):
        if name == "sum":
            return checker.fail("lang.for-wanted", node, given=name)
        return _united(checker, node, expected)
    generator = node.args[0]
    default = None
    for keyword in node.keywords:
        if keyword.arg != "default" or name == "sum":
            return checker.fail("lang.keyword", node, given=keyword.arg or "**", function=name)
        default = keyword.value
    if name != "sum" and default is None:
        return checker.fail("lang.default-wanted", node, given=name)
    entered = _over(checker, generator)
    if entered is None:
        return None
    var, over, where, leave = entered
    body = checker.number(generator.elt) if name == "sum" else checker.check(generator.elt)
    leave()
    fallback = checker.check(default, body.type if body else None) if default is not None else None
    if body is None or (default is not None and fallback is None):
        return None
    if not isinstance(body.type, Number | Date):
        return checker.fail("lang.not-a-number", generator.elt, given=name, type=describe(body.type))
    if fallback is not None:
        united = checker.unite(node, [body, fallback])
        if united is None:
            return None
        _, (body, fallback) = united
    return Aggregate(
        type=body.type,
        span=checker.span(node),
        kind=name,  # pyright: ignore[reportArgumentType]
        var=var,
        over=over,
        where=where,
        body=body,
        default=fallback,
    )


# --- functions -----------------------------------------------------------------------------------


def _united(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    """``coalesce``, ``min``, ``max``: several values of one type."""
    args = _arguments(checker, node, 2, None)
    if args is None:
        return None
    first = checker.check(args[0], expected)
    parts = [first, *(checker.check(arg, first.type if first else expected) for arg in args[1:])]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    name = checker.parsed.written(node.func)
    if name != "coalesce" and not isinstance(found[0].type, Number | Date):
        return checker.fail("lang.not-a-number", args[0], given=name, type=describe(found[0].type))
    united = checker.unite(node, found)
    if united is None:
        return None
    kind, checked = united
    return Call(type=kind, span=checker.span(node), function=name, args=tuple(checked))


def _abs(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    args = _arguments(checker, node, 1, 1)
    of = checker.number(args[0]) if args else None
    return of and Call(type=of.type, span=checker.span(node), function="abs", args=(of,))


def _dates(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    name = checker.parsed.written(node.func)
    args = _arguments(checker, node, 2, 2)
    if args is None:
        return None
    first = checker.check(args[0], Date())
    second = checker.check(args[1], Date()) if name == "days_between" else checker.number(args[1])
    if first is None or second is None:
        return None
    if name == "days_between":
        for part, arg in ((first, args[0]), (second, args[1])):
            if not isinstance(part.type, Date):
                return checker.fail(
                    "lang.not-a-date", arg, given=checker.parsed.written(arg)[:40], type=describe(part.type)
                )
        day = find_unit("d")
        assert day is not None
        return Call(type=Number(day, whole=True), span=checker.span(node), function=name, args=(first, second))
    if not isinstance(first.type, Date):
        return checker.fail(
            "lang.not-a-date", args[0], given=checker.parsed.written(args[0])[:40], type=describe(first.type)
        )
    if not numbers.number(second).whole:
        return checker.fail("lang.whole-wanted", args[1], given=checker.parsed.written(args[1])[:40])
    return Call(type=Date(), span=checker.span(node), function=name, args=(first, second))


def _known(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    args = _arguments(checker, node, 1, 1)
    if args is None:
        return None
    if not checker.scope.data_check:
        return checker.fail("lang.known", node)
    of = checker.check(args[0])
    return of and Call(type=Bool(), span=checker.span(node), function="known", args=(of,))


def _counting(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    """``count_true(p, …)`` and ``at_least(n, p, …)``; ``*rules(…)`` stands for several conditions."""
    name = checker.parsed.written(node.func)
    args = _arguments(checker, node, 1 if name == "count_true" else 2, None)
    if args is None:
        return None
    parts: list[Node | None] = []
    if name == "at_least":
        parts.append(checker.number(args[0]))
        args = args[1:]
    for arg in args:
        if isinstance(arg, ast.Starred):
            selected = _rules(checker, arg)
            parts += selected if selected is not None else [None]
        else:
            parts.append(checker.truth(arg))
    found = tuple(part for part in parts if part is not None)
    if len(found) < len(parts):
        return None
    kind = Number(whole=True) if name == "count_true" else Bool()
    return Call(type=kind, span=checker.span(node), function=name, args=found)


def _foreign(checker: Checker, node: ast.Call, name: str) -> Node | None:
    function = checker.scope.functions[name]
    args = _arguments(checker, node, len(function.args), len(function.args))
    if args is None:
        return None
    checked: list[Node] = []
    for arg, wanted in zip(args, function.args, strict=True):
        part = checker.check(arg, wanted)
        if part is None:
            return None
        if isinstance(wanted, Number) and isinstance(part.type, Number):
            marker = Const(type=wanted, span=part.span, value=True)
            matched = checker.match_units(marker, part, arg)
            if matched is None:
                return None
            part = matched[1]
        elif part.type != wanted:
            return checker.fail(
                "lang.compare", arg, given=name, left=describe(part.type), right=describe(wanted)
            )
        checked.append(part)
    return Call(type=function.result, span=checker.span(node), function=name, args=tuple(checked))


# --- rules, records above, tables ----------------------------------------------------------------


def _rule(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    args = _arguments(checker, node, 1, 1)
    if args is None:
        return None
    if not (isinstance(args[0], ast.Constant) and isinstance(args[0].value, str)):
        return checker.fail("lang.text-wanted", args[0], given="rule")
    rule = args[0].value
    if rule not in checker.scope.rules:
        near = nearest(rule, checker.scope.rules) or "?"
        return checker.fail("lang.unknown-rule", args[0], given=rule, nearest=near)
    return _state(checker, node, rule)


def _state(checker: Checker, node: ast.AST, rule: str) -> Node | None:
    mine, its = checker.scope.entity, checker.scope.rules[rule]
    span = checker.span(node)
    assert mine is not None
    me: Node = Var(type=Rec(mine), span=span, name=SELF)
    if its != mine:
        if mine not in checker.scope.schema.descend(its):
            return checker.fail("lang.rule-entity", node, given=rule, entity=its, mine=mine)
        me = Climb(type=Rec(its), span=span, of=me, entity=its)
    return RuleState(type=Bool(), span=span, of=me, rule=rule)


def _rules(checker: Checker, star: ast.Starred) -> list[Node | None] | None:
    node = star.value
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "rules"):
        return checker.fail("lang.construct", star, given=checker.parsed.written(star)[:40])
    wanted: dict[str, str] = {}
    for keyword in node.keywords:
        value = keyword.value
        if keyword.arg not in ("kind", "tag"):
            return checker.fail("lang.keyword", node, given=keyword.arg or "**", function="rules")
        if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
            return checker.fail("lang.text-wanted", value, given="rules")
        wanted[keyword.arg] = value.value
    selected = checker.scope.select_rules(wanted.get("kind"), wanted.get("tag"))
    if node.args or not selected:
        return checker.fail("lang.no-rules", node, given=checker.parsed.written(node)[:60])
    return [_state(checker, node, rule) for rule in selected]


def _ancestor(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    args = _arguments(checker, node, 1, 1)
    if args is None:
        return None
    if not (isinstance(args[0], ast.Constant) and isinstance(args[0].value, str)):
        return checker.fail("lang.text-wanted", args[0], given="ancestor")
    name, mine = args[0].value, checker.scope.entity
    schema = checker.scope.schema
    above = [e for e in schema.entities if mine is not None and mine in schema.descend(e)]
    if name not in above:
        near = nearest(name, above) or "、".join(above) or "?"
        return checker.fail("lang.no-ancestor", args[0], given=name, nearest=near, entity=mine or "")
    assert mine is not None
    me = Var(type=Rec(mine), span=checker.span(node), name=SELF)
    return Climb(type=Rec(name), span=checker.span(node), of=me, entity=name)


def _lookup(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    if not (node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)):
        return checker.fail("lang.text-wanted", node, given="lookup")
    table = node.args[0].value
    shape = checker.scope.tables.get(table)
    if shape is None:
        near = nearest(table, checker.scope.tables) or "?"
        return checker.fail("lang.unknown-table", node.args[0], given=table, nearest=near)
    pairs: list[tuple[str, ast.expr]] = []
    if len(node.args) == 2 and len(shape.keys) == 1 and not node.keywords:
        pairs.append((shape.keys[0], node.args[1]))
    elif len(node.args) > 1:
        return checker.fail("lang.keys-by-name", node, keys="、".join(shape.keys))
    for keyword in node.keywords:
        names = (*shape.keys, shape.row_key) if shape.row_key else shape.keys
        if keyword.arg not in names:
            near = nearest(keyword.arg or "", [n for n in names if n]) or "、".join(shape.keys)
            return checker.fail("lang.unknown-key", node, given=keyword.arg or "**", nearest=near, table=table)
        pairs.append((keyword.arg, keyword.value))
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


def _record_of(checker: Checker, keys: list[Node], entity: str | None, node: ast.AST) -> Node | None:
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


_HANDLERS: dict[str, Callable[[Checker, ast.Call, Type | None], Node | None]] = {
    "abs": _abs,
    "add_months": _dates,
    "add_years": _dates,
    "all": _quantify,
    "ancestor": _ancestor,
    "any": _quantify,
    "at_least": _counting,
    "coalesce": _united,
    "count": _count,
    "count_true": _counting,
    "days_between": _dates,
    "known": _known,
    "lookup": _lookup,
    "max": _aggregate,
    "min": _aggregate,
    "rule": _rule,
    "sum": _aggregate,
}
