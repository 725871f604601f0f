"""The condition language: a small subset of Python's expression grammar, parsed, typed, never executed.

``compile_condition`` and ``compile_decision`` turn what an author wrote into a tree (``lang.tree``)
that every evaluator works from, or into problems with their places: all of them, not the first only.
``docs/language.md`` is the specification. Parser and checker are imported when they are asked for: a pack
that comes from the cache needs the tree alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dualprev_rules.lang.calls import FUNCTIONS
    from dualprev_rules.lang.compile import compile_condition
    from dualprev_rules.lang.day import read_date
    from dualprev_rules.lang.decision import DecisionSource, InputSource, RowSource, compile_decision
    from dualprev_rules.lang.scope import Function, ParameterShape, Scope, TableShape
    from dualprev_rules.lang.text import Inline, Located

_HOMES = {
    "FUNCTIONS": "calls",
    "DecisionSource": "decision",
    "Function": "scope",
    "Inline": "text",
    "InputSource": "decision",
    "Located": "text",
    "ParameterShape": "scope",
    "RowSource": "decision",
    "Scope": "scope",
    "TableShape": "scope",
    "compile_condition": "compile",
    "compile_decision": "decision",
    "read_date": "day",
}


def __getattr__(name: str) -> Any:
    """Import a public name where it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


__all__ = [
    "FUNCTIONS",
    "DecisionSource",
    "Function",
    "Inline",
    "InputSource",
    "Located",
    "ParameterShape",
    "RowSource",
    "Scope",
    "TableShape",
    "compile_condition",
    "compile_decision",
    "read_date",
]
