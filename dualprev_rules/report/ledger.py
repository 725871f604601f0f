"""The ledger of hidden hazards on a terminal, and as JSON with the codes of exchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console
from rich.text import Text

from dualprev_rules.control.due import Due
from dualprev_rules.control.hazard import HazardRecord
from dualprev_rules.control.recurrence import Recurrence
from dualprev_rules.control.words import term
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.due_words import deadline_words, due_words, undated_words
from dualprev_rules.report.inspection.terminal import plain_table
from dualprev_rules.report.phrases import phrase
from dualprev_rules.report.printable import printable


def ledger_json(
    shown: Sequence[HazardRecord],
    again: Sequence[Recurrence],
    day: date,
    waiting: Mapping[str, Sequence[Due]],
) -> dict[str, Any]:
    """Return hidden hazards, what is due with each, and what recurs, as JSON values."""
    return {
        "day": day.isoformat(),
        "hazards": [_hazard(hazard, waiting.get(hazard.id, ())) for hazard in shown],
        "recurring": [
            {
                "kind": each.kind,
                "rule": each.rule,
                "unit": each.unit,
                "hazards": list(each.hazards),
                "units": list(each.units),
            }
            for each in again
        ],
    }


def _hazard(hazard: HazardRecord, waiting: Sequence[Due]) -> dict[str, Any]:
    treatment = hazard.treatment
    return {
        "id": hazard.id,
        "title": hazard.title,
        "grade": _coded("grades", hazard.grade),
        "state": _coded("states", hazard.state.value),
        "treatment": _coded("treatments", treatment.value) if treatment is not None else None,
        "cause": _coded("causes", hazard.cause) if hazard.cause is not None else None,
        "found_in": _coded("found_in", hazard.found_in),
        "found_at": hazard.found_at.isoformat(),
        "found_by": hazard.found_by,
        "path": hazard.path,
        "unit": hazard.unit,
        "rule": hazard.rule,
        "responsible": hazard.assignment.responsible if hazard.assignment is not None else None,
        "deadline": hazard.deadline.isoformat() if hazard.deadline is not None else None,
        "extensions": [
            {
                "to": each.to.isoformat(),
                "reason": each.reason,
                "approver": each.approver,
                "role": each.role,
                "level": each.level,
            }
            for each in hazard.extensions
        ],
        "deferral": {
            "expires": hazard.deferral.expires.isoformat(),
            "reason": hazard.deferral.reason,
            "approver": hazard.deferral.approver,
        }
        if hazard.deferral is not None
        else None,
        "stopped": hazard.stopped,
        "listed": hazard.listed,
        "listing_proposed": hazard.listing_proposed,
        "due": [
            {
                "what": each.what,
                "since": each.since.isoformat() if each.since is not None else None,
                "days": each.days,
                "waited": each.waited,
                "level": each.level.member if each.level is not None else None,
            }
            for each in waiting
        ],
        "steps": hazard.steps,
        "head": hazard.head,
    }


def _coded(vocabulary: str, member: str) -> dict[str, Any]:
    found = term(vocabulary, member)
    return {"is": member, "exchange": found.exchange, "label": found.words.to_json()}


def print_ledger(
    shown: Sequence[HazardRecord],
    again: Sequence[Recurrence],
    waiting: Mapping[str, Sequence[Due]],
    console: Console,
    lang: Lang = "zh",
) -> None:
    """Print hidden hazards with what waits, then what recurs."""
    if not shown:
        console.print(Text(phrase("hazards_none").get(lang)))
    else:
        headings = (
            "hazard_id",
            "hazard_title",
            "hazard_grade",
            "hazard_state",
            "hazard_deadline",
            "hazard_next",
        )
        table = plain_table(headings, lang)
        for hazard in shown:
            waits = [due_words(each).get(lang) for each in waiting.get(hazard.id, ())]
            if hazard.listing_proposed:
                waits.append(phrase("listing_proposed").get(lang))
            row = (
                hazard.id,
                hazard.title,
                term("grades", hazard.grade).words.get(lang),
                hazard.state.term.words.get(lang),
                deadline_words(hazard).get(lang),
                phrase("separator").get(lang).join(waits),
            )
            table.add_row(*(Text(printable(part)) for part in row))
        console.print(table)
        without = undated_words(each for hazard in shown for each in waiting.get(hazard.id, ()))
        if without is not None:
            console.print(Text(printable(without.get(lang)), style="bold"))
    for each in again:
        said = phrase(
            "systemic_in" if each.kind == "systemic" else "repeated_in",
            rule=each.rule,
            hazards=" ".join(each.hazards),
            **({"n": len(each.units)} if each.kind == "systemic" else {"unit": each.unit}),
        )
        console.print(Text(printable(said.get(lang))))
