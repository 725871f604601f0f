"""One input of a decision table as an axis: cut at the table's own bounds into pieces that no cell divides.

A piece is a figure, an open interval between two figures, a member, or all texts that no cell names.
Ends are exact, and open or closed as the cells have them: of ``[1..5)`` and ``>= 5`` nothing is lost.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from dualprev_rules.facts.possible import EVERY_NUMBER, Finite, Numbers, interval, meet
from dualprev_rules.facts.types import Bool, Date, Enum, Number
from dualprev_rules.lang.tree import (
    Arith,
    Call,
    Cell,
    Choose,
    Climb,
    Column,
    Decide,
    Derived,
    Get,
    Input,
    Node,
    Var,
)
from dualprev_rules.pack.model import Ruleset
from dualprev_rules.standards.runs import Run, Runs, joined, without

Piece = Numbers | str | bool | None
"""None: any text that no cell names."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The pieces of an input, and for each row of the table the positions that its cell takes."""

    input: Input
    pieces: tuple[Piece, ...]
    """One more position, behind the last, stands for *no value* where there may be none."""
    end: int
    rows: tuple[Runs, ...]

    @property
    def ordered(self) -> bool:
        """True for numbers and dates, whose neighbours belong together."""
        return isinstance(self.input.node.type, Number | Date)


def axes(table: Decide, ruleset: Ruleset) -> tuple[Axis, ...]:
    """Return the axes of a table's inputs, in their order."""
    return tuple(_axis(table, column, ruleset) for column in table.inputs)


def _axis(table: Decide, column: Input, ruleset: Ruleset) -> Axis:
    cells = [row.cells.get(column.name) for row in table.rows]
    given = [cell for cell in cells if cell is not None]
    kind = column.node.type
    pieces: tuple[Piece, ...]
    if isinstance(kind, Number | Date):
        cuts = _cuts(given, within := _range(column, ruleset))
        pieces, at = _pieces(cuts, within, isinstance(kind, Date) or kind.whole)
        taken = {id(cell): _numbers(cell, cuts, at) for cell in given}
    else:
        if isinstance(kind, Bool):
            pieces = (False, True)
        elif isinstance(kind, Enum):
            pieces = kind.members
        else:
            pieces = (*sorted({str(member) for cell in given for member in cell.members}), None)
        place = {piece: position for position, piece in enumerate(pieces)}
        taken = {
            id(cell): joined((place[m], place[m] + 1) for m in cell.members if m in place) for cell in given
        }
    values: Run = (0, len(pieces))
    end = len(pieces) + may_lack(column.node, ruleset)
    rows = [
        ((0, end),) if cell is None else without(values, taken[id(cell)]) if cell.negated else taken[id(cell)]
        for cell in cells
    ]
    return Axis(column, pieces, end, tuple(rows))


def _cuts(cells: list[Cell], within: Numbers) -> list[Fraction]:
    parts = [*(part for cell in cells for part in cell.ranges), within]
    bounds = {end for part in parts for end in (part.low, part.high)}
    bounds |= {value for part in parts if isinstance(part, Finite) for value in part.values}
    return sorted(bound for bound in bounds if bound is not None)


def _pieces(cuts: list[Fraction], within: Numbers, whole: bool) -> tuple[tuple[Numbers, ...], list[int]]:
    """Return the pieces in order, and for each cut and each space between cuts its position.

    Spaces have even numbers, cuts odd ones; what is not possible takes no position.
    """
    pieces: list[Numbers] = []
    at: list[int] = []
    for number, (low, high) in enumerate(pairwise([None, *cuts, None])):
        at.append(len(pieces))
        between = interval(low, high, True, True, whole)
        piece = meet(within, between) if between is not None else None
        if piece is not None:
            pieces.append(piece)
        if number < len(cuts):
            at.append(len(pieces))
            point = meet(within, Finite((cuts[number],)))
            if point is not None and not (whole and cuts[number].denominator > 1):
                pieces.append(point)
    return tuple(pieces), [*at, len(pieces)]


def _numbers(cell: Cell, cuts: list[Fraction], at: list[int]) -> Runs:
    runs: list[Run] = []
    for part in cell.ranges:
        if isinstance(part, Finite):
            points = [2 * bisect_left(cuts, value) + 1 for value in part.values]
            runs += [(at[point], at[point + 1]) for point in points]
            continue
        low = 0 if part.low is None else 2 * bisect_left(cuts, part.low) + 1 + part.low_open
        high = len(at) - 1 if part.high is None else 2 * bisect_left(cuts, part.high) + 2 - part.high_open
        runs.append((at[low], at[high]))
    return joined(runs)


def _range(column: Input, ruleset: Ruleset) -> Numbers:
    """Return the range of an input: what the table says, within what its fact or definition says."""
    match column.node:
        case Get(of=of, name=name):
            entity = ruleset.schema.entities.get(getattr(of.type, "entity", ""))
            declared = entity.attributes[name].range if entity is not None else EVERY_NUMBER
        case Derived(entity=entity, name=name):
            declared = ruleset.definitions[entity, name].range
        case _:
            declared = EVERY_NUMBER
    return meet(column.within, declared) or column.within


def may_lack(node: Node, ruleset: Ruleset) -> bool:
    """Tell whether an expression may have *no value* though every fact is known."""
    match node:
        case Get(of=of, name=name):
            entity = ruleset.schema.entities.get(getattr(of.type, "entity", ""))
            optional = entity is not None and entity.attributes[name].optional
            return optional or not isinstance(of, Var)
        case Derived(of=of, entity=entity, name=name):
            of_which = ruleset.definitions[entity, name]
            own = of_which.when is not None or of_which.not_encoded is not None
            return own or not isinstance(of, Var) or may_lack(of_which.body.node, ruleset)
        case Arith(op="/") | Column() | Climb():
            return True
        case Choose(then=then, otherwise=otherwise):
            return may_lack(then, ruleset) or may_lack(otherwise, ruleset)
        case Call(function="coalesce", args=args):
            return all(may_lack(arg, ruleset) for arg in args)
        case Decide(default=default):
            return default is None
        case _:
            return False
