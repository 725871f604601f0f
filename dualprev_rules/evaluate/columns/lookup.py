"""Look-ups: each combination of keys and open conditions that occurs is looked up once, by the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import inf
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl

from dualprev_rules.evaluate import lookup as exactly
from dualprev_rules.evaluate.columns import numbers
from dualprev_rules.evaluate.columns.classes import Coded, combined, numbered
from dualprev_rules.evaluate.columns.constants import of_value
from dualprev_rules.evaluate.columns.names import Above, Env, records
from dualprev_rules.evaluate.columns.reading import bits_of, width
from dualprev_rules.evaluate.columns.tables import Table
from dualprev_rules.evaluate.columns.things import (
    CannotLower,
    Flag,
    Mask,
    Num,
    Thing,
    Truth,
    Word,
    any_flag,
    expression,
)
from dualprev_rules.evaluate.values import EITHER, FALSE, TRUE, present
from dualprev_rules.facts.possible import EVERY_TEXT, Absent, Cause, Finite, Interval, Value
from dualprev_rules.facts.types import Bool, Date, Enum, Number, Type
from dualprev_rules.lang.tree import Column, Lookup, Node
from dualprev_rules.pack.model import Expression, Ruleset, TableRow

if TYPE_CHECKING:
    from dualprev_rules.evaluate.columns.lower import Lowering

MOST_PATTERNS = 20_000
"""So many combinations are looked up in one slice; of the others everything is left open."""
_OPEN = frozenset((Cause(""),))
_RECORD: Any = SimpleNamespace(path="")
_HELD = Value((_RECORD,))
_NOT_HELD = Value((), causes=_OPEN)
_MET = {0: Value(FALSE), 1: Value(TRUE), 2: Value(EITHER, causes=_OPEN)}


@dataclass(slots=True)
class _Asked:
    """What the reference's look-up asks of an evaluator: keys and conditions, already answered."""

    ruleset: Ruleset
    values: dict[int, Value] = field(default_factory=dict[int, Value])
    conditions: dict[int, Value] = field(default_factory=dict[int, Value])

    def value(self, node: Node, env: object) -> Value:
        """Return a key, or the holder."""
        return self.values[id(node)]

    def run(self, expression: Expression, env: object) -> Value:
        """Return a row's condition; open where it was not asked yet."""
        return self.conditions.get(id(expression), _MET[2])

    def note(self, note: object) -> None:
        """Nothing is traced."""


def column(low: Lowering, node: Column, env: Env, at: Table) -> Thing:
    """Return a column of the row that is looked up."""
    if not isinstance(node.row, Lookup):
        raise CannotLower
    classes, values, loose = _classes(low, node.row, env, at)
    columns = [exactly.column(node, value) for value in values]
    made = _same(columns, node.type, loose) or _thing(at, classes, columns, node.type, loose)
    if isinstance(made, Num):
        within = numbers.within(node.within)
        return replace(made, range=within.range)
    return made


def _same(values: list[Value], of: Type, loose: Flag) -> Thing | None:
    """Return what is the same in every row; None where it is not, or has no form of its own."""
    if len(values) > 1 or loose is not None:
        return None
    try:
        return of_value(values[0], of)
    except CannotLower:
        return None


def _classes(low: Lowering, node: Lookup, env: Env, at: Table) -> tuple[pl.Series, list[Value], Flag]:
    """Return which of several look-ups each record is, what each gives, and where that is loose."""
    keys = [(key, low.thing(key, env, at)) for _, key in node.keys]
    loose = any_flag(thing.loose for _, thing in keys)
    parts: list[Coded] = []
    for _, thing in keys:
        if not isinstance(thing, Word | Mask):
            raise CannotLower
        parts.append(at.numbered(thing.text if isinstance(thing, Word) else thing.bits))
        parts.append((None, [0]) if thing.gone is None else at.numbered(thing.gone))
    classes, combinations = combined(parts, at.height)
    asked = _Asked(low.ruleset)
    holder = records(node.of, env)
    asked.values[id(node.of)] = _NOT_HELD if isinstance(holder, Above) else _HELD
    needed: dict[int, TableRow] = {}
    conditional: list[bool] = []
    for combination in combinations:
        _set_keys(asked, keys, combination)
        rows = _conditions_of(low, node, asked)
        conditional.append(bool(rows))
        needed |= {id(each): each for each in rows}
    if not needed or isinstance(holder, Above):
        return classes, [_look_up(node, asked, keys, each) for each in combinations], loose
    return _with_conditions(
        low, node, at, asked, keys, classes, combinations, conditional, needed, holder, loose
    )


