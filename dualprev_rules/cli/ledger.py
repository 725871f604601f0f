"""The ledger of hidden hazards as a file: one audit record as JSON a line, and beside it its head."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dualprev_rules.problems import DualprevError, Problem, problem
from dualprev_rules.problems.words import Lang

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

_TAKEN = (FileExistsError, PermissionError) if os.name == "nt" else (FileExistsError,)
"""What making a lock file raises that is there; Windows says so also while its owner takes it away."""


def head_of(path: Path) -> Path:
    """Return the file beside a ledger that holds the link of its last record."""
    return path.with_name(f"{path.name}.head")


@contextmanager
def alone(path: Path, patience: float = 30.0) -> Generator[None]:
    """Keep every other process from changing a ledger, by a lock file beside it.

    Raises DualprevError where another one keeps it for longer than ``patience`` seconds.
    """
    lock = path.resolve()
    lock = lock.with_name(f"{lock.name}.lock")
    until = monotonic() + patience
    while True:
        try:
            lock.touch(exist_ok=False)
            break
        except OSError as error:
            if not isinstance(error, _TAKEN):
                reason = error.strerror or str(error)
                raise DualprevError(problem("report.cannot-write", given=str(path), reason=reason)) from error
            if monotonic() > until:
                fault = problem("control.ledger-in-use", given=str(path), lock=str(lock))
                raise DualprevError(fault) from error
        sleep(0.02)
    try:
        yield
    finally:
        with suppress(OSError):
            lock.unlink()


def open_ledger(path: Path, lang: Lang = "zh") -> Ledger:
    """Return the ledger of a file, verified against the head beside it; what cannot be verified is told.

    Raises DualprevError where it is none, was altered, or lacks records.
    """
    from json import loads

    from dualprev_rules.cli.output import complain
    from dualprev_rules.control import read_ledger

    try:
        stored: list[Any] = [loads(line) for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
        kept = head_of(path)
        head = kept.read_text("utf-8-sig").strip() if kept.exists() else None
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "msg", None) or type(error).__name__
        raise DualprevError(problem("control.no-ledger", given=str(path), reason=str(reason))) from error
    if not all(isinstance(record, dict) for record in stored):
        raise DualprevError(problem("control.no-ledger", given=str(path), reason="JSON"))
    ledger = read_ledger(stored, head)
    for doubt in ledger.doubts:
        complain(doubt.show(lang))
    return ledger


def written(ledger: Ledger, path: Path) -> dict[Path, bytes]:
    """Return the content of a ledger's file, and of the head beside it."""
    from json import dumps

    lines = "".join(f"{dumps(line, ensure_ascii=False)}\n" for line in ledger.to_json())
    return {path: lines.encode("utf-8", "backslashreplace"), head_of(path): f"{ledger.head}\n".encode()}


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
