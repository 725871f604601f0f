"""Warnings from live readings: ids, names, grades and forms; ``live`` builds what holds on the day."""

from __future__ import annotations

from collections.abc import Iterable

from dualprev_rules.pack.resolve.instruments import Editions
from dualprev_rules.pack.resolve.scopes import Scopes
from dualprev_rules.pack.resolve.types import GRADE
from dualprev_rules.pack.source import Map
from dualprev_rules.pack.spec import WarningSpec

FORMS = ("held", "count", "rate", "silence", "disagreement")


def check_warnings(warnings: Iterable[WarningSpec], editions: Editions, scopes: Scopes) -> None:
    """Check ids, entities, citations, grades, and that a condition has one of the forms."""
    faults = scopes.faults
    seen: dict[str, WarningSpec] = {}
    for spec in warnings:
        if spec.warning in seen:
            first = str(seen[spec.warning].at("warning"))
            faults.note("pack.duplicate-id", spec.at("warning"), given=spec.warning, nearest=first)
        seen.setdefault(spec.warning, spec)
        scopes.entity(spec.for_, spec.at("for"))
        editions.check(spec.cite, faults)
        if spec.grade is not None and spec.grade not in GRADE.members:
            faults.unknown("pack.unknown-grade", spec.grade, GRADE.members, spec.at("grade"))
        for form in spec.when:
            if form not in FORMS:
                faults.unknown("pack.unknown-form", form, FORMS, spec.when.at_key(form))
        if isinstance(spec.written("when"), Map) and not spec.when:
            faults.note("pack.empty-value", spec.at("when"))