def _set_keys(asked: _Asked, keys: list[tuple[Node, Thing]], combination: tuple[Any, ...]) -> None:
    for index, (key, thing) in enumerate(keys):
        asked.values[id(key)] = _key(thing, *combination[2 * index : 2 * index + 2])


def _key(thing: Thing, given: Any, gone: int) -> Value:
    if gone == 2:
        return Value(None, Absent.SURELY, _OPEN, EVERY_TEXT)
    if isinstance(thing, Word):
        possible: Any = EVERY_TEXT if given is None else frozenset((given,))
    else:
        assert isinstance(thing, Mask)
        bit = bits_of(thing.members)
        other = given >> len(thing.members)
        possible = (
            EVERY_TEXT if other else frozenset(member for member in thing.members if given & bit[member])
        )
    single = possible is not EVERY_TEXT and len(possible) == 1 and not gone
    return Value(possible, Absent(gone), frozenset() if single else _OPEN, EVERY_TEXT)


def _look_up(
    node: Lookup, asked: _Asked, keys: list[tuple[Node, Thing]], combination: tuple[Any, ...]
) -> Value:
    _set_keys(asked, keys, combination)
    evaluator: Any = asked
    return exactly.look_up(evaluator, node, {"self": _HELD})


def _conditions_of(low: Lowering, node: Lookup, asked: _Asked) -> list[TableRow]:
    """Return the rows with a condition that a look-up may ask."""
    table = low.ruleset.tables[node.table]
    if table.not_encoded is not None or not any(row.when for row in table.rows):
        return []
    keys = {name: asked.values[id(key)] for name, key in node.keys}
    row_key = keys.pop(table.row_key, None) if table.row_key is not None else None
    if row_key is not None and not keys:
        return []
    exact = exactly.identifiers(low.ruleset.schema, node)
    found, open_keys, _ = exactly.fitting(table, keys, exact)
    others = [] if open_keys else exactly.kin(table, found, exact)
    return [row for row in (*found, *others) if row.when is not None]


def _with_conditions(
    low: Lowering,
    node: Lookup,
    at: Table,
    asked: _Asked,
    keys: list[tuple[Node, Thing]],
    classes: pl.Series,
    combinations: list[tuple[Any, ...]],
    conditional: list[bool],
    needed: Mapping[int, TableRow],
    holder: Any,
    loose: Flag,
) -> tuple[pl.Series, list[Value], Flag]:
    rows = list(needed.values())
    met: list[Truth] = []
    for row in rows:
        assert row.when is not None
        met.append(low.truth(row.when.node, {"self": holder}, at))
    asks = pl.Series("asks", conditional, dtype=pl.Boolean).gather(classes)
    asking = at.put(asks)
    states = at.values(
        {
            f"w{index}": pl.when(asking).then(expression(each).cast(pl.UInt8).fill_null(2)).otherwise(2)
            for index, each in enumerate(met)
        }
    )
    given: list[Coded] = [(classes, list(range(len(combinations))))]
    given += [numbered(each) for each in states.get_columns()]
    places, patterns = combined(given, at.height)
    values: list[Value] = []
    for count, pattern in enumerate(patterns):
        number, codes = int(pattern[0]), pattern[1:]
        asked.conditions = {
            id(row.when): _MET[2 if count >= MOST_PATTERNS else int(code)]
            for row, code in zip(rows, codes, strict=True)
        }
        values.append(_look_up(node, asked, keys, combinations[number]))
    flags = [each.loose & asking for each in met if each.loose is not None]
    if len(patterns) > MOST_PATTERNS:
        flags.append(at.put(places >= MOST_PATTERNS))
    return places, values, any_flag((loose, *flags))


