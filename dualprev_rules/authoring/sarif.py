"""Problems as SARIF 2.1.0, which editors and code hosts show beside the lines."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from dualprev_rules.problems import Problem, entry
from dualprev_rules.problems.words import Lang

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(faults: Iterable[Problem], lang: Lang) -> dict[str, Any]:
    """Return the problems of one run as a SARIF document."""
    found = list(faults)
    codes = sorted({fault.code for fault in found})
    driver = {
        "name": "dualprev pack lint",
        "version": version("dualprev-rules"),
        "rules": [
            {
                "id": code,
                "shortDescription": {"text": entry(code).message.get(lang)},
                "help": {"text": entry(code).page.get(lang)},
            }
            for code in codes
        ],
    }
    results = [_result(fault, codes.index(fault.code), lang) for fault in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(fault: Problem, rule: int, lang: Lang) -> dict[str, Any]:
    fix = fault.fix(lang)
    text = f"{fault.text(lang)}\n{fix}" if fix else fault.text(lang)
    found: dict[str, Any] = {
        "ruleId": fault.code,
        "ruleIndex": rule,
        "level": fault.severity,
        "message": {"text": text},
    }
    place = fault.place
    if place is not None:
        physical: dict[str, Any] = {"artifactLocation": {"uri": place.file}}
        if place.line is not None:
            physical["region"] = {
                "startLine": place.line,
                "startColumn": place.column or 1,
                "endColumn": (place.column or 1) + place.width,
            }
        found["locations"] = [{"physicalLocation": physical}]
    return found
