"""Apply the fixes of problems that leave no choice: what was meant is plain, and is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from dualprev_rules.problems import Problem

_REPLACED = frozenset(("lang.sign", "pack.unknown-key", "pack.not-a-flag", "pack.not-a-day"))
"""What was given stands in the place of what is proposed, word for word.

No member of a list of choices is among them: what is most like another may say the contrary.
"""
_LINES = frozenset(
    f"pack.{name}"
    for name in (
        "bare-question-mark",
        "colon-in-text",
        "colon-space",
        "dash-space",
        "full-width-bracket",
        "full-width-colon",
        "full-width-comma",
        "missing-colon",
        "missing-comma",
        "text-after-quote",
        "unclosed-bracket",
        "unquoted-comparison",
        "unquoted-interval",
        "unquoted-sign",
    )
)
"""The whole line is proposed as it should be."""
_SEVERAL = (" / ", "”、“", "…")
"""Signs of a proposal that leaves a choice."""


def safe(fault: Problem) -> bool:
    """Tell whether the fix of a problem leaves no choice, so that ``mended`` applies it."""
    return _edit(fault) is not None


def mended(faults: Iterable[Problem], root: Mapping[str, Path]) -> dict[Path, bytes]:
    """Return the files that safe fixes change; ``root`` says which file a problem's place names.

    One fix a line is applied: what else is wrong with the line is found when it is looked at again.
    """
    texts: dict[Path, list[str]] = {}
    done: set[tuple[Path, int]] = set()
    for fault in faults:
        edit = _edit(fault)
        place = fault.place
        if edit is None or place is None or place.line is None or place.file not in root:
            continue
        path = root[place.file]
        lines = texts.setdefault(path, _lines(path))
        if (path, place.line) in done or lines[place.line - 1].rstrip("\r\n") != place.source:
            continue
        written = lines[place.line - 1]
        lines[place.line - 1] = edit + written[len(written.rstrip("\r\n")) :]
        done.add((path, place.line))
    return {path: "".join(texts[path]).encode() for path, _ in sorted(done)}


def _lines(path: Path) -> list[str]:
    return path.read_bytes().decode("utf-8-sig").splitlines(keepends=True)


def _edit(fault: Problem) -> str | None:
    """Return the line of a problem as it should be, or None where that leaves a choice."""
    place = fault.place
    source = place.source if place is not None else None
    if place is None or source is None or place.column is None:
        return None
    start = place.column - 1
    if fault.code in _LINES:
        new = str(fault.args.get("mended", ""))
        if not new or any(sign in new for sign in ("…",)):
            return None
        return source[: len(source) - len(source.lstrip())] + new
    if fault.code not in _REPLACED or fault.nearest is None or _open(fault.nearest):
        return None
    there = source[start : start + place.width]
    return source[:start] + fault.nearest + source[start + place.width :] if there == fault.given else None


def _open(proposal: str) -> bool:
    return any(sign in proposal for sign in _SEVERAL)


def apply(find: Callable[[], Sequence[Problem]], folders: Sequence[Path]) -> set[Path]:
    """Apply safe fixes to the packs in ``folders`` until none is left; return the files that changed.

    ``find`` lints them. A fix after which there are no fewer errors is taken back.
    """
    changed: set[Path] = set()
    found = find()
    while files := mended(found, files_of(folders)):
        before = {path: path.read_bytes() for path in files}
        for path, data in files.items():
            path.write_bytes(data)
        again = find()
        if _left(again) >= _left(found):
            for path, data in before.items():
                path.write_bytes(data)
            break
        changed |= files.keys()
        found = again
    return changed


def _left(faults: Sequence[Problem]) -> tuple[int, int]:
    """Return how many errors there are, then how much: warnings show only where no error hides them."""
    return sum(fault.severity == "error" for fault in faults), len(faults)


def files_of(folders: Sequence[Path]) -> dict[str, Path]:
    """Return the files of packs by how problems call them."""
    return {
        f"{folder.as_posix()}/{file.relative_to(folder).as_posix()}": file
        for folder in folders
        for file in folder.rglob("*.yaml")
    }
