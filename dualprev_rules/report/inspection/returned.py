"""What filled sheets bring back: the facts of a site with the answers put in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dualprev_rules.control.answers import Answer, Settled, fact_of, read_answers, settle
from dualprev_rules.facts.editing import in_doubt, put, to_json
from dualprev_rules.facts.reading import Opened
from dualprev_rules.facts.record import Facts
from dualprev_rules.problems import DualprevError, problem
from dualprev_rules.report.inspection.book import read_book
from dualprev_rules.report.inspection.whose import ensure_of


@dataclass(frozen=True, slots=True)
class Returned:
    """What answers came to, and the facts with them, as JSON values that ``Engine.assess`` takes."""

    settled: Settled
    facts: dict[str, Any]


def read_files(paths: Iterable[Path], facts: Facts) -> tuple[Answer, ...]:
    """Return the answers of saved sheets, JSON or XLSX, about the records of some facts.

    Raises DualprevError with every fault of every file that cannot be used.
    """
    found: list[Answer] = []
    faults: list[Any] = []
    for path in paths:
        try:
            found += read_book(path, facts) if path.suffix.lower() == ".xlsx" else _read_json(path, facts)
        except DualprevError as refused:
            faults += refused.problems
    if faults:
        raise DualprevError(faults)
    return tuple(found)


def read_back(opened: Opened, answers: Sequence[Answer]) -> Returned:
    """Return the facts with what the answers give, each with person, time and evidence.

    What two inspectors differ about stands in the facts as a data problem, not known; what was not checked
    or does not apply stays as it was.
    """
    settled = settle(answers, opened.facts)
    records = {record.path: record for record in opened.facts.records() if not record.phantom}
    for answer in settled.given:
        record = records[answer.record]
        put(opened, record, answer.fact or "", fact_of(answer, record))
    for several in settled.doubtful.values():
        first = several[0]
        said = (f"{each.value if each.looked == 'value' else each.looked} {each.by}" for each in several)
        put(opened, records[first.record], first.fact or "", in_doubt(*said))
    return Returned(settled, to_json(opened))


def _read_json(path: Path, facts: Facts) -> tuple[Answer, ...]:
    try:
        written: Any = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise DualprevError(problem("control.no-sheet", given=str(path))) from error
    answers = read_answers(written, str(path))
    ensure_of(written.get("enterprise"), facts, str(path))
    return answers
