"""The columns evaluator: a ruleset over the rows of a frame, held to the reference by tests."""

from dualprev_rules.evaluate.columns.codes import NAMES
from dualprev_rules.evaluate.columns.exact import cell_codes
from dualprev_rules.evaluate.columns.faults import no_faults
from dualprev_rules.evaluate.columns.frames import lazy, nested, shape
from dualprev_rules.evaluate.columns.judging import Codes, judge
from dualprev_rules.evaluate.columns.missing import lists_about
from dualprev_rules.evaluate.columns.result import Asked, FrameResult, Judged
from dualprev_rules.evaluate.columns.shape import Shape, shape_of

__all__ = [
    "NAMES",
    "Asked",
    "Codes",
    "FrameResult",
    "Judged",
    "Shape",
    "cell_codes",
    "judge",
    "lazy",
    "lists_about",
    "nested",
    "no_faults",
    "shape",
    "shape_of",
]
