"""The condition language: a small subset of Python's expression grammar, parsed, typed, never executed.

``compile_condition`` and ``compile_decision`` turn what an author wrote into a tree (``lang.tree``)
that every evaluator works from, or into problems with their places: all of them, not the first only.
``docs/language.md`` is the specification.
"""

from dualprev_rules.lang.calls import FUNCTIONS
from dualprev_rules.lang.compile import compile_condition
from dualprev_rules.lang.day import read_date
from dualprev_rules.lang.decision import DecisionSource, InputSource, RowSource, compile_decision
from dualprev_rules.lang.scope import Function, ParameterShape, Scope, TableShape
from dualprev_rules.lang.text import Inline, Located

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