# --- what was found, in every row ------------------------------------------------------------------


def _thing(at: Table, classes: pl.Series, values: list[Value], of: Type, loose: Flag) -> Thing:
    gone = None
    if any(value.absent for value in values):
        gone = at.put(pl.Series([int(v.absent) for v in values], dtype=pl.UInt8).gather(classes))
    match of:
        case Number() | Date():
            present_of = _figures(at, classes, [present(value) for value in values], loose)
            if gone is None:
                return present_of
            core = _figures(at, classes, [_own(value) for value in values], loose)
            return replace(present_of, gone=gone, core=core, known=False)
        case Enum(members=members):
            made = _members(at, classes, [present(value) for value in values], members, loose)
            if gone is None:
                return made
            core = _members(at, classes, [_own(value) for value in values], members, loose)
            return Mask(made.bits, members, gone=gone, core=core, loose=loose)
        case Bool():
            states = [None if v.absent or len(v.possible) > 1 else next(iter(v.possible)) for v in values]
            return Truth(at.put(pl.Series(states, dtype=pl.Boolean).gather(classes)), loose=loose)
        case _:
            return _words(at, classes, values, gone, loose)


def _own(value: Value) -> Any:
    return present(value) if value.absent is Absent.SURELY else value.possible


def _figures(at: Table, classes: pl.Series, ranges: list[Any], loose: Flag) -> Num:
    def put(values: list[Any], kind: Any) -> pl.Expr:
        return at.put(pl.Series(values, dtype=kind).gather(classes))

    lows = [-inf if each.low is None else float(each.low) for each in ranges]
    highs = [inf if each.high is None else float(each.high) for each in ranges]
    low_open = [isinstance(each, Interval) and each.low_open and each.low is not None for each in ranges]
    high_open = [isinstance(each, Interval) and each.high_open and each.high is not None for each in ranges]
    gaps = [isinstance(each, Finite) and len(each.values) > 1 for each in ranges]
    known = all(isinstance(each, Finite) and len(each.values) == 1 for each in ranges)
    lo = put(lows, pl.Float64)
    return Num(
        lo,
        lo if known else put(highs, pl.Float64),
        known=known,
        lo_open=put(low_open, pl.Boolean) if any(low_open) else None,
        hi_open=put(high_open, pl.Boolean) if any(high_open) else None,
        exact=_all_exact(ranges),
        whole=False,
        positive=all(low >= 0 for low in lows),
        nonzero=all(low > 0 or (low == 0 and is_open) for low, is_open in zip(lows, low_open, strict=True)),
        gaps=put(gaps, pl.Boolean) if any(gaps) else None,
        loose=loose,
    )


def _all_exact(ranges: list[Any]) -> bool:
    ends = {end for each in ranges for end in (each.low, each.high) if end is not None}
    return all(Fraction(repr(float(end))) == end for end in ends)


def _members(at: Table, classes: pl.Series, sets: list[Any], members: tuple[str, ...], loose: Flag) -> Mask:
    bit, other = bits_of(members), (2 << len(members)) - 1
    found = [other if each is EVERY_TEXT else sum(bit[text] for text in each) for each in sets]
    known = all(each.bit_count() == 1 for each in found)
    return Mask(
        at.put(pl.Series(found, dtype=width(members)).gather(classes)), members, known=known, loose=loose
    )


def _words(at: Table, classes: pl.Series, values: list[Value], gone: pl.Expr | None, loose: Flag) -> Word:
    texts: list[str | None] = []
    several: list[bool] = []
    for value in values:
        possible = value.possible
        one = not value.absent and possible is not EVERY_TEXT and len(possible) == 1
        texts.append(next(iter(possible)) if one else None)
        several.append(not one and possible is not None and possible is not EVERY_TEXT)
    flag = at.put(pl.Series(several, dtype=pl.Boolean).gather(classes)) if any(several) else None
    made = Word(at.put(pl.Series(texts, dtype=pl.String).gather(classes)), loose=any_flag((loose, flag)))
    if gone is None:
        return made
    return Word(made.text, gone=gone, core=made, loose=made.loose)
