"""Cells of a decision table: tests of one input, by members, figures, bounds and intervals."""

from __future__ import annotations

import re
from fractions import Fraction

from dualprev_rules.facts.kinds import normal
from dualprev_rules.facts.possible import Finite, Interval, Numbers, interval
from dualprev_rules.facts.quantity import parse_quantity
from dualprev_rules.facts.types import Bool, Date, Enum, Number, Text, Type
from dualprev_rules.facts.units import NUMBER, conversion
from dualprev_rules.lang.check import GROUPED
from dualprev_rules.lang.day import read_date
from dualprev_rules.lang.describe import cell_forms, describe
from dualprev_rules.lang.numbers import declared
from dualprev_rules.lang.slips import spelt_in_signs
from dualprev_rules.lang.text import Located, plain
from dualprev_rules.lang.tree import Cell, Node
from dualprev_rules.problems import Problem, nearest, problem

_BOUND = re.compile(r"(>=|<=|>|<|==|=|!=)\s*(.+)")
_RANGE = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_FIGURE = r"([0-9.]+)"
_FROM_TO = re.compile(rf"{_FIGURE}\s*(?:-|~|～|–|—|至|到)\s*{_FIGURE}")
_COMMA_RANGE = re.compile(rf"([\[(])\s*{_FIGURE}\s*,\s*{_FIGURE}\s*([\])])")
_BOTH = re.compile(rf"(>=|>)\s*{_FIGURE}\s*(?:and|,|&&)?\s*(<=|<)\s*{_FIGURE}")
_TRUTH = {"true": True, "false": False, "是": True, "否": False}
_BLANK = ("", "-", "－", "—")

Members = set[str | bool]


def read_cell(source: Located, of: Node, problems: list[Problem]) -> Cell | None:
    """Read a cell of the input ``of``; None where it is blank, or at fault.

    A cell holds members or figures, bounds, intervals, several joined by commas, or ``not(…)`` of these.
    """
    text = plain(source.text).text.strip()
    if text in _BLANK:
        return None
    place = source.place(0, len(source.text))
    negated = False
    match = _NOT.fullmatch(text)
    if match:
        negated, text = True, match[1]
    if isinstance(of.type, Number):
        # 1,000 is a figure to a reader and two figures to the list of a cell.
        grouped = GROUPED.search(text)
        if grouped:
            mended = f"{grouped[0].replace(',', '')} / {grouped[0].replace(',', ', ')}"
            problems.append(problem("lang.grouped", place=place, given=grouped[0], nearest=mended))
            return None
        if of.type.unit != NUMBER and not declared(of) and _bare(text):
            problems.append(problem("lang.unit-wanted", place=place, unit=describe(of.type)))
            return None
    members: Members = set()
    ranges: list[Numbers] = []
    for part in _split(text):
        found = _test(part, of.type)
        if found is None:
            near = nearest(part, of.type.members) if isinstance(of.type, Enum) else _meant(text)
            forms, kind = near or cell_forms(of.type), describe(of.type)
            problems.append(problem("lang.cell", place=place, given=part, nearest=forms, type=kind))
            return None
        if isinstance(found, Finite | Interval):
            ranges.append(found)
        else:
            members |= found
    return Cell(frozenset(members), tuple(ranges), negated, source.text.strip())


def _meant(text: str) -> str | None:
    """Return a range or bound as a cell has it, where it is written in another way."""
    written, text = text, spelt_in_signs(text)
    if match := _FROM_TO.fullmatch(text):
        return f"[{match[1]}..{match[2]}]"
    if match := _COMMA_RANGE.fullmatch(text):
        return f"{match[1]}{match[2]}..{match[3]}{match[4]}"
    if match := _BOTH.fullmatch(text):
        low, high = ("[" if match[1] == ">=" else "("), ("]" if match[3] == "<=" else ")")
        return f"{low}{match[2]}..{match[4]}{high}"
    fits = _BOUND.fullmatch(text) is not None and parse_quantity(_BOUND.sub(r"\2", text)) is not None
    return text if fits and text != written else None


def _bare(text: str) -> bool:
    """Tell whether a figure of the cell has no unit."""
    figures = re.split(r"\.\.|,", re.sub(r"[\[\]()<>=!]", " ", text))
    parsed = [parse_quantity(_unquote(figure)) for figure in figures if figure.strip()]
    return any(quantity is not None and quantity[1] is None for quantity in parsed)


def _split(text: str) -> list[str]:
    """Split at commas outside of quotes (thousands separators are not written in cells)."""
    parts = re.findall(r"(?:'[^']*'|\"[^\"]*\"|[^,])+", text)
    return [part.strip() for part in parts if part.strip()]


def _test(text: str, kind: Type) -> Numbers | Members | None:
    """Return the members or numbers that one part of a cell names."""
    match kind:
        case Bool():
            return {_TRUTH[text.lower()]} if text.lower() in _TRUTH else None
        case Enum(members=members, ordered=ordered):
            bound = _BOUND.fullmatch(text)
            if bound and bound[1] not in ("==", "="):
                return _members_within(bound[1], _unquote(bound[2]), members, ordered)
            name = _unquote(bound[2] if bound else text)
            return {name} if name in members else None
        case Text():
            return {normal(_unquote(text))}
        case Number() | Date():
            return _numbers(text, kind)
        case _:
            return None


def _members_within(op: str, name: str, members: tuple[str, ...], ordered: bool) -> Members | None:
    if name not in members or (op != "!=" and not ordered):
        return None
    at = members.index(name)
    chosen = {
        "<": members[:at],
        "<=": members[: at + 1],
        ">": members[at + 1 :],
        ">=": members[at:],
        "!=": (*members[:at], *members[at + 1 :]),
    }
    return set(chosen[op])


def _numbers(text: str, kind: Number | Date) -> Numbers | None:
    span = _RANGE.fullmatch(text)
    if span:
        low, high = _figure(span[2], kind), _figure(span[3], kind)
        if low is None or high is None:
            return None
        return interval(low, high, span[1] != "[", span[4] != "]")
    bound = _BOUND.fullmatch(text)
    if bound:
        figure = _figure(bound[2], kind)
        if figure is None:
            return None
        match bound[1]:
            case ">=":
                return interval(figure, None)
            case ">":
                return interval(figure, None, low_open=True)
            case "<=":
                return interval(None, figure)
            case "<":
                return interval(None, figure, high_open=True)
            case "==" | "=":
                return Finite((figure,))
            case _:
                return None
    figure = _figure(text, kind)
    return Finite((figure,)) if figure is not None else None


def _figure(text: str, kind: Number | Date) -> Fraction | None:
    text = _unquote(text)
    if isinstance(kind, Date):
        return read_date(text)
    quantity = parse_quantity(text)
    if quantity is None:
        return None
    value, unit = quantity
    if unit is None or unit in (NUMBER, kind.unit):
        return value
    if unit.dimension != kind.unit.dimension:
        return None
    factor, offset = conversion(unit, kind.unit)
    return value * factor + offset


def _unquote(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"" else text
