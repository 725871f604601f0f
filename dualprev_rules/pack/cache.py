"""What was loaded, kept for the next process: plain data in a file named by the hash of all it is made of.

A file is taken only as it was written: whatever is in it otherwise (cut off, changed, of another version)
counts as not there and is written anew. Nothing that goes wrong here is an error: loading is then as slow
as without a cache.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from dualprev_rules.pack.packed import Classes, pack, unpack

FORM = 1
"""The form of the files; another one has other names."""
MOST_FILES = 32
_ENDING = ".json"
_READ = (".yaml", ".yml", ".csv")
_ROOMS = ("problems/", "facts/", "lang/", "pack/", "risk/")
"""The rooms that make what is kept."""
_VARIABLE = "DUALPREV_CACHE"


def cache_folder() -> Path | None:
    """Return the user's own cache, or what ``DUALPREV_CACHE`` names; None where that says ``off``."""
    named = os.environ.get(_VARIABLE)
    if named is not None:
        return None if named.strip().casefold() in ("", "off") else Path(named)
    try:
        return _user_folder() / "dualprev-rules"
    except (RuntimeError, OSError):
        return None  # a process of no user with a home


def _user_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def key_of(parts: Sequence[object]) -> str:
    """Return the name of what is made of ``parts`` (texts, numbers and lists of them) by this very code."""
    code = [FORM, sys.implementation.cache_tag, list(sys.version_info), _code()]
    return sha256(json.dumps([code, parts], ensure_ascii=False).encode()).hexdigest()


def content_of(part: Path) -> str:
    """Return the hash of a folder of a pack, or of the one file of a profile: names and contents."""
    digest = sha256()
    files = [(part.name, str(part))] if part.is_file() else [(n, e.path) for n, e in _walk(str(part))]
    for name, path in files:
        data = Path(path).read_bytes() if name.endswith((*_READ, ".zip")) else b""
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _code() -> list[list[object]]:
    """Return what tells one state of the library from another: its files with their sizes and times."""
    found = _walk(str(Path(__file__).parents[1]))
    states = ((name, entry.stat()) for name, entry in found if name.startswith(_ROOMS))
    return [[name, state.st_size, state.st_mtime_ns] for name, state in states]


def _walk(folder: str, prefix: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield the files of a folder, by name; folders and files that a pack does not read are left out."""
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.name.startswith("_"):
                yield from _walk(entry.path, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry


class Kept:
    """One thing in the cache, by its key."""

    def __init__(self, folder: Path, key: str, classes: Classes) -> None:
        self._key = key
        self._file = folder / f"{key}{_ENDING}"
        self._classes = classes

    def read(self) -> Any:
        """Return what was kept, None where nothing is or it is not what was written."""
        try:
            head, _, body = self._file.read_bytes().partition(b"\n")
            if head != _head(self._key, body):
                return None
            return unpack(json.loads(body), self._classes)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
            return None

    def write(self, value: object) -> None:
        """Keep ``value``, as one step: another process sees all of it or nothing."""
        try:
            data = pack(value, self._classes)
        except (TypeError, RecursionError):
            return  # holds something that only a plugin knows
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        with suppress(OSError):
            self._replace(_head(self._key, body) + b"\n" + body)
            _thin_out(self._file.parent)

    def _replace(self, content: bytes) -> None:
        from tempfile import mkstemp

        folder = self._file.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, written = mkstemp(dir=folder, suffix=".new")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(written).replace(self._file)
        except OSError:
            Path(written).unlink(missing_ok=True)
            raise


def _head(key: str, body: bytes) -> bytes:
    return f"dualprev-rules {FORM} {key} sha256:{sha256(body).hexdigest()}".encode()


def _thin_out(folder: Path) -> None:
    """Leave the files that were written last: each day and each change of a pack makes a new one."""
    kept = sorted(folder.glob(f"*{_ENDING}"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    for file in kept[MOST_FILES:]:
        with suppress(OSError):
            file.unlink()
