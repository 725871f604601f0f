"""Cases: what they expect must be of rules and definitions that there are, on whatever day."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from dualprev_rules.facts.schema import Schema
from dualprev_rules.pack.resolve import called
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.source import Map, Scalar
from dualprev_rules.pack.spec import CaseSpec
from dualprev_rules.pack.spec.cases import OUTCOMES
from dualprev_rules.pack.spec.keys import OF_VALUES
from dualprev_rules.pack.spec.scalars import not_one_of, refusal
from dualprev_rules.problems import Place

# Of a short path, ``unit[U1]`` or ``enterprise``; a full one begins at the root.
_SHORT = re.compile(r"(\w+)(?:\[[^\]]*\])?")


def check_cases(
    cases: Iterable[CaseSpec],
    schema: Schema,
    rules: Collection[str],
    definitions: Collection[str],
    faults: Faults,
) -> None:
    """Check the keys and outcomes under ``expect``; ``definitions`` are named ``entity.name``."""
    for case in cases:
        # One that is no mapping at all was refused already.
        if not case.expect and case.expect.file.name:
            faults.note("pack.no-expectation", case.at("expect"), given=case.case)
        for key, expected in case.expect.items():
            place = case.expect.at_key(key)
            record, colon, rule = key.partition(": ")
            if colon:
                if rule.strip() not in rules:
                    faults.unknown("pack.unknown-rule", rule.strip(), rules, place)
                _check_outcome(expected, faults)
                entity = _entity(record, schema, place, faults)
            elif ":" in key:
                faults.note("pack.case-key", place, given=key, nearest=key.replace(":", ": ", 1))
            else:
                record, _, name = key.strip().rpartition(".")
                entity = _entity(record, schema, place, faults)
                if entity is not None and f"{entity}.{name}" not in definitions:
                    faults.unknown("pack.unknown-definition", f"{entity}.{name}", definitions, place)


def _entity(record: str, schema: Schema, place: Place, faults: Faults) -> str | None:
    """Return the entity of a short path; None for a full path, and for one of no entity, which is told."""
    match = _SHORT.fullmatch(record.strip())
    if match is None:
        return None
    if match[1] in schema.entities:
        return match[1]
    faults.unknown("pack.unknown-entity", match[1], schema.entities, place, called.entities(schema))
    return None


def _check_outcome(expected: object, faults: Faults) -> None:
    if isinstance(expected, Scalar):
        word = expected.text.strip()
        if OF_VALUES.get(word, word) not in OUTCOMES:
            faults.add([refusal(not_one_of(expected.text.strip(), OUTCOMES), expected)])
    elif isinstance(expected, Map):
        faults.note("pack.text-wanted", expected.place(), given="")
