"""Write files whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from dualprev_rules.problems import DualprevError, Problem, problem


def make_folder(path: Path) -> None:
    """Make a folder where there is none; raises DualprevError where that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fault = problem("report.cannot-write", given=str(path), reason=error.strerror or str(error))
        raise DualprevError(fault) from error


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write every file under a temporary name in its folder, then move them all into place.

    Raises DualprevError with a problem for each file that cannot be written. Nothing is half-written
    then, and no temporary file is left.
    """
    faults = [fault for path in contents if (fault := _cannot(path)) is not None]
    if faults:
        raise DualprevError(faults)
    waiting: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            target = path.resolve()
            if target.exists() and not target.is_file():
                target.write_bytes(content)  # a pipe or device is written to, never replaced
                continue
            waiting[target] = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
            waiting[target].write_bytes(content)
        for path in list(waiting):
            waiting[path].replace(path)
            del waiting[path]
    except OSError as error:
        fault = problem("report.cannot-write", given=str(path), reason=error.strerror or str(error))
        raise DualprevError(fault) from error
    finally:
        for left in waiting.values():
            with suppress(OSError):
                left.unlink()


def _cannot(path: Path) -> Problem | None:
    if path.is_dir():
        return problem("report.is-folder", given=str(path))
    if not path.parent.is_dir():
        return problem("report.no-folder", given=str(path.parent))
    return None
