"""Where each item of the reference is encoded, and the pack's parts told apart by edition."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from tests.packs.parts import ROOT, Part, definition, parts, read

PACK = ROOT / "packs/construction/dualprev_pack_construction"
REFERENCED = read(ROOT / "tests/reference/construction.yaml")
ITEMS: dict[str, dict[str, Any]] = {item["id"]: item for item in REFERENCED["items"]}
TABLES: dict[str, dict[str, Any]] = REFERENCED["tables"]
STATED = {name: item for name, item in ITEMS.items() if item["status"] != "uncertain"}
INSTRUMENTS: dict[str, dict[str, Any]] = {one["id"]: one for one in read(PACK / "pack.yaml")["instruments"]}


def _by_edition() -> dict[str, Part]:
    """Return all parts by id; of two definitions of one name each as ``name@instrument``."""
    found = parts(PACK)
    written = [definition(one) for one in read(PACK / "definitions.yaml")]
    often = Counter(part.id for part in written)
    for part in written:
        if often[part.id] > 1:
            found.pop(part.id, None)
            instrument = min(instrument for instrument, _ in part.cites)
            found[f"{part.id}@{instrument}"] = part
    return found


def _together(key: str) -> dict[str, Any]:
    """Return one section of all files ``encoded_*.yaml``; no name stands in two."""
    found: dict[str, Any] = {}
    for path in sorted(Path(__file__).parent.glob("encoded_*.yaml")):
        section = read(path).get(key) or {}
        assert found.keys() & section.keys() == set(), (path.name, key)
        found.update(section)
    return found


PARTS = _by_edition()
ENCODED: dict[str, list[str]] = _together("encoded")
DECLARED: dict[str, str] = _together("declared")
LEFT_OUT: dict[str, str] = _together("left_out")
IN_TABLES: dict[str, list[str]] = _together("tables")
TABLES_LEFT_OUT: dict[str, str] = _together("tables_left_out")
BORROWED: dict[str, list[str]] = _together("borrowed")
