"""Cells of a decision table: tests of one input, by members, figures, bounds and intervals."""

from __future__ import annotations

import re
from fractions import Fraction

from dualprev_rules.facts.kinds import normal
from dualprev_rules.facts.possible import Finite, Interval, Numbers, interval, meet
from dualprev_rules.facts.quantity import parse_quantity
from dualprev_rules.facts.shown import span
from dualprev_rules.facts.types import Bool, Date, Enum, Number, Text, Type
from dualprev_rules.facts.units import NUMBER, conversion
from dualprev_rules.lang.constructs import GROUPED
from dualprev_rules.lang.day import day_meant, read_date
from dualprev_rules.lang.describe import cell_forms, describe
from dualprev_rules.lang.names import truth_meant
from dualprev_rules.lang.numbers import declared
from dualprev_rules.lang.spoken import bound_at, spelt_in_signs
from dualprev_rules.lang.text import Located, plain
from dualprev_rules.lang.tree import Cell, Node
from dualprev_rules.problems import Place, Problem, problem
from dualprev_rules.problems.denial import nearest_in_meaning

_BOUND = re.compile(r"(>=|<=|>|<|==|=|!=)\s*(.+)")
_RANGE = re.compile(r"([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_FIGURE = r"([0-9.]+)"
_FROM_TO = re.compile(rf"(?:介于|在)?{_FIGURE}\s*(?:-|~|～|–|—|至|到|和|\.\.)\s*{_FIGURE}(?:之间)?")
_COMMA_RANGE = re.compile(rf"([\[(])\s*{_FIGURE}\s*,\s*{_FIGURE}\s*([\])])")
_AROUND = re.compile(rf"{_FIGURE}\s*(<=|<)\s*[^\W\d]\w*\s*(<=|<)\s*{_FIGURE}")
_ALTERNATIVES = re.compile(r"\s*(?:\bor\b|\||/|;|或者?|和|及)\s*")
_ANYTHING = frozenset(
    ("/", "*", "任意", "任何", "不限", "其他", "其它", "其余", "所有", "any", "all", "else")
)
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
        if found is None and isinstance(of.type, Number) and (fault := _of_figures(part, of.type, place)):
            problems.append(fault)
            return None
        if found is None:
            if text in _ANYTHING:
                problems.append(problem("lang.cell-any", place=place, given=part))
                return None
            near = _meant_of(text, of.type)
            forms, kind = near or cell_forms(of.type), describe(of.type)
            problems.append(problem("lang.cell", place=place, given=part, nearest=forms, type=kind))
            return None
        if isinstance(found, Finite | Interval):
            ranges.append(found)
        else:
            members |= found
    if len(ranges) == 2 and (within := _between(ranges)) is not None:
        near = _meant(text)
        problems.append(problem("lang.cell-all", place=place, given=text, nearest=near or within))
        return None
    return Cell(frozenset(members), tuple(ranges), negated, source.text.strip())


def _between(ranges: list[Numbers]) -> str | None:
    """Return the interval that is meant by a lower and an upper bound of which every figure meets one."""
    low = next((r for r in ranges if isinstance(r, Interval) and r.high is None), None)
    high = next((r for r in ranges if isinstance(r, Interval) and r.low is None), None)
    within = meet(low, high) if low is not None and high is not None else None
    return span(within).replace(", ", "..") if isinstance(within, Interval) else None


def _meant_of(text: str, kind: Type) -> str | None:
    """Return a cell as the language has it, where it is written in another way."""
    match kind:
        case Bool():
            return truth_meant(text)
        case Enum(members=members):
            several = [part for part in _ALTERNATIVES.split(text) if part]
            if len(several) > 1 and set(several) <= set(members):
                return ", ".join(several)
            return nearest_in_meaning(text, members)
        case Date():
            bound = _BOUND.fullmatch(text)
            day = day_meant(bound[2] if bound else text)
            return f"{bound[1]} {day}" if bound and day else day
        case _:
            return _meant(text)


def _of_figures(text: str, kind: Number, place: Place) -> Problem | None:
    """Return what is wrong with a cell of figures: a unit of another kind, or ends that hold nothing."""
    ends, bound = _RANGE.fullmatch(text), _BOUND.fullmatch(text)
    figures = [ends[2], ends[3]] if ends else [bound[2] if bound else text]
    for figure in figures:
        quantity = parse_quantity(_unquote(figure))
        unit = quantity[1] if quantity is not None else None
        if unit is not None and unit.dimension not in ((), kind.unit.dimension):
            left, right = describe(kind), describe(Number(unit))
            return problem("lang.units", place=place, left=left, right=right)
    low, high = (_figure(figure, kind) for figure in figures) if ends else (None, None)
    if ends is None or low is None or high is None:
        return None
    before, behind = ("[" if ends[4] == "]" else "("), ("]" if ends[1] == "[" else ")")
    near = f"{before}{ends[3]}..{ends[2]}{behind}" if low > high else None
    return problem("lang.cell-ends", place=place, given=text, nearest=near)


def _meant(text: str) -> str | None:
    """Return a range or bound as a cell has it, where it is written in another way."""
    written, text = text, spelt_in_signs(text)
    if match := _FROM_TO.fullmatch(written):
        return f"[{match[1]}..{match[2]}]"
    if (said := bound_at(text, 0)) is not None and said.end == len(text):
        return said.meant
    if match := _COMMA_RANGE.fullmatch(text):
        return f"{match[1]}{match[2]}..{match[3]}{match[4]}"
    if match := _AROUND.fullmatch(text):
        low, high = ("[" if match[2] == "<=" else "("), ("]" if match[3] == "<=" else ")")
        return f"{low}{match[1]}..{match[4]}{high}"
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
    ends = _RANGE.fullmatch(text)
    if ends:
        low, high = _figure(ends[2], kind), _figure(ends[3], kind)
        if low is None or high is None:
            return None
        return interval(low, high, ends[1] != "[", ends[4] != "]")
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
