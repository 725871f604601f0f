"""Plain input of one record, judged as it is read where only its own facts are asked: no row is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.at_once import all_together, found
from dualprev_rules.evaluate.compiled.checks import Unusual
from dualprev_rules.evaluate.compiled.groups import BitGroup
from dualprev_rules.evaluate.compiled.layout import Row
from dualprev_rules.evaluate.compiled.quote import const, function, stmts
from dualprev_rules.evaluate.compiled.runtime import Case
from dualprev_rules.evaluate.compiled.shapes import checked_values

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program
    from dualprev_rules.evaluate.compiled.reader import EntityReader

Alone = tuple[BitGroup, int, str, tuple[Any, ...]]
"""What was found of a record that stands alone: a group of rules, their bits, its entity, what was given."""
Whole = Callable[[Any], Alone | None]
"""Judges a document of one record; returns None for one that it was not written for."""

_WHOLE = """
if document.__class__ is not dict or len(document) != 1:
    return
try:
    given = document[ENTITY]
    if given.__class__ is not dict or len(given) != COUNT:
        return
    TAKE
    CHECK
except (KeyError, OverflowError, Unusual):
    return
return (GROUP, BITS, ENTITY, GIVEN)
"""


def whole(program: Program, reader: EntityReader, entity: str, keys: tuple[str, ...]) -> Whole | None:
    """Return what judges a record that has just these keys; None where its rules ask for more."""
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
    within["Unusual"] = Unusual
    parts |= {"ENTITY": const(entity), **judged}
    return function("whole", ["document"], stmts(_WHOLE, **parts), within)


def case_of(program: Program, alone: Alone) -> Case:
    """Return the case of a record that stood alone.

    What stands for its row has a head only: nothing but what was given is asked of it afterwards.
    """
    of, found, entity, given = alone
    row: Row = [entity, None, None, given]
    case = Case((row, of, found))
    case.program = program
    case.rows = [row]
    return case
