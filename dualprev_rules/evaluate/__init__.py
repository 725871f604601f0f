"""Evaluators of checked trees. ``reference`` is the meaning; the others are held to it by tests."""

from dualprev_rules.evaluate.reference import Outcome, Reference, Step

__all__ = ["Outcome", "Reference", "Step"]
