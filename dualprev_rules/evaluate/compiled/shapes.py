"""Readers of records of one shape: written out for the keys that many records have in common.

A system sends the same keys again and again. For them a function is made that takes each value by
its key, checks it in place, and makes the rows at once. At anything that it was not written for it
stops; then the reader that goes key by key reads that record.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.layout import (
    ENTITY,
    GIVEN,
    PARENT,
    SMALLEST,
    AsGiven,
    Layout,
    Row,
    bounds,
)
from dualprev_rules.evaluate.compiled.quote import (
    any_of,
    const,
    expr,
    function,
    list_of,
    name,
    stmts,
    tuple_of,
)
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, Enum, ListOf, Number, Rec, SetOf, Text

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.reader import EntityReader

MOST_SHAPES = 64
"""Shapes of one entity for which functions are kept."""
MOST_WRITTEN = 32
"""Longer rows are copied from a blank one."""
OFTEN = 3
"""How many records of a shape are read key by key before a function is made for it."""

Above = tuple[Row, "Above"] | None
"""The row above, and what is above that: known while a record is read, not kept."""
ReadMany = Callable[[list[Any], Above, Any, list[Row]], None]
"""Appends the rows of records, from the first that has none yet to the first that it was not written for."""
ReadOne = Callable[[Any, Above, Any], Row | None]
"""Returns the row of a record; None where it was not written for it."""

_ONE = """
if given.__class__ is not dict or len(given) != COUNT:
    return
try:
    TAKE
    CHECK
except (KeyError, OverflowError, TypeError):
    return
row = ROW
AFTER
"""

_MANY = """
OVER
for given in (records[len(rows):] if rows else records):
    ONE
    rows.append(row)
"""

_TAKEN_OVER = """
OVER = None
if above is not None:
    if above[0][ENTITY] == HOLDER:
        OVER = above[0][UP]
    elif above[1] is not None:
        OVER = TAKEN(above)
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """The functions for records of one shape."""

    many: ReadMany
    one: ReadOne


def shape_reader(reader: EntityReader, layout: Layout, keys: tuple[str, ...]) -> Shape | None:
    """Return the functions for records that have just these keys; None where there is no short way."""
    attributes = layout.entity.attributes
    wanted = [attributes.get(key) for key in keys]
    if not keys or any(a is None or isinstance(a.type, Rec) for a in wanted):
        return None
    if any(key in keys and of not in keys for key, of in reader.stand_in.items()):
        return None
    # The schema's own names: a caller's key may be of a class of his own.
    keys = tuple(attribute.name for attribute in wanted if attribute is not None)
    within: dict[str, Any] = {}
    take: list[ast.stmt] = []
    check: list[ast.stmt] = []
    after: list[ast.stmt] = []
    cells: list[ast.expr] = [const(None) for _ in layout.blank]
    for slot, blank in enumerate(reader.blank):
        cells[slot] = named(within, blank)
    cells[ENTITY] = const(layout.entity.name)
    cells[PARENT] = expr("None if above is None else above[0]") if reader.looks_up else const(None)
    over: list[ast.stmt] = []
    given: list[ast.expr] = [named(within, keys)]
    altered: list[ast.expr] = []
    for slot, attribute in reader.inherits:
        if attribute.name in keys:
            return None
        up = reader.slot_above(attribute)
        if up is not None:
            taken: dict[str, Any] = {"OVER": f"o{slot}", "TAKEN": named(within, reader.taken_over(attribute))}
            taken |= {"ENTITY": const(ENTITY), "HOLDER": const(attribute.inherits), "UP": const(up)}
            over += stmts(_TAKEN_OVER, **taken)
            cells[slot] = name(f"o{slot}")
    given_lists: set[int] = set()
    for key, attribute in zip(keys, wanted, strict=True):
        assert attribute is not None
        slot = layout.slots[key]
        local = layout.local(slot)
        take += stmts("V = G = given[KEY]", V=local, G=f"g{slot}", KEY=const(key))
        given.append(expr("G.copy()" if isinstance(attribute.type, SetOf) else "G", G=f"g{slot}"))
        if isinstance(attribute.type, ListOf):
            if attribute.stated or reader.nests:
                return None
            given_lists.add(slot)
            check += stmts("if V.__class__ is not list:\n    return", V=local)
            child = named(within, reader.child(attribute))
            pattern = "row[SLOT] = CHILD.read_all(V, (row, above), reading)"
            after += stmts(pattern, SLOT=const(slot), CHILD=child, V=local)
            continue
        check += checked(within, reader, attribute, local)
        cells[slot] = name(local)
        if not isinstance(attribute.type, Bool):
            altered.append(expr("V is not G", V=local, G=f"g{slot}"))
    for group in reader.groups:
        if given_lists & set(group):
            for slot in set(group) - given_lists:
                cells[slot] = list_of([])
    parts: dict[str, Any] = {"COUNT": const(len(keys)), "TAKE": take, "CHECK": check, "AFTER": after}
    kept = named(within, AsGiven(keys))
    cells[GIVEN] = expr(
        "GIVEN if ALTERED else KEPT", GIVEN=tuple_of(given), ALTERED=any_of(altered), KEPT=kept
    )
    parts["ROW"], filled = _row(within, reader, cells)
    parts["AFTER"] = [*filled, *after]
    one = stmts(_ONE, **parts)
    return Shape(
        function("many", ["records", "above", "reading", "rows"], stmts(_MANY, OVER=over, ONE=one), within),
        function("one", ["given", "above", "reading"], [*over, *one, *stmts("return row")], within),
    )


