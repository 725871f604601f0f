"""Which documents are judged by a function of their own: those of a shape that is seen often."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.checks import Unusual
from dualprev_rules.evaluate.compiled.compact import Judge, judge_of, shape_of_rows
from dualprev_rules.evaluate.compiled.layout import Row
from dualprev_rules.evaluate.compiled.plain import Shape
from dualprev_rules.evaluate.compiled.shapes import MOST_SHAPES, OFTEN
from dualprev_rules.evaluate.compiled.whole import Alone, Whole, shape_of, whole

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program
    from dualprev_rules.evaluate.compiled.reader import FastReader

REST = 16
"""For so many documents no other function is looked for, after one for which there was none."""

Plain = tuple[Callable[[Any], list[Any] | None], tuple[Any, ...]]
"""A function, and the facts to be judged by it."""


class Plainly:
    """The functions made for a ruleset. Two threads may make one at the same time: either will do."""

    __slots__ = ("_judges", "_program", "_readers", "_resting", "_seen", "_wholes", "judge")

    def __init__(self, program: Program, readers: FastReader) -> None:
        self._program = program
        self._readers = readers
        self._wholes: dict[Shape, Whole | None] = {}
        self._judges: dict[Shape, Judge | None] = {}
        self._seen: dict[Shape, int] = {}
        self._resting = 0
        self.judge: Whole = _nothing
        """Judges a document of the shape that was made for last; None of any other."""

    def other(self, document: Any) -> Alone | None:
        """Judge a document of another shape than the last; a shape that is seen often gets a function."""
        if self._resting > 0:
            self._resting -= 1
            return None
        shape = shape_of(self._program, document)
        if shape is None or not self._often(shape):
            return None
        if shape not in self._wholes and len(self._wholes) < MOST_SHAPES:
            self._wholes[shape] = whole(self._program, self._readers, shape)
        made = self._wholes.get(shape)
        found = None if made is None or made is self.judge else made(document)
        if made is None or found is None:
            self._resting = REST
        else:
            self.judge = made
        return found

    def facts(self, rows: list[Row]) -> Plain | None:
        """Return facts that were read as a function judges them; None where one of them is not known."""
        shape = shape_of_rows(self._program, rows)
        if shape is None or not self._often(shape):
            return None
        if shape not in self._judges and len(self._judges) < MOST_SHAPES:
            self._judges[shape] = judge_of(self._program, shape)
        judge = self._judges.get(shape)
        if judge is None:
            return None
        try:
            return judge.run, judge.compact.of(rows[0])
        except Unusual:
            return None

    def _often(self, shape: Shape) -> bool:
        """Tell whether a shape was seen before so often that a function pays; forget the rare ones."""
        seen = self._seen.get(shape, 0)
        if seen < OFTEN:
            if len(self._seen) >= MOST_SHAPES:
                self._seen = {of: times for of, times in self._seen.items() if times >= OFTEN}
            if len(self._seen) < MOST_SHAPES:
                self._seen[shape] = seen + 1
        return seen >= OFTEN


def _nothing(document: Any) -> None:
    """Judge nothing: no function was made yet."""
