"""Chinese work-safety standards that run as code: rules, grades and hidden hazards, clause by clause."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_ROOMS = dict.fromkeys(("Cited", "Finding", "Question", "Result"), "result") | {"Engine": "engine"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: the command's help needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_ROOMS.get(name, 'problems')}"), name)
    globals()[name] = value
    return value
