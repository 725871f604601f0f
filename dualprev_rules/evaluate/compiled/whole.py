"""Plain input of one record, judged as it is read where only its own facts are asked: no row is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.bits import Bits, together
from dualprev_rules.evaluate.compiled.groups import BitGroup
from dualprev_rules.evaluate.compiled.quote import const, function, name, stmts
from dualprev_rules.evaluate.compiled.rules import MOST_AT_ONCE, conditions
from dualprev_rules.evaluate.compiled.runtime import Case
from dualprev_rules.evaluate.compiled.shapes import checked_values

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program
    from dualprev_rules.evaluate.compiled.reader import EntityReader

Whole = Callable[[Any], Case | None]
"""Judges a record; returns None for one that it was not written for."""

_WHOLE = """
if given.__class__ is not dict or len(given) != COUNT:
    return
try:
    TAKE
    CHECK
except (KeyError, OverflowError):
    return
row = [ENTITY, None, None, GIVEN]
case = Case()
case.program = PROGRAM
case.rows = [row]
case += (row, GROUP, BITS)
return case
"""


def whole(program: Program, reader: EntityReader, entity: str, keys: tuple[str, ...]) -> Whole | None:
    """Return what judges a record that has just these keys; None where its rules ask for more.

    What stands for its row has a head only: nothing but what was given is asked of it afterwards.
    """
    rules = program.by_entity.get(entity, ())
    if not rules or len(rules) > MOST_AT_ONCE or program.below[entity]:
        return None
    bits, others = together(program, entity, [(rule, conditions(rule, guarded=False)) for rule in rules])
    if others or not bits.asked.keys() <= set(keys):
        return None
    made = Bits(program, entity, bits).known()
    group = program.constant(bits.group(BitGroup, first=True))
    within = program.names()
    parts = checked_values(within, reader, program.layouts[entity], keys)
    if parts is None:
        return None
    within |= {"Case": Case, "PROGRAM": program}
    parts |= {"ENTITY": const(entity), "PROGRAM": name("PROGRAM"), "GROUP": group, "BITS": made}
    return function("whole", ["given"], stmts(_WHOLE, **parts), within)
