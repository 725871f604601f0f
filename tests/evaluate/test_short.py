"""The reference stays short: a standards body reads it to know what a rule means."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dualprev_rules import evaluate

FOLDER = Path(evaluate.__file__).parent


@pytest.mark.parametrize("module", ["reference", "values"])
def test_it_has_fewer_than_400_lines_without_docstrings(module: str) -> None:
    text = (FOLDER / f"{module}.py").read_text("utf-8")
    lines = set(range(len(text.splitlines())))
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            assert node.end_lineno is not None
            lines -= set(range(node.lineno - 1, node.end_lineno))
    assert len(lines) < 400
