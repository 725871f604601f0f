"""The ledger of hidden hazards as a file: one audit record as JSON a line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dualprev_rules.problems import DualprevError, Problem, problem

if TYPE_CHECKING:
    from dualprev_rules.control import Escalation, Ledger

Escalate = Annotated[
    list[str] | None,
    typer.Option(
        "--escalate",
        metavar="DAYS=LEVEL",
        help="Who must know from how many days late. Repeatable. 逾期几天报哪一级，可重复。",
    ),
]


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


def read_escalation(given: Iterable[str]) -> list[Escalation]:
    """Return who must know from how many days late, written as ``7=company``."""
    from dualprev_rules.control import Escalation
    from dualprev_rules.risk.level import ControlLevel, read_level

    found: list[Escalation] = []
    faults: list[Problem] = []
    for text in given:
        days, _, name = text.partition("=")
        level = read_level(name.strip())
        if level is None or not days.strip().isdecimal():
            members = "、".join(level.member for level in ControlLevel)
            faults.append(problem("cli.escalate", given=text, nearest=members))
        else:
            found.append(Escalation(int(days), level))
    if faults:
        raise DualprevError(faults)
    return found
