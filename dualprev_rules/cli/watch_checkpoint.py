"""The checkpoint of a watch: what the monitor remembers, how far input and outputs had come."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dualprev_rules.problems import DualprevError, problem


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint as it was read."""

    as_of: str
    """The day whose law counts."""
    monitor: Mapping[str, Any]
    read: int
    """Bytes of the input file that were taken up."""
    input: str
    """What the input file is known by at that place."""
    written: int
    """Bytes of the output file that belong to them."""
    output: str
    """What the output file is known by at that place; nothing where there was none."""
    client: str
    """The name under which a broker keeps readings for this watch."""
    waiting: Mapping[str, Sequence[str]]
    """Warnings that have not surely arrived, by the mark of the address."""


def load(file: Path | None) -> Checkpoint | None:
    """Return the checkpoint of a file, None where there is none yet.

    Raises DualprevError for a file that is no checkpoint.
    """
    if file is None or not file.exists():
        return None
    try:
        kept: Any = json.loads(file.read_text("utf-8"))
        waiting = {str(mark): [str(each) for each in left] for mark, left in kept["waiting"].items()}
        texts = {name: str(kept[name]) for name in ("as_of", "input", "output", "client")}
        return Checkpoint(
            monitor=kept["monitor"],
            read=int(kept["read"]),
            written=int(kept["written"]),
            waiting=waiting,
            **texts,
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DualprevError(problem("control.snapshot", given=f"{file}: {error}")) from error


def save(file: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint: whoever reads the file at any moment finds a whole one."""
    kept = {field.name: getattr(checkpoint, field.name) for field in fields(Checkpoint)}
    beside = file.with_name(f"{file.name}.new")
    with beside.open("w", encoding="utf-8") as stream:
        json.dump(kept, stream)  # in ASCII: a text of a sensor may be no Unicode
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
