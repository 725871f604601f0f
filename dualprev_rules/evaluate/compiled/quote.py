"""Write Python as nodes: patterns of our own with parts put in, and functions made of them.

A pattern is a constant of this package, parsed once; the parts are nodes, names that we make, or
constants. No text of a pack is ever parsed as Python: it enters as an ``ast.Constant`` only.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Mapping, Sequence
from functools import cache
from types import CodeType, FunctionType
from typing import Any


@cache
def _pattern(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


@cache
def _patterns(text: str) -> list[ast.stmt]:
    return ast.parse(text).body


def expr(pattern: str, **parts: ast.expr | str) -> ast.expr:
    """Return the expression of a pattern; a name in it that is a part stands for that part.

    A part that is text is the name to put there.
    """
    return _filled(_pattern(pattern), parts)


def stmts(pattern: str, **parts: ast.expr | str | list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a pattern; a part that is a list stands for a statement by itself."""
    return _block(_patterns(pattern), parts)


def put(code: ast.expr, **parts: ast.expr) -> ast.expr:
    """Return made code with parts in the places of its names."""
    return _filled(code, parts)


def const(value: Any) -> ast.expr:
    """Return a constant: None, a truth value, a number or a text."""
    return ast.Constant(value, **_AT)


def name(of: str) -> ast.expr:
    """Return a name that is read."""
    return ast.Name(of, _LOAD, **_AT)


def assigned(of: str, code: ast.expr) -> ast.expr:
    """Return the expression that puts a thing into a local."""
    return ast.NamedExpr(ast.Name(of, _STORE, **_AT), code, **_AT)


def tuple_of(parts: list[ast.expr]) -> ast.expr:
    """Return a tuple."""
    return ast.Tuple(parts, _LOAD, **_AT)


def unpacked(locals_: Sequence[str]) -> ast.expr:
    """Return the locals that the members of a tuple are put into."""
    return ast.Tuple([ast.Name(of, _STORE, **_AT) for of in locals_], _STORE, **_AT)


def list_of(parts: list[ast.expr]) -> ast.expr:
    """Return a list."""
    return ast.List(parts, _LOAD, **_AT)


def call_of(function: ast.expr, args: list[ast.expr]) -> ast.expr:
    """Return a call."""
    return ast.Call(function, args, [], **_AT)


def all_of(tests: list[ast.expr]) -> ast.expr:
    """Return that every test holds."""
    return const(True) if not tests else tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests, **_AT)


def any_of(tests: list[ast.expr]) -> ast.expr:
    """Return that some test holds."""
    return const(False) if not tests else tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests, **_AT)


_LOAD, _STORE = ast.Load(), ast.Store()
_AT: dict[str, Any] = {"lineno": 1, "col_offset": 0}
"""Where code stands that stands in no file: Python wants to know."""


def is_simple(node: ast.expr) -> bool:
    """Tell whether an expression costs nothing to repeat."""
    return isinstance(node, ast.Name | ast.Constant)


def function(called: str, args: Sequence[str], body: list[ast.stmt], within: dict[str, Any]) -> FunctionType:
    """Make a function whose global names are ``within``."""
    arguments = ast.arguments([], [ast.arg(arg, **_AT) for arg in args], None, [], [], None, [])
    module = ast.Module([ast.FunctionDef(called, arguments, body, [], None, **_AT)], [])
    code = compile(module, f"<{called}>", "exec")
    inner = next(part for part in code.co_consts if isinstance(part, CodeType))
    return FunctionType(inner, within, called)


def _filled(node: Any, parts: Mapping[str, Any]) -> Any:
    """Return a pattern with its parts in place; what holds none of them is shared, never changed."""
    kind = node.__class__
    if kind is ast.Name:
        part = parts.get(node.id)
        if part is None:
            return node
        return ast.Name(part, node.ctx, **_AT) if isinstance(part, str) else part
    if kind is ast.Constant:
        return node
    if kind is list:
        made = [_filled(each, parts) for each in node]
        return node if all(map(operator.is_, made, node)) else made
    if not isinstance(node, ast.expr | ast.stmt | ast.keyword | ast.comprehension):
        return node
    fields = {field: getattr(node, field) for field in node._fields}
    filled = {field: _filled(value, parts) for field, value in fields.items()}
    return kind(**filled, **_AT) if any(map(operator.is_not, filled.values(), fields.values())) else node


def _block(patterns: Sequence[ast.stmt], parts: Mapping[str, Any]) -> list[ast.stmt]:
    made: list[ast.stmt] = []
    for node in patterns:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Name):
            part = parts.get(node.value.id)
            if isinstance(part, list):
                made += part
                continue
        if isinstance(node, ast.If | ast.For):
            made.append(_nested(node, parts))
        elif isinstance(node, ast.Try):
            body = _block(node.body, parts)
            made.append(ast.Try(body, node.handlers, node.orelse, node.finalbody, **_AT))
        else:
            made.append(_filled(node, parts))
    return made


def _nested(node: ast.If | ast.For, parts: Mapping[str, Any]) -> ast.stmt:
    body, orelse = _block(node.body, parts), _block(node.orelse, parts)
    if isinstance(node, ast.If):
        return ast.If(_filled(node.test, parts), body, orelse, **_AT)
    return ast.For(_filled(node.target, parts), _filled(node.iter, parts), body, orelse, **_AT)
