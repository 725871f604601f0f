"""One watch at a time for a checkpoint: a lock that the system takes away from a process that dies."""

from __future__ import annotations

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from dualprev_rules.cli.watch_output import writing
from dualprev_rules.problems import DualprevError, problem

_TAKEN = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


@contextmanager
def locked(checkpoint: Path | None) -> Generator[None]:
    """Keep a checkpoint from every other watch, by a file beside it that stays there empty.

    Raises DualprevError where another one has it. A file system without locks goes unlocked.
    """
    if checkpoint is None:
        yield
        return
    with writing(str(checkpoint)):
        stream = checkpoint.with_name(f"{checkpoint.name}.lock").open("ab")
    with stream:
        try:
            _lock(stream.fileno())
        except OSError as error:
            if error.errno in _TAKEN:
                raise DualprevError(problem("cli.watch-taken", given=str(checkpoint))) from error
        yield


if os.name == "nt":

    def _lock(file: int) -> None:
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:

    def _lock(file: int) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
