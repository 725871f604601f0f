"""Tests for the authors of packs: cases as data, a pytest plugin, strategies for Hypothesis.

``-p dualprev_rules.testing.plugin`` makes each case of ``cases/*.yaml`` a test of pytest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dualprev_rules.testing.cases import CaseResult, Mismatch, run_cases

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from dualprev_rules.engine import Engine

__all__ = ["CaseResult", "Mismatch", "run_cases", "sites"]


def sites(engine: Engine, *, most: int = 2, known: bool = False) -> SearchStrategy[dict[str, Any]]:
    """Return a Hypothesis strategy of facts as ``Engine.assess`` takes them; needs the extra ``testing``.

    Lists of records have up to ``most`` records. Each fact may be missing, unless ``known``. Figures are
    often those that the rules compare with, and texts those that tables list, so that rules are met.
    """
    from dualprev_rules.testing.strategies import sites as made

    return made(engine, most=most, known=known)
