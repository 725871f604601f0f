"""Lines of readings from a file being written, or from standard input, with the place reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import BinaryIO

from dualprev_rules.control.readings import MOST_CHARACTERS

_MOST = 4 * MOST_CHARACTERS
"""The bytes of a line that are kept: a longer one is refused for its length whatever follows."""
_PAUSE = 0.2


def lines(
    stream: BinaryIO, start: int, *, follow: bool, stopped: Callable[[], bool]
) -> Iterator[tuple[bytes, int]]:
    """Yield each line with the offset behind it, from offset ``start`` of a file.

    With ``follow`` a line without its end is waited for, and so is what comes after the last line, until
    ``stopped``; an empty line is then yielded at each pause.
    """
    reached, held = start, b""
    while not stopped():
        part = stream.readline(_MOST)
        if not part:
            if not follow:
                break
            yield b"", reached
            time.sleep(_PAUSE)
            continue
        reached += len(part)
        if len(held) <= _MOST:
            held += part
        if part.endswith(b"\n"):
            yield held, reached
            held = b""
    if held and not follow:
        yield held, reached
