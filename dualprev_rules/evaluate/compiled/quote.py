"""Write Python as nodes: patterns of our own with parts put in, and functions made of them.

A pattern is a constant of this package, parsed once; the parts are nodes, names that we make, or
constants. No text of a pack is ever parsed as Python: it enters as an ``ast.Constant`` only.
"""

from __future__ import annotations

import ast
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
    return ast.Constant(value)


def name(of: str) -> ast.expr:
    """Return a name that is read."""
    return ast.Name(of, ast.Load())


def is_simple(node: ast.expr) -> bool:
    """Tell whether an expression costs nothing to repeat."""
    return isinstance(node, ast.Name | ast.Constant)


def function(called: str, args: Sequence[str], body: list[ast.stmt], within: dict[str, Any]) -> FunctionType:
    """Make a function whose global names are ``within``."""
    made = ast.FunctionDef(
        called,
        ast.arguments([], [ast.arg(arg) for arg in args], None, [], [], None, []),
        body,
        [],
        None,
    )
    module = ast.fix_missing_locations(ast.Module([made], []))
    code = compile(module, f"<{called}>", "exec")
    inner = next(part for part in code.co_consts if isinstance(part, CodeType))
    return FunctionType(inner, within, called)


def _filled(node: Any, parts: Mapping[str, Any]) -> Any:
    """Return a copy of a pattern with its parts in place; parts themselves are shared, never changed."""
    if type(node) is ast.Name:
        part = parts.get(node.id)
        if part is None:
            return node
        return ast.Name(part, node.ctx) if isinstance(part, str) else part
    if isinstance(node, ast.AST):
        fields = {field: _filled(getattr(node, field), parts) for field in node._fields}
        return type(node)(**fields)
    if isinstance(node, list):
        return [_filled(each, parts) for each in node]  # pyright: ignore[reportUnknownVariableType]
    return node


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
            made.append(ast.Try(body, node.handlers, node.orelse, node.finalbody))
        else:
            made.append(_filled(node, parts))
    return made


def _nested(node: ast.If | ast.For, parts: Mapping[str, Any]) -> ast.stmt:
    body, orelse = _block(node.body, parts), _block(node.orelse, parts)
    if isinstance(node, ast.If):
        return ast.If(_filled(node.test, parts), body, orelse)
    return ast.For(_filled(node.target, parts), _filled(node.iter, parts), body, orelse)
