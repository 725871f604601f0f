"""How far a file was read or written, so that it is known again, or known to be another one."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from glob import escape
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

LAST = 512
"""The bytes before a place that tell whether a file is still the same there."""

_ROTATED = re.compile(r"[.-]\d[\d.-]*")
"""What stands behind the name of a file that was replaced: a number or a date."""


def mark(last: bytes) -> str:
    """Return the mark of the bytes before a place."""
    return sha256(last[-LAST:]).hexdigest()[:32]


def before(stream: BinaryIO, place: int) -> bytes | None:
    """Return the bytes before a place, at which the stream stands then; None where the file is shorter."""
    if os.fstat(stream.fileno()).st_size < place:
        return None
    stream.seek(max(0, place - LAST))
    found = stream.read(min(LAST, place))
    return found if len(found) == min(LAST, place) else None


def known(stream: BinaryIO, place: int, marked: str) -> bool:
    """Tell whether a file has, before a place, what was there when it was marked."""
    found = before(stream, place)
    return found is not None and mark(found) == marked


def later(file: Path, status: os.stat_result) -> list[Path]:
    """Return what stood under the name of a file after another one had, in the order of the last change."""
    found: list[tuple[int, Path]] = []
    for other in file.parent.glob(f"{escape(file.name)}?*"):
        if _ROTATED.fullmatch(other.name.removeprefix(file.name)):
            with suppress(OSError):
                changed = other.stat()
                if changed.st_mtime_ns > status.st_mtime_ns and not os.path.samestat(changed, status):
                    found.append((changed.st_mtime_ns, other))
    return [other for _, other in sorted(found)]


def identity(stream: BinaryIO) -> str:
    """Return what tells an open file from every other of the machine."""
    status = os.fstat(stream.fileno())
    return f"{status.st_dev}:{status.st_ino}"
