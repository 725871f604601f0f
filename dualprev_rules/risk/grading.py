"""Grading by a method that is data: factors on their scales, the formula, the bands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.decision import matches
from dualprev_rules.evaluate.render import number
from dualprev_rules.evaluate.values import make
from dualprev_rules.facts.possible import (
    Absent,
    Cause,
    Finite,
    Interval,
    Numbers,
    Value,
    holds,
    is_whole,
    meet,
)
from dualprev_rules.facts.record import Record
from dualprev_rules.lang.tree import Decide
from dualprev_rules.pack.model import Bands, Factor, GradingMethod, Level
from dualprev_rules.problems import Problem, problem
from dualprev_rules.risk.gaps import between_bands
from dualprev_rules.risk.grades import RiskGrade, open_grade, read_grade

NOTHING_GIVEN: Mapping[str, str | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Grading:
    """What a method gives for the factors of one risk point or event, and by which bands."""

    grade: RiskGrade
    method: GradingMethod | None = None
    """None where it is not known which method was used."""
    bands: Bands | None = None
    """None for a method without bands: it gives a figure and no level."""
    factors: Mapping[str, Value] = field(default_factory=dict[str, Value])
    """Every factor of the method, open ones as all scores that they may still have."""
    result: Value | None = None
    """What the formula gives: D of LEC, R of LS."""
    levels: tuple[Level, ...] = ()
    """What the bands call it, worst first, where they have levels other than the four grades."""
    assessed: bool = False
    """True where a factor was given, even if the grade is still open."""
    problems: tuple[Problem, ...] = ()

    @property
    def without_grade(self) -> bool:
        """True where the source gives no risk grade: no bands at all, or levels of its own."""
        if self.method is None:
            return False
        return self.bands is None or any(level.grade is None for level in self.levels)

    @property
    def band(self) -> tuple[str, ...]:
        """The bands, as the method writes them, that the result may fall in."""
        if self.bands is None or self.method is None or self.result is None:
            return ()
        table = self.bands.decide.node
        if not isinstance(table, Decide) or not isinstance(self.result.possible, Finite):
            return ()
        cells = [row.cells[self.method.result] for row in table.rows if self.method.result in row.cells]
        pieces = [Finite((value,)) for value in self.result.possible.values]
        return tuple(cell.text for cell in cells if any(matches(cell, piece) for piece in pieces))


def ungraded(*causes: Cause, assessed: bool = False, problems: tuple[Problem, ...] = ()) -> Grading:
    """Return the grading of which nothing is known."""
    return Grading(open_grade(*causes), assessed=assessed, problems=problems)


def grade_factors(
    reference: Reference,
    method: GradingMethod,
    bands: Bands | None,
    factors: Mapping[str, Value],
    record: Record,
    prefix: str = "",
    given: Mapping[str, str | None] = NOTHING_GIVEN,
) -> Grading:
    """Grade ``factors`` (by the names of the method) of ``record`` by ``method`` and ``bands``.

    A factor that is not there is unknown on its whole scale; so is one whose value is not on it,
    which is a problem that lists the scores allowed. ``given`` are the factors that were given, as
    written. ``prefix`` is what stands before their names in the record. Where the method has no bands,
    or its source gives the level no risk grade, the grade is open for that reason.
    """
    problems: list[Problem] = []
    scaled: dict[str, Value] = {}
    for name, factor in method.factors.items():
        path = f"{record.path}.{prefix}{name}" if record.path else name
        value = factors.get(name)
        scaled[name], fault = _on_scale(method, factor, value, path, given.get(name))
        problems += [fault] if fault else []
    me = {"self": Value((record,))}
    result = reference.run(method.formula, {**me, **scaled})
    if bands is None:
        grade, levels = open_grade(Cause(method.id, "gap")), ()
    else:
        decided = reference.run(bands.decide, {**me, method.result: result})
        name = f"{method.id}.{bands.id}"
        left = between_bands(decided, bands, result)
        if left is not None:
            missing = frozenset(cause for cause in decided.causes if cause.reason != "gap")
            causes = missing or frozenset((Cause(name, "gap"),))
            decided = replace(decided, possible=left, absent=Absent.NEVER, causes=causes)
        grade, levels = _read(decided, bands, name)
    return Grading(grade, method, bands, scaled, result, levels, bool(given), tuple(problems))


def _read(decided: Value, bands: Bands, name: str) -> tuple[RiskGrade, tuple[Level, ...]]:
    """Return the grade that bands gave, and the levels where they have levels of their own."""
    if not bands.levels:
        return read_grade(decided, name), ()
    if decided.absent is not Absent.NEVER:
        return read_grade(decided, name), tuple(bands.levels.values())
    levels = tuple(level for level in bands.levels.values() if level.id in decided.possible)
    grades = {level.grade for level in levels}
    if None in grades:
        # What is missing would decide the level, but never the grade.
        return open_grade(Cause(name, "gap"), *decided.causes), levels
    possible = tuple(sorted(grade for grade in grades if grade is not None))
    return RiskGrade(possible, frozenset() if len(possible) == 1 else decided.causes), levels


def _on_scale(
    method: GradingMethod, factor: Factor, value: Value | None, path: str, given: str | None
) -> tuple[Value, Problem | None]:
    scores = factor.within
    if value is None and factor.if_absent is not None:
        return Value(Finite((factor.if_absent,))), None
    if value is None or value.absent is not Absent.NEVER or value.possible is None:
        causes = value.causes if value is not None and value.causes else frozenset((Cause(path),))
        return Value(scores, causes=causes, within=scores), None
    possible = meet(value.possible, scores)
    if possible is not None:
        return make(possible, value.causes, within=scores), None
    allowed = [number(score) for score, _ in sorted(factor.scores, key=lambda s: -s[0])]
    parted = (
        is_whole(scores)
        and isinstance(scores, Interval)
        and meet(value.possible, replace(scores, whole=False))
    )
    fault = problem(
        "risk.factor-not-whole" if parted else "risk.off-scale",
        path=path,
        given=given if given is not None else _shown(value.possible),
        nearest=_nearest(value.possible, factor),
        effect="unknown",
        method=method.title,
        factor=factor.name,
        label=factor.label,
        allowed=" ".join(allowed) if isinstance(scores, Finite) else _shown(scores),
    )
    return Value(scores, causes=frozenset((Cause(path, "data_problem"),)), within=scores), fault


def _shown(numbers: Numbers) -> str:
    above = isinstance(numbers, Interval) and numbers.low_open
    if numbers.low is not None and (numbers.high is None or above):
        most = "" if numbers.high is None else f", ≤ {number(numbers.high)}"
        return f"{'>' if above else '≥'} {number(numbers.low)}{most}"
    ends = [number(end) for end in (numbers.low, numbers.high) if end is not None]
    return "–".join(dict.fromkeys(ends))


def _nearest(given: Numbers, factor: Factor) -> str | None:
    """Return what may be meant by a value off the scale; of two scores as near, the worse."""
    at = given.low if given.low is not None else given.high
    allowed = [score for score, _ in factor.scores] or [
        end for end in (factor.within.low, factor.within.high) if end is not None
    ]
    if at is None or not allowed:
        return None
    if isinstance(factor.within, Interval) and factor.within.whole:
        allowed = [
            end for end in (Fraction(floor(at)), Fraction(ceil(at))) if holds(factor.within, end)
        ] or allowed
    sign = -1 if factor.monotone == "rising" else 1
    near = min(allowed, key=lambda s: (abs(s - at), sign * s))
    return number(near) if factor.scores or holds(factor.within, near) else None
