"""The checkpoint of a watch: what the monitor remembers, how far input and output had come."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualprev_rules.problems import DualprevError, problem


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint as it was read."""

    monitor: Mapping[str, Any]
    read: int
    """Bytes of the input file that were taken up."""
    written: int
    """Bytes of the output file that belong to them."""


def load(file: Path | None) -> Checkpoint | None:
    """Return the checkpoint of a file, None where there is none yet.

    Raises DualprevError for a file that is no checkpoint.
    """
    if file is None or not file.exists():
        return None
    try:
        kept: Any = json.loads(file.read_text("utf-8"))
        return Checkpoint(kept["monitor"], int(kept["read"]), int(kept["written"]))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DualprevError(problem("control.snapshot", given=f"{file}: {error}")) from error


def save(file: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint: whoever reads the file at any moment finds a whole one."""
    kept = {"monitor": checkpoint.monitor, "read": checkpoint.read, "written": checkpoint.written}
    beside = file.with_name(f"{file.name}.new")
    with beside.open("w", encoding="utf-8") as stream:
        json.dump(kept, stream, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
