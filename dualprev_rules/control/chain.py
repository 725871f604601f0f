"""The chain over a whole ledger: each stored record is linked to the one before it, whosever that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from dualprev_rules.control.audit import AuditRecord
from dualprev_rules.problems import Problem, problem

LINK = "link"
"""The key under which a stored record carries its link."""


def links(records: Iterable[AuditRecord]) -> tuple[str, ...]:
    """Return the link of each record: a hash of its own and of the link before."""
    found: list[str] = []
    before = ""
    for each in records:
        before = sha256(f"{before}\n{each.hash}".encode()).hexdigest()
        found.append(before)
    return tuple(found)


def doubts(stored: Sequence[Mapping[str, Any]], head: str | None) -> tuple[Problem, ...]:
    """Return why stored records cannot be shown to be all there are: no links, or no head kept elsewhere."""
    found: list[Problem] = []
    if stored and not any(LINK in each for each in stored):
        found.append(problem("control.ledger-unlinked", severity="warning", given=str(len(stored))))
    if stored and head is None:
        found.append(problem("control.ledger-headless", severity="warning", given=str(len(stored))))
    return tuple(found)


def verify_links(
    stored: Sequence[Mapping[str, Any]], records: Sequence[AuditRecord], head: str | None = None
) -> tuple[Problem, ...]:
    """Return where the stored links break, and whether the end that ``head`` knew is gone.

    Of records stored without any link ``doubts`` tells. ``head`` is a link kept elsewhere: what was
    added after it is no fault.
    """
    made = links(records)
    if any(LINK in each for each in stored):
        for number, (each, link) in enumerate(zip(stored, made, strict=True), start=1):
            if each.get(LINK) != link:
                return (
                    problem("control.ledger-broken", path=str(number), given=str(each.get("hazard", ""))),
                )
    if head is not None and head not in made:
        return (problem("control.ledger-cut", given=(made[-1] if made else "")[:12], wanted=head[:12]),)
    return ()
