"""A workbook taken back: checked as a pack is, with every fault at its cell."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dualprev_rules.authoring.xlsx.read import files_of
from dualprev_rules.engine import core_pack, profile_files
from dualprev_rules.pack.lint import lint_packs
from dualprev_rules.pack.load import Where
from dualprev_rules.problems import DualprevError, Problem


def checked(file: Path, as_of: date, also: Sequence[Where] = ()) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the files of the pack in a workbook, by their paths in it, and what is to be looked at.

    Raises DualprevError with every fault of the workbook, each with its sheet and cell.
    """
    made = files_of(file.read_bytes(), file.as_posix())
    files = made.files()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, data in files.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(data)
        found = lint_packs([*also, root], as_of, core=core_pack(), profiles=profile_files())
        faults = [*made.problems, *(made.located(fault, root.as_posix(), file.as_posix()) for fault in found)]
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        raise DualprevError(_once(errors))
    return files, faults


def _once(errors: Sequence[Problem]) -> list[Problem]:
    """Return the faults, one for each thing that is said of a cell."""
    seen: set[tuple[str, str, str | None]] = set()
    kept: list[Problem] = []
    for fault in errors:
        key = (fault.code, str(fault.place), fault.given)
        if key not in seen:
            seen.add(key)
            kept.append(fault)
    return kept
