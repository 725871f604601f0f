"""What went wrong, where, and how to mend it: one form for authors', callers' and data faults.

Every problem has a stable code. Its words, in Chinese and English, stand in the catalogue files
beside this module (one file a room of the library); ``docs/problems`` has a page for each.
"""

from dualprev_rules.problems.catalogue import codes, entry
from dualprev_rules.problems.nearest import nearest
from dualprev_rules.problems.problem import DualprevError, Effect, Place, Problem, Severity, problem
from dualprev_rules.problems.words import Words

__all__ = [
    "DualprevError",
    "Effect",
    "Place",
    "Problem",
    "Severity",
    "Words",
    "codes",
    "entry",
    "nearest",
    "problem",
]
