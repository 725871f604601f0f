"""The fields of a register about hidden hazards: those on the ledger, and those found besides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from dualprev_rules.control import HazardRecord, due
from dualprev_rules.control.who import called
from dualprev_rules.control.words import term
from dualprev_rules.facts.record import Record
from dualprev_rules.pack.model import RuleKind, Shows
from dualprev_rules.problems import Words
from dualprev_rules.report.carriers.filled import NOTHING, Filled, of_texts, of_words
from dualprev_rules.report.due_words import due_words
from dualprev_rules.report.phrases import phrase
from dualprev_rules.result import Finding, Result
from dualprev_rules.risk.hidden_hazard import COUNTS_AS, HazardGrade
from dualprev_rules.risk.reading import text


@dataclass(frozen=True, slots=True)
class FoundHazard:
    """A hidden hazard that the facts show; what several instruments state of one breach is one."""

    finding: Finding
    title: Words
    grade: HazardGrade

    @property
    def rules(self) -> tuple[str, ...]:
        """The rule that decides, then those that state the same breach."""
        return self.finding.rule.id, *self.finding.merged

    @property
    def path(self) -> str:
        """The path of the record at fault."""
        return self.finding.path


@dataclass(frozen=True, slots=True)
class HazardRow:
    """A row of the list: a hidden hazard of the ledger, or one found that is not on it."""

    recorded: HazardRecord | None
    found: FoundHazard | None


class HazardFields:
    """Fills fields about the hidden hazards of one result, and of the enterprise's ledger."""

    def __init__(self, result: Result, ledger: Iterable[HazardRecord] = ()) -> None:
        self.result = result
        self._ledger = tuple(ledger)
        self._records = {record.path: record for record in result.facts.records()}
        self._fill: Mapping[Shows, Callable[[HazardRow], Filled]] = {
            "name": lambda row: of_words([_title(row)]),
            "hidden_hazards": lambda row: of_words([_title(row)]),
            "number": lambda row: of_texts([row.recorded.id if row.recorded else None]),
            "place": lambda row: of_words([self._place(row)]),
            "grade": lambda row: of_words([term("grades", _either(row).grade).words]),
            "category": lambda row: of_words([_cause(row)]),
            "measures": lambda row: of_words(self._measures(row)),
            "emergency": lambda row: of_texts([_assigned(row, "contingency")]),
            "owner": lambda row: of_texts([_assigned(row, "responsible")]),
            "deadline": lambda row: Filled(value=row.recorded.deadline if row.recorded else None),
            "state": lambda row: of_words([_state(row), *self._pressing(row)]),
        }

    def rows(self) -> tuple[HazardRow, ...]:
        """Return what the list holds: the ledger in its order, then what is found and not open on it."""
        known = [each for each in self._ledger if not each.state.final]
        return (
            *(HazardRow(each, None) for each in self._ledger),
            *(HazardRow(None, each) for each in not_covered(self.result, known)),
        )

    def fill(self, shows: Shows, row: HazardRow) -> Filled:
        """Return what a field shows of a hidden hazard; nothing where nobody has said it."""
        fill = self._fill.get(shows)
        return NOTHING if fill is None else fill(row)

    def _pressing(self, row: HazardRow) -> list[Words]:
        """Return what is late on the day of the result, and what waits without any deadline."""
        if row.recorded is None:
            return []
        of = self.result
        waiting = due(row.recorded, of.ruleset.as_of, deadlines=of.profile.hazard_deadlines)
        told = ("deadline_beyond", "approver")
        return [due_words(each) for each in waiting if each.days or each.since is None or each.what in told]

    def _place(self, row: HazardRow) -> Words | None:
        return self._name(_either(row).path) or (self._name(row.recorded.unit) if row.recorded else None)

    def _name(self, path: str | None) -> Words | None:
        """Return what the record at a path is called, after the nearest place that has a name."""
        record = self._records.get(path or "")
        if record is None:
            return Words(path) if path else None
        name, kind = text(record, "name"), record.entity.label
        own = (
            Words(name)
            if name
            else Words(*(f"{of} {called(record)}".strip() for of in (kind.zh, kind.get("en"))))
        )
        holder = _named_above(record.parent)
        return Words(f"{holder} › {own.zh}", f"{holder} › {own.get('en')}") if holder else own

    def _measures(self, row: HazardRow) -> list[Words | None]:
        """Return the treatment assigned; of a hidden hazard just found, what its rule proposes."""
        assigned = _assigned(row, "measures")
        if assigned:
            return [Words(assigned)]
        either = _either(row)
        name = either.rules[0] if isinstance(either, FoundHazard) else either.rule
        rule = self.result.ruleset.rules.get(name or "")
        known = self.result.ruleset.measures
        if rule is None:
            return []
        return [phrase("proposed", what=known[m].title) for m in rule.measures if m in known]


def found_hazards(result: Result) -> Iterator[FoundHazard]:
    """Yield the hidden hazards that the facts show, each breach once, major ones first."""
    known = result.ruleset.rules
    found: list[FoundHazard] = []
    for finding in result.breaches:
        kinds: list[RuleKind] = [known[name].kind for name in (finding.rule.id, *finding.merged)]
        graded: list[HazardGrade] = [COUNTS_AS[kind] for kind in kinds if kind in COUNTS_AS]
        if graded:
            said = result.message(finding)
            found.append(FoundHazard(finding, Words(said["zh"], said["en"]), graded[0]))
    yield from sorted(found, key=lambda each: each.grade != "major")


def not_covered(result: Result, known: Iterable[HazardRecord]) -> Iterator[FoundHazard]:
    """Yield what the facts show and no record stands for: none of its rules and place, or a milder one."""
    recorded: dict[tuple[str | None, str | None], list[HazardRecord]] = {}
    for each in known:
        recorded.setdefault((each.rule, each.path), []).append(each)
    for found in found_hazards(result):
        same = (each for rule in found.rules for each in recorded.get((rule, found.path), ()))
        if not any(each.covers(found.grade) for each in same):
            yield found


def _either(row: HazardRow) -> HazardRecord | FoundHazard:
    either = row.recorded or row.found
    assert either is not None
    return either


def _title(row: HazardRow) -> Words:
    title = _either(row).title
    return title if isinstance(title, Words) else Words(title)


def _cause(row: HazardRow) -> Words | None:
    cause = row.recorded.cause if row.recorded else None
    return term("causes", cause).words if cause else None


def _state(row: HazardRow) -> Words:
    """Return how far it is; what only the facts show is for a person to confirm and register."""
    return row.recorded.state.term.words if row.recorded else phrase("not_on_ledger")


def _assigned(row: HazardRow, name: str) -> str | None:
    assignment = row.recorded.assignment if row.recorded else None
    return getattr(assignment, name) if assignment is not None else None


def _named_above(record: Record | None) -> str | None:
    while record is not None and record.parent is not None:
        name = text(record, "name")
        if name:
            return name
        record = record.parent
    return None
