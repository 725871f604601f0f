"""Lines of readings from a file being written, or from standard input, with the place reached."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, FileIO
from pathlib import Path
from queue import Empty, Queue
from stat import S_ISREG
from threading import Thread
from typing import BinaryIO, Protocol, cast

from dualprev_rules.cli.watch_place import (
    DAMAGED,
    LAST,
    Mark,
    before,
    identity,
    known,
    later,
    mark,
    moved,
    opened,
    whole_second,
)
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

    @property
    def mark(self) -> str:
        """What the input is known by at the place of the line that was yielded last."""
        ...

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
    """A file that may be written meanwhile, and now and then be begun anew under the same name."""

    every = 5_000

    def __init__(self, file: Path, start: int = 0, marked: str = "", *, follow: bool = False) -> None:
        """Open a file at a place. Raises DualprevError where it cannot be read."""
        self.file = file
        self.follow = follow
        self._problems: list[Problem] = []
        self._reached, self._ahead = start, 0
        self._held = self._coming = self._last = b""
        self._leaving = False
        with _reading(file):
            self._stream: BinaryIO = file.open("rb")
        self._regular = file.is_file()
        self._changed = 0
        """When what is read was changed last, as far as that is known."""
        if self._regular and (start or marked):
            self._find(start, Mark.read(marked))
        self.start = self._reached

    @property
    def mark(self) -> str:
        """What the file is known by at the place reached."""
        self._note_change()
        return str(Mark(identity(self._stream), self._changed, mark(self._last)))

    def lines(self, stopped: Callable[[], bool]) -> Iterator[tuple[bytes, int]]:
        """Yield each line with the offset behind it, from where the file stands.

        With ``follow`` a line without its end is waited for, and so is what comes after the last line; an
        empty line is then yielded at each pause. What is left of a file that was replaced comes before what
        the new one has.
        """
        while not stopped():
            part = self._part()
            self._ahead += len(part)
            self._coming = (self._coming + part)[-LAST:]
            if len(self._held) <= MOST_BYTES:
                self._held += part
            waits = not part and self.follow and not self._leaving
            if self._held and not waits and (part.endswith(b"\n") or not part):
                line, self._last = self._held, self._coming
                self._reached += self._ahead
                self._held, self._ahead = b"", 0
                yield line, self._reached
            elif waits:
                yield b"", self._reached
                time.sleep(_PAUSE)
                self._look()
            elif not part and self._leaving:
                self._go_on()
            elif not part:
                return

    def saved(self) -> None:
        """Do nothing: what is in a file can be read again."""

    def problems(self) -> list[Problem]:
        """Return what has gone wrong since the last call."""
        found, self._problems = self._problems, []
        return found

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def _part(self) -> bytes:
        try:
            return self._stream.readline(MOST_BYTES)
        except DAMAGED as error:
            self._note_change()
            place, said = self._reached + self._ahead, f"{type(error).__name__} {error}"
            given = str(self._stream.name)
            self._problems.append(problem("cli.readings-damaged", given=given, byte=place, error=said))
            self._stream.close()
            self._stream = _nothing()
            return b""

    def _find(self, start: int, marked: Mark) -> None:
        """Stand where the file was left at a checkpoint, whatever has become of it."""
        if start and known(self._stream, start, marked.last):
            self._stand(self._stream, start)
        elif start:
            self._begun_anew(marked)
        elif identity(self._stream) != marked.file or later(self.file, marked.changed, marked.file):
            self._read_since(marked)

    def _read_since(self, marked: Mark) -> None:
        """Read all that came since nothing had been read, whichever file has the identity of that one now."""
        was_there = identity(self._stream) == marked.file
        since = whole_second(marked.changed) - 1
        stream = moved(self.file, 0, marked)
        if stream is not None and Path(stream.name) in later(self.file, since, ""):
            # Another file may have been given its identity: it is read in its turn.
            stream.close()
            stream, was_there = None, True
        if stream is not None:
            self._stand(stream, 0)
        else:
            self._stand(_nothing(), 0)
            self._changed = since
        self._leave("cli.readings-anew" if stream is not None or was_there else "cli.readings-cut", 0)

    def _stand(self, stream: BinaryIO, place: int) -> None:
        if stream is not self._stream:
            self._stream.close()
        self._stream, self._reached, self._ahead, self._held = stream, place, 0, b""
        self._coming = self._last = (before(stream, place) or b"") if place else b""

    def _note_change(self) -> None:
        status = os.fstat(self._stream.fileno())
        if S_ISREG(status.st_mode):
            self._changed = status.st_mtime_ns

    def _go_on(self) -> None:
        """Go on with the next of the files that stood here since, at last with the one that does."""
        self._note_change()
        with _reading(self.file):
            # Before the others are looked for: moved away meanwhile, it is found among them.
            present = self.file.open("rb")
        for other in later(self.file, self._changed, identity(self._stream)) if self._regular else ():
            with suppress(OSError):
                self._stand(opened(other), 0)
                present.close()
                return
        self._stand(present, 0)
        self._leaving = False

    def _look(self) -> None:
        """See whether the file is still the one that is read."""
        if not self._regular:
            return
        # The buffer is empty here, and raw stands where it did when it is read on.
        place, raw = self._reached + self._ahead, cast("FileIO", cast("BufferedReader", self._stream).raw)
        status = os.fstat(raw.fileno())
        last = mark(self._coming)
        if status.st_size < place or not known(raw, place, last):
            self._begun_anew(Mark(identity(self._stream), self._changed, last))
            return
        self._changed = status.st_mtime_ns
        with suppress(OSError):
            # One that was moved away is read on until somebody writes to its successor.
            there = self.file.stat()
            if not os.path.samestat(there, status) and there.st_size:
                self._leave("cli.readings-anew", place)

    def _begun_anew(self, marked: Mark) -> None:
        """Read what is left of the file that had stood here, if it is found beside it, and what came then."""
        reached = self._reached
        stream = moved(self.file, reached + self._ahead, marked)
        if stream is not None:
            self._stand(stream, reached)
            self._leave("cli.readings-anew", reached)
            return
        held, ahead = self._held, self._ahead
        self._stand(_nothing(), 0)
        # Of which nothing was read, it may be among those that came then, compressed.
        self._held, self._ahead, self._changed = held, ahead, marked.changed - (not reached)
        self._leave("cli.readings-cut", reached)

    def _leave(self, code: str, place: int) -> None:
        self._leaving = True
        self._problems.append(problem(code, severity="warning", given=str(self.file), byte=place))


class StdinSource:
    """Standard input, read by a thread of its own: so it is known when nothing comes."""

    every = 5_000
    start = 0
    mark = ""

    def __init__(self, *, follow: bool) -> None:
        self.follow = follow
        self._lines: Queue[bytes | None] = Queue(maxsize=200)
        Thread(target=self._read, name="standard input", daemon=True).start()

    def lines(self, stopped: Callable[[], bool]) -> Iterator[tuple[bytes, int]]:
        """Yield each line; an empty one while nothing comes, and with ``follow`` also after the end."""
        reached = 0
        while not stopped():
            try:
                line = self._lines.get(timeout=_PAUSE)
            except Empty:
                line = b""
            if line is not None:
                reached += len(line)
                yield line, reached
            elif not self.follow:
                return

    def saved(self) -> None:
        """Do nothing: who writes to standard input sends again what it wants to be sure of."""

    def problems(self) -> list[Problem]:
        """Return nothing."""
        return []

    def _read(self) -> None:
        # A stream of its own: at the end of the program Python waits for nobody who reads from it.
        with suppress(OSError, ValueError):
            stream = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115 - never closed
            held = b""
            while part := stream.readline(MOST_BYTES):
                if len(held) <= MOST_BYTES:
                    held += part
                if part.endswith(b"\n"):
                    self._lines.put(held)
                    held = b""
            if held:
                self._lines.put(held)
        self._lines.put(None)


@contextmanager
def file_source(
    readings: str, start: int = 0, marked: str = "", *, follow: bool
) -> Generator[FileSource | StdinSource]:
    """Open a file of readings at a place, or standard input where it stands."""
    if readings == STDIN:
        yield StdinSource(follow=follow)
        return
    source = FileSource(Path(readings), start, marked, follow=follow)
    try:
        yield source
    finally:
        source.close()


@contextmanager
def _reading(file: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise DualprevError(problem("cli.readings", given=str(file), error=str(error))) from error


def _nothing() -> BinaryIO:
    return Path(os.devnull).open("rb")
