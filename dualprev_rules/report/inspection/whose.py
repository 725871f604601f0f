"""Whether a filled sheet is one of the enterprise whose facts it is read into."""

from __future__ import annotations

from typing import Any

from dualprev_rules.facts.record import Facts
from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.risk.persons import plain
from dualprev_rules.risk.reading import text


def ensure_of(enterprise: Any, facts: Facts, source: str) -> None:
    """Raise DualprevError where a sheet names another enterprise than the facts do."""
    names = [name for root in facts.roots if root.entity.name == "enterprise" if (name := text(root, "name"))]
    given = str(enterprise or "")
    if names and plain(given) and plain(given) not in [plain(name) for name in names]:
        raise DualprevError(
            problem("control.other-enterprise", path=source, given=given, wanted="、".join(names))
        )
