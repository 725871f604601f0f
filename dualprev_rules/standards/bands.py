"""Grades compared: for every result of a method, which of two bands gives the worse grade."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.decision import matches, outputs
from dualprev_rules.evaluate.values import decided
from dualprev_rules.facts.possible import Finite, Value
from dualprev_rules.lang.tree import Const, Decide, DecisionRow
from dualprev_rules.pack.model import Bands, GradingMethod, Ruleset
from dualprev_rules.standards.axis import axes
from dualprev_rules.standards.written import figure, point

_MOST = 20_000
"""So many combinations of inputs are tried; of more the grades are not compared."""
Given = Mapping[str, Any]
"""Input → the piece that it is."""
Shown = Mapping[str, str]
"""Factor or input → its value, as written."""


@dataclass(frozen=True, slots=True)
class Graded:
    """One result that two bands grade apart."""

    point: Mapping[str, str]
    """Input → value."""
    first: int | None
    second: int | None
    """The grades, 1 the worst; None: no grade."""


@dataclass(frozen=True, slots=True)
class GradePair:
    """The bands of two sides for one method, and a result for each way in which they differ."""

    method: str
    other: str
    """The method of the second; as a rule the same."""
    first: Bands
    second: Bands
    stricter: Graded | None
    """A result that the first grades worse."""
    weaker: Graded | None
    """A result that the first grades milder, or not at all."""

    @property
    def verdict(self) -> str:
        """How the first stands to the second."""
        if self.stricter is None:
            return "equal" if self.weaker is None else "weaker"
        return "stricter" if self.weaker is None else "incomparable"


def grade_pairs(
    first: Sequence[tuple[GradingMethod, Bands]],
    second: Sequence[tuple[GradingMethod, Bands]],
    ruleset: Ruleset,
) -> Iterator[GradePair]:
    """Yield the bands of one method on both sides that differ, compared at every result there can be."""
    ids = {method.id for method, _ in first} & {method.id for method, _ in second}
    for method, bands in first:
        for other, beside in second:
            if _is_one(method, other, ids) and bands != beside:
                found = _compared(method, bands, other, beside, ruleset)
                if found is not None:
                    yield found


def not_graded(
    first: Sequence[tuple[GradingMethod, Bands]],
    second: Sequence[tuple[GradingMethod, Bands]],
    pairs: Sequence[GradePair],
) -> Iterator[str]:
    """Yield the bands of the second that none of the first are compared with."""
    ids = {method.id for method, _ in first} & {method.id for method, _ in second}
    done = {(pair.other, pair.second.id) for pair in pairs}
    for other, beside in second:
        same = any(_is_one(method, other, ids) and bands == beside for method, bands in first)
        if not same and (other.id, beside.id) not in done:
            yield f"{other.id}.{beside.id}"


def _is_one(method: GradingMethod, other: GradingMethod, ids: Collection[str]) -> bool:
    """Tell whether two methods, of which the two sides share ``ids``, are one."""
    return method.id == other.id or (not {method.id, other.id} & set(ids) and _alike(method, other))


def _alike(one: GradingMethod, other: GradingMethod) -> bool:
    """Tell whether two methods, each known to one side alone, have the same scales and formula."""
    scales = [{name: factor.within for name, factor in of.factors.items()} for of in (one, other)]
    return one.formula.text == other.formula.text and scales[0] == scales[1]


def _compared(
    method: GradingMethod, bands: Bands, other: GradingMethod, beside: Bands, ruleset: Ruleset
) -> GradePair | None:
    first, second = bands.decide.node, beside.decide.node
    if not isinstance(first, Decide) or not isinstance(second, Decide):
        return None
    if [column.name for column in first.inputs] != [column.name for column in second.inputs]:
        return None
    points = _results(method, first, ruleset) or _pieces(first, second, ruleset)
    if not points:
        return None
    stricter = weaker = None
    for given, shown in points:
        grades = _grade(bands, first, given), _grade(beside, second, given)
        if grades[0] == grades[1]:
            continue
        found = Graded(shown, *grades)
        if grades[1] is None or (grades[0] is not None and grades[0] < grades[1]):
            stricter = stricter or found
        else:
            weaker = weaker or found
    return GradePair(method.id, other.id, bands, beside, stricter, weaker)


def _results(method: GradingMethod, table: Decide, ruleset: Ruleset) -> list[tuple[Given, Shown]]:
    """Return every result that the scores of a method can have; none where they are no finite scales."""
    scales = {name: factor.within for name, factor in method.factors.items()}
    if [column.name for column in table.inputs] != [method.result] or not scales:
        return []
    if not all(isinstance(scale, Finite) for scale in scales.values()):
        return []
    scores = [scale.values for scale in scales.values() if isinstance(scale, Finite)]
    if prod(len(each) for each in scores) > _MOST:
        return []
    reference = Reference(ruleset)
    found: dict[Fraction, tuple[Given, Shown]] = {}
    for each in product(*scores):
        factors = {name: Value(Finite((score,))) for name, score in zip(scales, each, strict=True)}
        result = reference.value(method.formula.node, factors).possible
        if isinstance(result, Finite) and result.low not in found:
            shown = {name: figure(score) for name, score in zip(scales, each, strict=True)}
            found[result.low] = {method.result: result}, {**shown, method.result: figure(result.low)}
    return list(found.values())


def _pieces(first: Decide, second: Decide, ruleset: Ruleset) -> list[tuple[Given, Shown]]:
    """Return one result of each piece that neither table divides; none where these are too many."""
    both = axes(replace(first, rows=(*first.rows, *second.rows)), ruleset)
    if prod(len(axis.pieces) for axis in both) > _MOST:
        return []
    found: list[tuple[Given, Shown]] = []
    for at in product(*(range(len(axis.pieces)) for axis in both)):
        given = {axis.input.name: axis.pieces[step] for axis, step in zip(both, at, strict=True)}
        found.append((given, point(both, [((step, step + 1),) for step in at])))
    return found


def _grade(bands: Bands, table: Decide, given: Given) -> int | None:
    """Return the grade of one result; None where there is none, or several."""
    hit = frozenset(
        number
        for number, row in enumerate(table.rows)
        if all(matches(cell, given[name]) for name, cell in row.cells.items())
    )
    found = outputs(table, [hit], _output)
    if not found.known or not found.possible:
        return None
    value = getattr(found.possible, "low", None)
    text = str(value if value is not None else next(iter(found.possible)))
    return bands.levels[text].grade if bands.levels else int(text)


def _output(row: DecisionRow) -> Value:
    assert isinstance(row.then, Const)
    return decided(row.then.value)