def _row(
    within: dict[str, Any], reader: EntityReader, cells: list[ast.expr]
) -> tuple[ast.expr, list[ast.stmt]]:
    """Return the code of a row and what fills it: written out, or, where it is long, copied and filled."""
    if len(cells) <= MOST_WRITTEN:
        return list_of(cells), []
    filled: list[ast.stmt] = []
    for slot, cell in enumerate(cells):
        match cell:
            case ast.Constant(value=value):
                held: Any = value
            case ast.Name(id=local) if local in within:
                held = within[local]
            case _:
                held = cell
        if held is not reader.blank[slot]:
            filled += stmts("row[SLOT] = CELL", SLOT=const(slot), CELL=cell)
    return expr("BLANK.copy()", BLANK=named(within, reader.blank)), filled


def named(within: dict[str, Any], value: Any) -> ast.expr:
    """Return the code of a thing: a constant, or a name that stands for it."""
    if value is None or value.__class__ in (str, int, float, bool):
        return const(value)
    if value.__class__ is list and not value:
        return list_of([])
    called = f"c{len(within)}"
    within[called] = value
    return name(called)


def checked(within: dict[str, Any], reader: EntityReader, attribute: Attribute, local: str) -> list[ast.stmt]:
    """Return the statements that check a value and put it in the form of a row."""
    checked = named(within, reader.check(attribute))
    match attribute.type:
        case Bool():
            return stmts("if V is not True and V is not False:\n    return", V=local)
        case Number(whole=False) if (test := _in_range(attribute, local)) is not None:
            return stmts(_NUMBER, V=local, TEST=test)
        case Enum(members=names):
            return stmts(_MEMBER, V=local, MEMBERS=named(within, frozenset(names)), CHECKED=checked)
        case Text() if attribute.check is None:
            return stmts(_TEXT, V=local, CHECKED=checked)
        case Text():
            known = named(within, reader.known_texts())
            return stmts(_MEMBER, V=local, MEMBERS=known, CHECKED=checked)
        case _:
            return stmts("if V is None:\n    return\nV = CHECKED(V)", V=local, CHECKED=checked)


_NUMBER = """
if V.__class__ is not float:
    if V.__class__ is not int:
        return
    V = float(V)
if not TEST:
    return
"""

_MEMBER = """
if V not in MEMBERS:
    if V.__class__ is not str:
        return
    V = CHECKED(V)
"""

_TEXT = """
if V.__class__ is not str:
    return
if not (V.isalnum() and V.isascii()):
    V = CHECKED(V)
"""


def _in_range(attribute: Attribute, local: str) -> ast.expr | None:
    """Return the test that a float is in the declared range, and of a size that rows hold."""
    found = bounds(attribute)
    if found is None:
        return None
    low, high, low_open, high_open = found
    parts: dict[str, Any] = {"V": local, "LOW": const(float(low)), "HIGH": const(float(high))}
    upper = "<" if high_open else "<="
    if low == 0:
        parts["LEAST"] = const(SMALLEST)
        return expr(
            f"LEAST <= V {upper} HIGH" if low_open else f"(LEAST <= V {upper} HIGH or V == 0.0)", **parts
        )
    if low > SMALLEST:
        return expr(f"LOW {'<' if low_open else '<='} V {upper} HIGH", **parts)
    parts |= {"LEAST": const(SMALLEST), "MOST": const(-SMALLEST)}
    inside = f"LOW {'<' if low_open else '<='} V {upper} HIGH"
    return expr(f"{inside} and (V >= LEAST or V <= MOST or V == 0.0)", **parts)
