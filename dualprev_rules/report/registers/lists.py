"""The lists of the mechanism (双清单), of risk points and hidden hazards, with the profile's columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from dualprev_rules.control import HazardRecord
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.problems import Words
from dualprev_rules.report.carriers import Filled, HazardFields, PointFields
from dualprev_rules.report.phrases import joined, phrase
from dualprev_rules.report.registers.table import Table, table, width_of
from dualprev_rules.result import Result
from dualprev_rules.risk.profile import Carrier

Watch = Callable[[Sequence[Any], Words], Iterable[Any]]
"""Passes on what is worked through, and may tell somebody how far it is."""


def unwatched(rows: Sequence[Any], _title: Words) -> Iterable[Any]:
    """Pass on what is worked through; nobody is told."""
    return rows


def point_list(points: PointFields, carrier: Carrier, watch: Watch = unwatched) -> Table:
    """Return a register of risk points, as the graded-control list: a row each, in the order of the facts."""
    rows = (
        tuple(points.fill(field.shows, (point,)) for field in carrier.fields)
        for point in watch(tuple(points.place.all_points()), carrier.title)
    )
    return _table(carrier, rows, points.result.ruleset)


def hazard_list(
    result: Result, carrier: Carrier, ledger: Iterable[HazardRecord] = (), watch: Watch = unwatched
) -> Table:
    """Return the hidden-hazard list: the ledger, then what the facts show and is not open on it."""
    hazards = HazardFields(result, ledger)
    rows = (
        tuple(hazards.fill(field.shows, row) for field in carrier.fields)
        for row in watch(hazards.rows(), carrier.title)
    )
    return _table(carrier, rows, result.ruleset)


def clauses(carrier: Carrier, ruleset: Ruleset) -> Words | None:
    """Return the clauses that ask for a register or card."""
    if not carrier.citations:
        return None
    numbers = [Words(f"{ruleset.instruments[c.instrument].number} {c.clause}") for c in carrier.citations]
    return phrase("asked_by", what=joined(numbers, "semicolon"))


def _table(carrier: Carrier, rows: Iterable[tuple[Filled, ...]], ruleset: Ruleset) -> Table:
    heads = [(field.label, width_of(field.shows)) for field in carrier.fields]
    return table(carrier.id, carrier.title, heads, rows, clauses(carrier, ruleset) or carrier.note)
