"""Evaluators of checked trees. ``reference`` is the meaning; the others are held to it by tests."""

from dualprev_rules.evaluate.outcome import Outcome
from dualprev_rules.evaluate.reference import Reference
from dualprev_rules.evaluate.trace import Step

__all__ = ["Outcome", "Reference", "Step"]
