"""The compiled evaluator: a ruleset as Python functions over flat rows, held to the reference by tests."""

from dualprev_rules.evaluate.compiled.codes import Codes, code_of
from dualprev_rules.evaluate.compiled.program import Program

__all__ = ["Codes", "Program", "code_of"]
