"""Extract the figures of a reference of grading methods, without its prose, for the tests.

``python scripts/extract_grading.py SOURCE tests/reference/grading.yaml``. The result changes later only by
hand, with a note naming the official text that showed the error.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml

ENDS = ("level", "lo", "lo_inclusive", "hi", "hi_inclusive")


def main(source: Path, target: Path) -> None:
    """Read the methods of ``source`` and write their scales, bands and cells to ``target``."""
    # Every scalar stays the text that stands there.
    given = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    lines: list[str] = []
    for method in given["methods"]:
        kept = {key: method[key] for key in ("status", "formula", "cells") if key in method}
        factors = method.get("factors")
        if isinstance(factors, dict):
            kept["scores"] = {
                name: [s["score"] for s in scale] for name, scale in factors.items() if "score" in scale[0]
            }
        variants = [*method.get("band_variants", ()), *method.get("C_variants", ())]
        if "bands" in method:
            variants.append({"id": "", "bands": method["bands"]})
        if variants:
            kept["variants"] = [_variant(variant) for variant in variants]
        # The losses of MES stand beside its factors' scales, those of LS beside the factors.
        of_s = (
            method.get("S_loss_variants")
            or (isinstance(factors, dict) and factors.get("S_loss_variants"))
            or ()
        )
        losses = [_losses(variant) for variant in (*of_s, *method.get("C_variants", ()))]
        if any("cells" in one for one in losses):
            kept["losses"] = [one for one in losses if "cells" in one]
        if "mine_axes" in method:
            kept["mine_axes"] = {
                name: [[row["score"], *re.findall(r"\d+", row["zh"])] for row in method["mine_axes"][name]]
                for name in ("L", "S")
            }
        if method["id"] == "occupational":
            kept["items"] = [_item(item) for item in method["items"]]
        lines.append(f"{method['id']}: {_flow(kept)}")
    target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _variant(variant: dict[str, Any]) -> dict[str, Any]:
    kept = {key: variant[key] for key in ("id", "status") if variant.get(key)}
    if "bands" in variant:
        kept["bands"] = [{key: band[key] for key in ENDS if key in band} for band in variant["bands"]]
    if "items" in variant:
        kept["scores"] = [item["score"] for item in variant["items"]]
    return kept


def _losses(variant: dict[str, Any]) -> dict[str, Any]:
    """Return the sums of money of a scale, the worst score first; without a unit, in 10,000 yuan."""
    kept = {key: variant[key] for key in ("id", "status") if key in variant}
    cells = variant.get("wan") or variant.get("loss")
    if cells is None:
        keys = {"loss_wan": "", "loss_wan_gt": ">", "loss_wan_lt": "<", "loss": ""}
        cells = [
            f"{sign}{item[key]}"
            for item in variant.get("items", ())
            for key, sign in keys.items()
            if key in item
        ]
    return {**kept, "cells": cells} if cells else kept


def _item(item: dict[str, Any]) -> dict[str, Any]:
    kept = {"no": item["no"], "status": item["status"]}
    if "table" in item:
        kept["table"] = [[row["nature"], row["exposure"], *row["grades"]] for row in item["table"]]
    return kept


def _flow(record: dict[str, Any]) -> str:
    text = yaml.safe_dump(record, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6)
    return text.strip()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
