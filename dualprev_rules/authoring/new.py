"""A new pack: a distribution that can be checked, tested and built as it is, with one rule as an example."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from dualprev_rules.problems import DualprevError, problem

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_OF_DISTRIBUTION = ("pyproject.toml", "README.md")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new pack is called, and the first document that it encodes."""

    name: str
    title_zh: str
    title_en: str
    number: str
    issuer: str
    force: str
    start: date
    day: date
    """The day of its cases."""


def skeleton(plan: Plan, folder: Path) -> dict[Path, bytes]:
    """Return the files of a new distribution in ``folder``.

    Raises DualprevError where the name cannot be one, or the folder holds something.
    """
    if not _NAME.fullmatch(plan.name) or keyword.iskeyword(plan.name):
        near = re.sub(r"[^a-z0-9]+", "_", plan.name.lower()).strip("0123456789_")
        near = "my_pack" if not near or keyword.iskeyword(near) else near
        raise DualprevError(problem("authoring.pack-name", given=plan.name, nearest=near))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DualprevError(problem("authoring.not-empty", given=str(folder)))
    fill = {
        "name": plan.name,
        "dashed": plan.name.replace("_", "-"),
        "instrument": f"{plan.name.replace('_', '-')}-{plan.start.year}",
        "start": plan.start.isoformat(),
        "day": max(plan.day, plan.start).isoformat(),
        "force": plan.force,
        **{key: _quoted(getattr(plan, key)) for key in ("title_zh", "title_en", "number", "issuer")},
    }
    root = files("dualprev_rules.authoring") / "skeleton"
    inner = folder / f"dualprev_pack_{plan.name}"
    found = {path.removesuffix(".txt"): _made(file, fill) for path, file in _walk(root, "")}
    return {(folder if path in _OF_DISTRIBUTION else inner) / path: data for path, data in found.items()}


def _made(file: Traversable, fill: dict[str, str]) -> bytes:
    return Template(file.read_text("utf-8")).substitute(fill).encode()


def _quoted(text: str) -> str:
    """Return a text as it stands between double quotes, in YAML and in TOML."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)[1:-1]


def _walk(root: Traversable, below: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(root.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _walk(entry, f"{below}{entry.name}/")
        else:
            yield below + entry.name, entry
