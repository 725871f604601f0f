"""The ledger of hidden hazards as a file: one audit record as JSON a line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualprev_rules.problems import DualprevError, problem

if TYPE_CHECKING:
    from dualprev_rules.control import Ledger


def open_ledger(path: Path) -> Ledger:
    """Return the ledger of a file, verified; raises DualprevError where it is none, or was altered."""
    from json import loads

    from dualprev_rules.control import read_ledger

    try:
        stored: list[Any] = [loads(line) for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "msg", None) or type(error).__name__
        raise DualprevError(problem("control.no-ledger", given=str(path), reason=str(reason))) from error
    if not all(isinstance(record, dict) for record in stored):
        raise DualprevError(problem("control.no-ledger", given=str(path), reason="JSON"))
    return read_ledger(stored)


def written(ledger: Ledger) -> bytes:
    """Return the content of a ledger's file."""
    from json import dumps

    lines = [dumps(record.to_json(), ensure_ascii=False) for record in ledger.records]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
