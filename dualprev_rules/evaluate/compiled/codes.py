"""Outcome codes of one assessment: how many there are of each, and of what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.groups import (
    CODES,
    COMPLIANT,
    HARMLESS,
    NOT_APPLICABLE,
    PRESUMED,
    UNDETERMINED,
    VIOLATED,
    Group,
    group,
)
from dualprev_rules.evaluate.compiled.layout import ENTITY, RECORD, Odd, Row
from dualprev_rules.evaluate.outcome import Outcome
from dualprev_rules.pack.model import Rule

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.runtime import Case


_MAY_VIOLATE = UNDETERMINED, PRESUMED


def outcomes(case: Case, out: list[Any]) -> Iterator[tuple[Row, Rule, int]]:
    """Yield the row, rule and code of every outcome; a rule that stands in no group does not apply."""
    found: dict[str, int] = {}
    at: Row | None = None
    for row, of, codes in [*_parts(out), (None, None, ())]:
        if at is not None and (of is None or of.first):
            for rule in case.program.by_entity[at[ENTITY]]:
                yield at, rule, found.get(rule.id, NOT_APPLICABLE)
            found = {}
        if of is not None:
            at = row
            found.update(zip((rule.id for rule in of.rules), codes, strict=True))


def _parts(out: list[Any]) -> Iterator[tuple[Row, Group, tuple[int, ...]]]:
    for row, of, found in zip(out[::3], out[1::3], out[2::3], strict=True):
        yield row, of, of.codes(found)


def violated(case: Case) -> list[tuple[Rule, str | None]]:
    """Return every rule that is violated with the path of the record; None where a row has none."""
    found: list[tuple[Rule, str | None]] = []
    for row, of, codes in _parts(case):
        record = row[RECORD]
        path = record.path if record is not None else None
        found += [(rule, path) for rule, code in zip(of.rules, codes, strict=True) if code == VIOLATED]
    return found


def worst_of_rules(case: Case) -> dict[str, int]:
    """Return, of each rule that some record violates or may violate, VIOLATED or UNDETERMINED by its id.

    The records that lists may hold beside those given may violate; that one does is never said of them.
    """
    found: dict[str, int] = {}
    for _, of, codes in _parts(case):
        for rule, code in zip(of.rules, codes, strict=True):
            if code == VIOLATED:
                found[rule.id] = VIOLATED
            elif code in _MAY_VIOLATE:
                found.setdefault(rule.id, UNDETERMINED)
    for _, of, codes in _parts(case.open):
        for rule, code in zip(of.rules, codes, strict=True):
            if code in _MAY_VIOLATE:
                found.setdefault(rule.id, UNDETERMINED)
    return found


def counts(case: Case) -> dict[str, int]:
    """Return how many there are, by the names that ``Result.counts`` has.

    Of a row that stands for whatever a list may yet hold, only what is undetermined counts.
    """
    numbers = dict.fromkeys(CODES.values(), 0)
    total = judged = major = 0
    for row, of, codes in _parts(case):
        judged += len(codes)
        if of.first:
            total += len(case.program.by_entity[row[ENTITY]])
        for code in numbers:
            numbers[code] += codes.count(code)
        major += sum(codes[position] == VIOLATED for position in of.major)
    for _, _, codes in _parts(case.open):
        for code in (UNDETERMINED, PRESUMED, HARMLESS):
            numbers[code] += codes.count(code)
    return {
        "violated": numbers[VIOLATED],
        "presumed": numbers[PRESUMED],
        "undetermined": numbers[UNDETERMINED] + numbers[PRESUMED] + numbers[HARMLESS],
        "harmless": numbers[HARMLESS],
        "compliant": numbers[COMPLIANT],
        # The rules of groups that do not apply have no codes.
        "not_applicable": numbers[NOT_APPLICABLE] + total - judged,
        "major": major,
    }


def ask_instead(case: Case, odd: Odd) -> None:
    """Put the reference's outcomes in the place of those that rest on facts that rows cannot hold."""
    touches = case.program.touches
    for out in (case, case.open):
        for index in range(0, len(out), 3):
            row, of, found = out[index : index + 3]
            asked = [i for i, rule in enumerate(of.rules) if touches(rule) & odd]
            record = row[RECORD]
            # A row without one stands for any record of a list, and rests on no fact.
            if asked and record is not None:
                changed = list(of.codes(found))
                for i in asked:
                    rule = of.rules[i]
                    if rule.standing != "guidance":
                        changed[i] = code_of(case.reference.outcome(rule, record))
                out[index + 1 : index + 3] = group(of.rules, first=of.first), tuple(changed)


def code_of(outcome: Outcome) -> int:
    """Return the code of an outcome."""
    match outcome.code:
        case "violated":
            return VIOLATED
        case "compliant":
            return COMPLIANT
        case "not_applicable":
            return NOT_APPLICABLE
        case _:
            return PRESUMED if outcome.presumed else HARMLESS if outcome.harmless else UNDETERMINED
