"""Where each item of the reference is encoded, and the pack's parts told apart by edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.packs.parts import ROOT, Part, definition, parts, read, where

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


PARTS = _by_edition()
METHODS: dict[str, dict[str, Any]] = {one["method"]: one for one in read(PACK / "grading.yaml")}


def _of_their_edition(encoded: Mapping[str, list[str]], stated: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what encodes each item; of two definitions of one name that of the item's own instrument."""
    return {
        item: [
            name if name in PARTS or name in METHODS else f"{name}@{stated[item]['instrument']}"
            for name in names
        ]
        for item, names in encoded.items()
    }


_WHERE = where(PACK)
ENCODED = _of_their_edition(_WHERE["encoded"], ITEMS)
IN_TABLES = _of_their_edition(_WHERE["tables"], TABLES)
DECLARED: dict[str, str] = _WHERE["declared"]
NO_DETERMINATION: dict[str, str] = _WHERE["no_determination"]
TABLES_NO_DETERMINATION: dict[str, str] = _WHERE["tables_no_determination"]
