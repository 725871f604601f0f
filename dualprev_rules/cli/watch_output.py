"""The file of warnings, of which what was written after the checkpoint is written again."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dualprev_rules.cli.watch_checkpoint import Checkpoint
from dualprev_rules.cli.watch_place import LAST, before, identity, known, mark
from dualprev_rules.problems import DualprevError, Problem, problem


class Output:
    """An open file of warnings."""

    def __init__(self, stream: BinaryIO) -> None:
        self.name = str(stream.name)
        self._stream = stream
        self.written = stream.seek(0, os.SEEK_END)
        self._last = before(stream, self.written) or b""
        stream.seek(0, os.SEEK_END)

    def write(self, line: str) -> None:
        """Add a line."""
        made = f"{line}\n".encode("utf-8", "backslashreplace")
        with writing(self.name):
            self._stream.write(made)
        self.written += len(made)
        self._last = (self._last + made)[-LAST:]

    def sync(self) -> None:
        """Have all that was written stand on the disk."""
        with writing(self.name):
            self._stream.flush()
            os.fsync(self._stream.fileno())

    @property
    def mark(self) -> str:
        """What the file is known by at the next start."""
        return f"{identity(self._stream)} {mark(self._last)}"


@contextmanager
def output_of(
    out: Path | None, kept: Checkpoint | None, report: Callable[[Problem], None]
) -> Generator[Output | None]:
    """Open the file; it is cut back only where it is surely the one of the checkpoint."""
    if out is None:
        yield None
        return
    with writing(str(out)):
        opened = out.open("a+b")
    with opened as stream:
        if kept is not None and kept.output:
            file, _, last = kept.output.partition(" ")
            if file == identity(stream) and known(stream, kept.written, last):
                stream.truncate(kept.written)
            else:
                report(problem("cli.watch-output-other", severity="warning", given=str(out)))
        yield Output(stream)


@contextmanager
def writing(file: str) -> Generator[None]:
    """Raise DualprevError where a file cannot be written."""
    try:
        yield
    except OSError as error:
        raise DualprevError(problem("cli.watch-file", given=file, error=str(error))) from error
