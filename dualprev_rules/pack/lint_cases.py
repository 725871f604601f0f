"""Cases: what their facts and expectations name must be there, and each has a name of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dualprev_rules.facts.reading import Reader
from dualprev_rules.facts.types import Bool
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.pack.plain import plain
from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.source import Scalar
from dualprev_rules.pack.spec import CaseSpec
from dualprev_rules.problems import DualprevError

_OF_A_TRUTH = ("true", "false", "undetermined", "null", "none", "")
"""What can be expected of what is true or false."""


def lint_cases(sources: Sequence[PackSource], rulesets: Sequence[Ruleset], faults: Faults) -> None:
    """Find facts and records of cases that are not there, values that cannot be, and names given twice."""
    if not rulesets:
        return
    reader = Reader(rulesets[0].schema)
    truths = {
        of for ruleset in rulesets for of, made in ruleset.definitions.items() if isinstance(made.type, Bool)
    }
    for source in sources:
        named: dict[tuple[str, str], CaseSpec] = {}
        for case in source.cases:
            first = named.setdefault((case.at("case").file, case.case), case)
            if first is not case:
                faults.warn("pack.case-twice", case.at("case"), given=case.case, first=first.at("case"))
            _named(case, reader, truths, faults)


def _named(case: CaseSpec, reader: Reader, truths: set[tuple[str, str]], faults: Faults) -> None:
    place = case.at("facts")
    try:
        facts = reader.read(plain(case.facts), as_of=case.as_of)
    except DualprevError as error:
        faults.add(replace(problem, place=problem.place or place) for problem in error.problems)
        return
    unknown = (problem for problem in facts.problems if problem.code == "facts.unknown-key")
    faults.add(replace(problem, place=place) for problem in unknown)
    records = [record for record in facts.records() if not record.phantom]
    by_path = {path: record for record in records for path in (record.path, record.short)}
    for key, expected in case.expect.items():
        of, colon, _ = key.partition(": ")
        path, _, value = (of, "", "") if colon else key.strip().rpartition(".")
        record = by_path.get(path.strip())
        if record is None:
            faults.unknown("pack.case-record", path.strip(), by_path, case.expect.at_key(key))
        elif isinstance(expected, Scalar) and (record.entity.name, value) in truths:
            text = expected.text.strip()
            if text not in _OF_A_TRUTH:
                faults.note("pack.case-value", expected.place(), given=text)
