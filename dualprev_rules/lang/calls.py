"""Functions, quantifiers, aggregates, look-ups and rule references: everything written as a call."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from dualprev_rules.facts.types import Bool, Date, ListOf, Number, SetOf, Type
from dualprev_rules.facts.units import NUMBER, find_unit
from dualprev_rules.lang import numbers, references
from dualprev_rules.lang.check import Checker
from dualprev_rules.lang.describe import describe
from dualprev_rules.lang.excel import spelt_out
from dualprev_rules.lang.names import leaning, named, nearest_or_all
from dualprev_rules.lang.references import arguments
from dualprev_rules.lang.spoken import TODAY
from dualprev_rules.lang.tree import Aggregate, Call, Const, Node, Quantify
from dualprev_rules.problems import Words

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


_ELSEWHERE = {
    "abs": ("绝对值",),
    "add_months": ("EDATE",),
    "all": ("所有", "全部", "every"),
    "any": ("任一", "存在", "exists", "some"),
    "as_of": ("NOW", *TODAY),
    "coalesce": ("IFERROR", "IFNA", "ifnull"),
    "count": ("COUNTIF", "COUNTIFS", "COUNTA", "len", "计数", "个数"),
    "days_between": ("DATEDIF", "DAYS", "datediff"),
    "lookup": ("VLOOKUP", "XLOOKUP", "HLOOKUP", "查表"),
    "max": ("最大值", "MAXIFS"),
    "min": ("最小值", "MINIFS"),
    "sum": ("SUMIF", "SUMIFS", "SUMPRODUCT", "求和", "合计"),
}
"""What Excel and other languages call the functions."""


_AT_LEAST = re.compile(r"(?:至少|不少于)([0-9]+)[项个条种]?")
_AT_MOST = re.compile(r"(?:至多|最多|不超过|不多于)([0-9]+)[项个条种]?")
_NOT_KNOWN = ("unknown", "is_unknown", "not_known", "is_not_known", "missing", "is_missing", "未知", "未填")
_IN_OTHER_WORDS = {
    **dict.fromkeys(_NOT_KNOWN, "not known(…)"),
    **dict.fromkeys(("not_any", "none", "none_of", "no", "没有"), "not any(…)"),
    **dict.fromkeys(("not_all", "不都", "不全"), "not all(…)"),
    "at_most": "count_true(…) <= n",
    "count_false": "count_true(not …, not …)",
}
"""Functions that there are not, and how what they mean is written."""


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
    if name == "rules":
        written = checker.parsed.written(node)[:60]
        return checker.fail("lang.star", node, given=written, nearest=f"*{written}")
    meant = spelt_out(checker.parsed.written(node))
    if meant is not None:
        return checker.fail("lang.excel", node, given=checker.parsed.written(node)[:60], nearest=meant)
    if named(checker, name) is not None and node.args:
        right = checker.parsed.written(node.args[0])[:40]
        return checker.fail("lang.operator", node.args[0], left=name, right=right)
    if name.casefold() in ("isblank", "isempty", "isna", "isnull"):
        return checker.fail("lang.null", node, given=name)
    names = (*FUNCTIONS, *checker.scope.functions, "as_of")
    some = _AT_LEAST.fullmatch(name)
    most = _AT_MOST.fullmatch(name)
    if some is not None:
        near = f"at_least({some[1]}, …)"
    elif most is not None:
        near = f"count_true(…) <= {most[1]}"
    else:
        near = _IN_OTHER_WORDS.get(name.casefold()) or nearest_or_all(name, names, _ELSEWHERE)
    return checker.fail("lang.unknown-function", node.func, given=name, nearest=near)


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
    args = arguments(checker, node, 1, 1)
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
    args = arguments(checker, node, 1, 1)
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
    if len(node.args) > 1:
        return checker.fail(
            "lang.arguments", node, given=name, wanted=Words("1 个", "1"), count=len(node.args)
        )
    default = None
    for keyword in node.keywords:
        if keyword.arg != "default" or name == "sum":
            return checker.fail("lang.keyword", keyword, given=keyword.arg or "**", function=name)
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
        written = checker.parsed.written(generator.elt)[:40]
        return checker.fail("lang.not-a-number", generator.elt, given=written, type=describe(body.type))
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
    args = arguments(checker, node, 2, None)
    if args is None:
        return None
    # What stands for itself says how literals and members beside it are read.
    leading = min(range(len(args)), key=lambda i: leaning(checker, args[i]))
    first = checker.check(args[leading], expected)
    kind = first.type if first else expected
    parts = [first if i == leading else checker.check(arg, kind) for i, arg in enumerate(args)]
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    name = checker.parsed.written(node.func)
    if name != "coalesce" and not isinstance(found[0].type, Number | Date):
        written = checker.parsed.written(args[0])[:40]
        return checker.fail("lang.not-a-number", args[0], given=written, type=describe(found[0].type))
    united = checker.unite(node, found)
    if united is None:
        return None
    kind, checked = united
    return Call(type=kind, span=checker.span(node), function=name, args=tuple(checked))


def _abs(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    args = arguments(checker, node, 1, 1)
    of = checker.number(args[0]) if args else None
    return of and Call(type=of.type, span=checker.span(node), function="abs", args=(of,))


def _dates(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    name = checker.parsed.written(node.func)
    args = arguments(checker, node, 2, 2)
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
        days = Number(find_unit("d") or NUMBER, whole=True)
        return Call(type=days, span=checker.span(node), function=name, args=(first, second))
    if not isinstance(first.type, Date):
        return checker.fail(
            "lang.not-a-date", args[0], given=checker.parsed.written(args[0])[:40], type=describe(first.type)
        )
    calendar = find_unit("月" if name == "add_months" else "年") or NUMBER
    unit = calendar if numbers.unit_of(second).dimension == calendar.dimension else NUMBER
    if numbers.unit_of(second).dimension != unit.dimension:
        given = describe(second.type)
        return checker.fail("lang.units", args[1], left=describe(Number(calendar)), right=given)
    second = numbers.rescale(second, unit)
    if not numbers.number(second).whole:
        return checker.fail("lang.whole-wanted", args[1], given=checker.parsed.written(args[1])[:40])
    return Call(type=Date(), span=checker.span(node), function=name, args=(first, second))


def _known(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    args = arguments(checker, node, 1, 1)
    if args is None:
        return None
    if not checker.scope.data_check:
        return checker.fail("lang.known", node)
    of = checker.check(args[0])
    return of and Call(type=Bool(), span=checker.span(node), function="known", args=(of,))


def _counting(checker: Checker, node: ast.Call, expected: Type | None) -> Node | None:
    """``count_true(p, …)`` and ``at_least(n, p, …)``; ``*rules(…)`` stands for several conditions."""
    name = checker.parsed.written(node.func)
    args = arguments(checker, node, 1 if name == "count_true" else 2, None)
    if args is None:
        return None
    parts: list[Node | None] = []
    if name == "at_least":
        parts.append(checker.number(args[0]))
        args = args[1:]
    for arg in args:
        if isinstance(arg, ast.Starred):
            selected = references.rules(checker, arg)
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
    args = arguments(checker, node, len(function.args), len(function.args))
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
            return checker.fail("lang.wrong-type", arg, type=describe(part.type), wanted=describe(wanted))
        checked.append(part)
    return Call(type=function.result, span=checker.span(node), function=name, args=tuple(checked))


_HANDLERS: dict[str, Callable[[Checker, ast.Call, Type | None], Node | None]] = {
    "abs": _abs,
    "add_months": _dates,
    "add_years": _dates,
    "all": _quantify,
    "ancestor": references.ancestor,
    "any": _quantify,
    "at_least": _counting,
    "coalesce": _united,
    "count": _count,
    "count_true": _counting,
    "days_between": _dates,
    "known": _known,
    "lookup": references.lookup,
    "max": _aggregate,
    "min": _aggregate,
    "rule": references.rule,
    "sum": _aggregate,
}
