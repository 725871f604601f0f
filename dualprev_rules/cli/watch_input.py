"""Lines of readings from a file being written, or from standard input, with the place reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from dualprev_rules.control.readings import MOST_CHARACTERS
from dualprev_rules.problems import DualprevError, Problem, problem

STDIN = "-"
MOST_BYTES = 4 * MOST_CHARACTERS
"""The bytes of a line that are kept: a longer one is refused for its length whatever follows."""
_PAUSE = 0.2


class Source(Protocol):
    """Where readings come from."""

    start: int
    """What was read before."""
    every: int
    """Readings between two checkpoints."""

    def lines(self, stopped: Callable[[], bool]) -> Iterator[tuple[bytes, int]]:
        """Yield each line with how much is read with it; an empty line where nothing comes for a while."""
        ...

    def saved(self) -> None:
        """Take up that what was read is in a checkpoint, or that none is kept."""
        ...

    def problems(self) -> list[Problem]:
        """Return what has gone wrong since the last call."""
        ...


class FileSource:
    """A file, or standard input."""

    every = 5_000

    def __init__(self, stream: BinaryIO, start: int, *, follow: bool) -> None:
        self.stream = stream
        self.start = start
        self.follow = follow

    def lines(self, stopped: Callable[[], bool]) -> Iterator[tuple[bytes, int]]:
        """Yield the lines from where the file stands.

        With ``follow`` a line without its end is waited for, and so is what comes after the last line.
        """
        return lines(self.stream, self.start, follow=self.follow, stopped=stopped)

    def saved(self) -> None:
        """Do nothing: what is in a file can be read again."""

    def problems(self) -> list[Problem]:
        """Return nothing."""
        return []


@contextmanager
def file_source(readings: str, start: int, *, follow: bool) -> Generator[FileSource]:
    """Open a file of readings at an offset, or standard input where it stands."""
    if readings == STDIN:
        import sys

        yield FileSource(sys.stdin.buffer, 0, follow=follow)
        return
    try:
        stream = Path(readings).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise DualprevError(problem("cli.readings", given=readings, error=str(error))) from error
    with stream:
        stream.seek(start)
        yield FileSource(stream, start, follow=follow)


def lines(
    stream: BinaryIO, start: int, *, follow: bool, stopped: Callable[[], bool]
) -> Iterator[tuple[bytes, int]]:
    """Yield each line with the offset behind it, from offset ``start`` of a file.

    With ``follow`` a line without its end is waited for, and so is what comes after the last line, until
    ``stopped``; an empty line is then yielded at each pause.
    """
    reached, held = start, b""
    while not stopped():
        part = stream.readline(MOST_BYTES)
        if not part:
            if not follow:
                break
            yield b"", reached
            time.sleep(_PAUSE)
            continue
        reached += len(part)
        if len(held) <= MOST_BYTES:
            held += part
        if part.endswith(b"\n"):
            yield held, reached
            held = b""
    if held and not follow:
        yield held, reached
