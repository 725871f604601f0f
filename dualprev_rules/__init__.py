"""Chinese work-safety standards that run as code: rules, grades and hidden hazards, clause by clause."""

from dualprev_rules.engine import Engine
from dualprev_rules.problems import DualprevError, Place, Problem, Words
from dualprev_rules.result import Cited, Finding, Question, Result

__all__ = [
    "Cited",
    "DualprevError",
    "Engine",
    "Finding",
    "Place",
    "Problem",
    "Question",
    "Result",
    "Words",
]
