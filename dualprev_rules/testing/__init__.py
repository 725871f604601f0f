"""Tests for the authors of packs: cases as data."""

from dualprev_rules.testing.cases import CaseResult, Mismatch, run_cases

__all__ = ["CaseResult", "Mismatch", "run_cases"]
