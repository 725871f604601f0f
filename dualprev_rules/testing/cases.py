"""Run the cases of a pack: facts of a day, and what must come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from dualprev_rules.facts.quantity import parse_number
from dualprev_rules.pack.model import Case
from dualprev_rules.problems import DualprevError, Problem, nearest, problem

if TYPE_CHECKING:
    from dualprev_rules.engine import Engine
    from dualprev_rules.facts.record import Record
    from dualprev_rules.result import Result

Tree = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something expected that did not come out, with the reasons of what did."""

    key: str
    expected: Any
    got: Any
    """None with ``missing`` set: there is nothing of that name in the result."""
    missing: bool = False
    nearest: str | None = None
    """Where nothing has that name, the nearest one that there is."""
    because: Sequence[Mapping[str, Any]] = ()
    derived: Mapping[str, Mapping[str, Any]] | None = None
    """The derived values that the reasons refer to, by key."""

    def to_json(self) -> dict[str, Any]:
        """Return the mismatch as JSON values, in a fixed order of keys."""
        return {
            "key": self.key,
            "expected": self.expected,
            "got": self.got,
            "missing": self.missing,
            "nearest": self.nearest,
            "because": list(self.because),
        }


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case, what did not come out as expected, and what made it impossible to run."""

    case: Case
    mismatches: tuple[Mismatch, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def passed(self) -> bool:
        """True where everything came out as expected."""
        return not self.mismatches and not self.problems

    def to_json(self) -> dict[str, Any]:
        """Return what came of the case as JSON values, in a fixed order of keys."""
        return {
            "pack": self.case.pack,
            "case": self.case.name,
            "place": str(self.case.place),
            "passed": self.passed,
            "mismatches": [mismatch.to_json() for mismatch in self.mismatches],
            "problems": [problem.to_json() for problem in self.problems],
        }


def run_cases(cases: Iterable[Case], packs: Sequence[str | Path]) -> list[CaseResult]:
    """Run cases, in their order, on ``packs``, each by the law and profile of its own day.

    Packs are loaded once for each day and profile. Raises DualprevError where they do not load.
    """
    from dualprev_rules.engine import Engine

    @cache
    def engine(as_of: date, profile: str) -> Engine:
        return Engine.load(packs=packs, profile=profile, as_of=as_of)

    return [run_case(case, engine(case.as_of, case.profile)) for case in cases]


def run_case(case: Case, engine: Engine) -> CaseResult:
    """Run one case on an engine of its day and profile; one that expects nothing does not pass."""
    if not case.expect:
        return CaseResult(case, problems=(problem("pack.no-expectation", place=case.place, given=case.name),))
    try:
        # Only what a case names is judged: most name one rule of hundreds.
        result = engine.result_of(engine.read(case.facts))
    except DualprevError as error:
        return CaseResult(case, problems=error.problems)
    # A name that means nothing leaves a fact out that the case believes to state.
    misspelt = tuple(fault for fault in result.facts.problems if fault.code == "facts.unknown-key")
    records = _records(result)
    found = (_compare(result, records, key, expected) for key, expected in case.expect.items())
    return CaseResult(case, tuple(mismatch for mismatch in found if mismatch is not None), misspelt)


def _records(result: Result) -> dict[str, Record]:
    """Return the records of a result, by short and by full path."""
    records = [record for record in result.facts.records() if not record.phantom]
    return {record.path: record for record in records} | {record.short: record for record in records}


def _compare(result: Result, records: Mapping[str, Record], key: str, expected: Any) -> Mismatch | None:
    name, colon, rule = key.partition(": ")
    if colon:
        return _outcome(result, records, name.strip(), rule.strip(), expected)
    name, _, definition = key.strip().rpartition(".")
    return _derived(result, records, name, definition, expected)


def _outcome(
    result: Result, records: Mapping[str, Record], name: str, rule: str, expected: Any
) -> Mismatch | None:
    key = f"{name}: {rule}"
    record = records.get(name)
    entity = record.entity.name if record is not None else None
    rules = {r.id: r for r in result.ruleset.rules.values() if r.standing != "covered" and r.entity == entity}
    if record is None or rule not in rules:
        near = [f"{nearest(name, records) or name}: {each}" for each in rules or result.ruleset.rules]
        return Mismatch(key, expected, None, missing=True, nearest=nearest(key, near))
    outcome = result.outcome(rules[rule], record)
    got = "presumed" if outcome.presumed else "harmless" if outcome.harmless else outcome.code
    if got == expected:
        return None
    because = _reasons(result, result.explain(outcome))
    return Mismatch(key, expected, got, because=because, derived=_explained(result, because))


def _derived(
    result: Result, records: Mapping[str, Record], name: str, definition: str, expected: Any
) -> Mismatch | None:
    record = records.get(name)
    known = result.ruleset.definitions
    by = known.get((record.entity.name, definition)) if record is not None else None
    if record is None or by is None:
        key = f"{name}.{definition}"
        names = [
            f"{short}.{each.name}"
            for short, of in records.items()
            for each in known.values()
            if each.entity == of.entity.name
        ]
        return Mismatch(key, expected, None, missing=True, nearest=nearest(key, names))
    fact = result.derive(by, record)
    if (expected == "undetermined" and fact.open) or same(expected, fact.value):
        return None
    because = _reasons(result, result.explain_derived(fact.key))
    return Mismatch(fact.key, expected, fact.value, because=because, derived=_explained(result, because))


def same(expected: Any, got: Any) -> bool:
    """Tell whether a value is the one expected: numbers by what they are, not how they are written.

    Of an open value the ends that are named must be so; members count in any order. Nothing, ``null``
    and ``none`` stand for *no value*.

    >>> same("0.50", "1/2"), same({"low": "1"}, {"low": "1", "high": None}), same("1", {"low": "1"})
    (True, True, False)
    """
    if isinstance(got, Mapping):
        if not isinstance(expected, Mapping):
            return False
        named = cast("Mapping[str, Any]", expected)
        held = cast("Mapping[str, Any]", got)
        return bool(named) and all(key in held and same(value, held[key]) for key, value in named.items())
    if isinstance(got, list):
        return isinstance(expected, list) and _same_members(
            cast("list[Any]", expected), cast("list[Any]", got)
        )
    if got is None:
        return expected is None or expected in ("", "null", "none")
    if isinstance(expected, Mapping | list) or expected is None:
        return False
    written, is_now = _plain(expected), _plain(got)
    if written == is_now:
        return True
    number = parse_number(written)
    return number is not None and number == parse_number(is_now)


def _same_members(expected: list[Any], got: list[Any]) -> bool:
    left = list(got)
    for member in expected:
        found = next((index for index, each in enumerate(left) if same(member, each)), None)
        if found is None:
            return False
        del left[found]
    return not left


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _reasons(result: Result, because: Any) -> Tree:
    from dualprev_rules.result.document import reasons

    return reasons(because, result.ruleset)


def _explained(result: Result, because: Tree) -> dict[str, dict[str, Any]]:
    """Return the reasons of every derived value that reasons refer to, directly or further down."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(because)
    while waiting:
        node = waiting.pop()
        see = node.get("see", "")
        if see in result.derived and see not in found:
            found[see] = {"because": _reasons(result, result.explain_derived(see))}
            waiting += found[see]["because"]
        waiting += node.get("because", ())
    return found
