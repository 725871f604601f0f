"""Plain input of one record, judged as it is read where only its own facts are asked: no row is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.at_once import all_together, found
from dualprev_rules.evaluate.compiled.checks import Unusual
from dualprev_rules.evaluate.compiled.quote import const, function, name, stmts
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
except (KeyError, OverflowError, Unusual):
    return
row = [ENTITY, None, None, GIVEN]
out = Case()
out.program = PROGRAM
out.rows = [row]
FOUND
return out
"""


def whole(program: Program, reader: EntityReader, entity: str, keys: tuple[str, ...]) -> Whole | None:
    """Return what judges a record that has just these keys; None where its rules ask for more.

    What stands for its row has a head only: nothing but what was given is asked of it afterwards.
    """
    if program.below[entity]:
        return None
    bits = all_together(program, entity, program.by_entity.get(entity, ()))
    if bits is None or not bits.asked.keys() <= set(keys):
        return None
    judged = found(program, entity, bits, first=True)
    within = program.names()
    parts = checked_values(within, reader, program.layouts[entity], keys)
    if parts is None:
        return None
    within |= {"Case": Case, "PROGRAM": program, "Unusual": Unusual}
    parts |= {"ENTITY": const(entity), "PROGRAM": name("PROGRAM"), "FOUND": judged}
    return function("whole", ["given"], stmts(_WHOLE, **parts), within)
