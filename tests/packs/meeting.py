"""Whether one record may satisfy two conditions, by what they say of choices and of yes or no."""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import yaml

from tests.packs.parts import PACKS, ROOT

OTHER = "…"
"""A choice that neither condition names."""


def parsed(text: str) -> ast.expr:
    """Return a condition as a tree of its own."""
    return ast.parse(" ".join(text.split()), mode="eval").body


@cache
def _definitions() -> Mapping[str, str]:
    return {
        one["define"]: one["is"]
        for pack in PACKS
        for one in yaml.load(
            (ROOT / f"packs/{pack}/dualprev_pack_{pack}/definitions.yaml").read_bytes(),
            Loader=yaml.CBaseLoader,
        )
        if isinstance(one.get("is"), str) and "type" not in one
    }


class _Spelt(ast.NodeTransformer):
    """Put its condition where a definition's name stands, and the full name where an attribute's does."""

    def __init__(self, entity: str) -> None:
        self.entity = entity

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._spelt(self.entity, node.id)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._spelt(node.value.id, node.attr) if isinstance(node.value, ast.Name) else node

    def _spelt(self, entity: str, name: str) -> ast.expr:
        body = _definitions().get(f"{entity}.{name}")
        if body is not None:
            return _Spelt(entity).visit(parsed(body))
        return ast.Name(f"{entity}.{name}")


def _choices(node: ast.expr) -> tuple[str, ...]:
    parts = node.elts if isinstance(node, ast.Set | ast.Tuple | ast.List) else [node]
    return tuple(str(getattr(one, "value", None) or ast.unparse(one)).split(".")[-1] for one in parts)


def _atom(node: ast.expr) -> tuple[str, tuple[str, ...], bool]:
    """Return what an atom asks about, the choices that it names, and whether it wants one of them."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        op, left, right = node.ops[0], node.left, node.comparators[0]
        if isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) and isinstance(left, ast.Name):
            return left.id, _choices(right), isinstance(op, ast.Eq | ast.In)
        if isinstance(op, ast.NotIn):
            return ast.unparse(ast.Compare(left, [ast.In()], [right])), ("true",), False
    return ast.unparse(node), ("true",), True


def _atoms(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _atoms(value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield from _atoms(node.operand)
    else:
        yield node


def _may(node: ast.expr, wanted: bool, given: Mapping[str, str]) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _may(node.operand, not wanted, given)
    if isinstance(node, ast.BoolOp):
        each = (_may(value, wanted, given) for value in node.values)
        return all(each) if isinstance(node.op, ast.And) is wanted else any(each)
    about, choices, positive = _atom(node)
    return about not in given or ((given[about] in choices) is positive) is wanted


def may_meet(entity: str, conditions: Iterable[str]) -> bool:
    """Return whether one record may satisfy all; what is neither a choice nor yes or no is taken as free."""
    trees: list[Any] = [_Spelt(entity).visit(parsed(text)) for text in conditions]
    named: dict[str, set[str]] = defaultdict(set)
    asked: list[set[str]] = []
    for tree in trees:
        atoms = [_atom(atom) for atom in _atoms(tree)]
        asked.append({about for about, _, _ in atoms})
        for about, choices, _ in atoms:
            named[about] |= {*choices}
    shared = sorted(set[str].intersection(*asked)) if asked else []
    worlds = itertools.product(*(sorted({*named[about], OTHER}) for about in shared))
    return any(
        all(_may(tree, True, dict(zip(shared, world, strict=True))) for tree in trees) for world in worlds
    )
