"""A pack as one file: a zip with the hash of each of its files, read as it stands, never unpacked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo
from zipfile import Path as ZipPath

from dualprev_rules.pack.signature import FILE, manifest
from dualprev_rules.problems import DualprevError, Place, problem

SUFFIX = ".zip"
LISTED = "MANIFEST.json"
LARGEST = 64 * 2**20
"""So many bytes all files of an archive may have together."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""A zip knows no day before; with one for all the same pack makes the same bytes."""


def build(root: Path, pack: str, version: str, signature: bytes | None = None) -> bytes:
    """Return a pack as an archive; ``signature`` takes the place of its own ``SIGNATURE.json``."""
    files = manifest(root)
    head = {"pack": pack, "version": version, "files": files}
    parts = {name: (root / name).read_bytes() for name in files}
    parts[LISTED] = (json.dumps(head, indent=2, ensure_ascii=False) + "\n").encode()
    if signature is not None:
        parts[FILE] = signature
    elif (root / FILE).is_file():
        parts[FILE] = (root / FILE).read_bytes()
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, data in sorted(parts.items()):
            info = ZipInfo(name, _FIRST_DAY)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, data)
    return made.getvalue()


def opened(file: Path) -> Traversable:
    """Return the folder in an archive, its files as they were built.

    Raises DualprevError for what is no such archive, is too large, or was changed since.
    """
    place = Place(file.as_posix())
    try:
        archive = ZipFile(BytesIO(file.read_bytes()))
        archive.filename = file.as_posix()
        if sum(info.file_size for info in archive.infolist()) > LARGEST:
            raise DualprevError(problem("pack.too-large", place=place, limit=LARGEST))
        names = Counter(info.filename for info in archive.infolist())
        twice = sorted(name for name, count in names.items() if count > 1)
        if twice:
            raise DualprevError(
                [
                    problem("pack.name-twice", place=Place(f"{place.file}/{name}"), given=name)
                    for name in twice
                ]
            )
        root = cast("Traversable", ZipPath(archive))
        listed: Any = json.loads(archive.read(LISTED))
        files = cast("Mapping[str, str]", dict(listed["files"]))
        now = manifest(root)
    # zipfile raises RuntimeError, or one of its kind, for an encrypted archive and an unknown compression.
    except (OSError, BadZipFile, ValueError, KeyError, TypeError, RuntimeError) as fault:
        given = file.as_posix()
        raise DualprevError(
            problem("pack.bad-archive", place=place, given=given, detail=str(fault))
        ) from fault
    changed = sorted(name for name in {*now, *files} if now.get(name) != files.get(name))
    if changed:
        raise DualprevError(
            [
                problem("pack.changed-since-built", place=Place(f"{place.file}/{name}"), given=name)
                for name in changed
            ]
        )
    return root
