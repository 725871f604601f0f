"""The compiled evaluator: a ruleset as Python functions over flat rows, held to the reference by tests."""

from dualprev_rules.evaluate.compiled.codes import code_of, counts, outcomes, violated, worst_of_rules
from dualprev_rules.evaluate.compiled.few import FEW
from dualprev_rules.evaluate.compiled.judged import ReadFacts, judge, judge_known, with_rows
from dualprev_rules.evaluate.compiled.program import Program
from dualprev_rules.evaluate.compiled.runtime import Case, how_many_violated
from dualprev_rules.evaluate.compiled.whole import Alone, case_of

__all__ = [
    "FEW",
    "Alone",
    "Case",
    "Program",
    "ReadFacts",
    "case_of",
    "code_of",
    "counts",
    "how_many_violated",
    "judge",
    "judge_known",
    "outcomes",
    "violated",
    "with_rows",
    "worst_of_rules",
]
