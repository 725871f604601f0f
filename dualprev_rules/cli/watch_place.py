"""How far a file was read or written, so that it is known again, or known to be another one."""

from __future__ import annotations

import gzip
import os
import re
import zlib
from contextlib import suppress
from glob import escape
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

LAST = 512
"""The bytes before a place that tell whether a file is still the same there."""
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)
"""What reading a compressed file may raise where it is not whole."""

_COMPRESSED = ".gz"
_SECOND = 10**9
_ROTATED = re.compile(r"[.-]\d[\dT_:.-]*(\.gz)?")
"""What stands behind the name of a file that was replaced: a number or a date."""


class Mark(NamedTuple):
    """What a file is known by at a place."""

    file: str
    """Its identity; empty where nothing is known."""
    changed: int
    """When it was changed last, in nanoseconds since 1970."""
    last: str
    """The mark of the bytes before the place."""

    @classmethod
    def read(cls, text: str) -> Mark:
        """Return a mark from its text; of no text, or one that is none, a mark of nothing."""
        file, _, rest = text.partition(" ")
        changed, _, last = rest.partition(" ")
        return cls(file, int(changed), last) if changed.isdecimal() else cls("", 0, "")

    def __str__(self) -> str:
        return f"{self.file} {self.changed} {self.last}"


def mark(last: bytes) -> str:
    """Return the mark of the bytes before a place."""
    return sha256(last[-LAST:]).hexdigest()[:32]


def before(stream: BinaryIO, place: int) -> bytes | None:
    """Return the bytes before a place, at which the stream stands then; None where the file is shorter."""
    stream.seek(max(0, place - LAST))
    found = stream.read(min(LAST, place))
    return found if len(found) == min(LAST, place) else None


def known(stream: BinaryIO, place: int, marked: str) -> bool:
    """Tell whether a file has, before a place, what was there when it was marked."""
    found = before(stream, place)
    return found is not None and mark(found) == marked


def opened(file: Path) -> BinaryIO:
    """Open a file; of one that was compressed, what it was before."""
    return cast("BinaryIO", gzip.open(file)) if file.suffix == _COMPRESSED else file.open("rb")


def moved(file: Path, place: int, marked: Mark) -> BinaryIO | None:
    """Return what stands beside a file now and was read under its name up to a place; None: nothing does.

    Before the first byte it is known by its identity alone. A compressed one has the time of what it was,
    perhaps in whole seconds.
    """
    beside = sorted(file.parent.glob(f"{escape(file.name)}?*"))
    for other in sorted(beside, key=lambda each: each.suffix == _COMPRESSED):
        with suppress(OSError, *DAMAGED):
            if other.suffix == _COMPRESSED and other.stat().st_mtime_ns < whole_second(marked.changed):
                continue
            stream = opened(other)
            if known(stream, place, marked.last) if place else identity(stream) == marked.file:
                return stream
            stream.close()
    return None


def later(file: Path, changed: int, left: str) -> list[Path]:
    """Return what stood under the name of a file after ``left`` had, in the order of the last change."""
    found: list[tuple[int, Path]] = []
    for other in file.parent.glob(f"{escape(file.name)}?*"):
        end = _ROTATED.fullmatch(other.name.removeprefix(file.name))
        if end is None or (end[1] and other.with_suffix("").exists()):
            continue
        with suppress(OSError):
            status = other.stat()
            if status.st_mtime_ns > changed and _identity(status) != left:
                found.append((status.st_mtime_ns, other))
    return [other for _, other in sorted(found)]


def whole_second(time: int) -> int:
    """Return when the second of a time began."""
    return time // _SECOND * _SECOND


def identity(stream: BinaryIO) -> str:
    """Return what tells an open file from every other of the machine."""
    return _identity(os.fstat(stream.fileno()))


def _identity(status: os.stat_result) -> str:
    return f"{status.st_dev}:{status.st_ino}"
