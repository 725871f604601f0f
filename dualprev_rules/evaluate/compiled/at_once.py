"""The statements that judge rules at once: by their bits, of a record as it is known or open."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.bits import Bits, Together, together
from dualprev_rules.evaluate.compiled.code import Frame
from dualprev_rules.evaluate.compiled.groups import BitGroup, OpenBitGroup
from dualprev_rules.evaluate.compiled.guards import conditions
from dualprev_rules.evaluate.compiled.quote import all_of, const, expr, stmts
from dualprev_rules.pack.model import Rule

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program

MOST_AT_ONCE = 64
"""So few rules are judged at once whatever they are guarded with, where all of them can be."""

_AT_ONCE = """
if ALL:
    out += (row, GROUP, BITS)
else:
    out += (row, OPEN, MORE)
"""


def at_once(program: Program, entity: str, bits: Together, *, first: bool) -> list[ast.stmt]:
    """Return the statements that judge rules by their bits."""
    frame = Frame(program, entity, {"self": "row"}, unpacked=True)
    frame.used = asked(program, entity, bits)
    parts: dict[str, Any] = {
        "ALL": all_of([expr("X is not None", X=local) for local in frame.used.values()]),
        **found(program, entity, bits, first=first),
        "OPEN": program.constant(bits.group(OpenBitGroup, first=first)),
        "MORE": Bits(program, entity, bits).open(),
    }
    return [*opened(frame), *stmts(_AT_ONCE, **parts)]


def asked(program: Program, entity: str, bits: Together) -> dict[int, str]:
    """Return the facts that rules judged at once ask, by slot, with the locals that hold them."""
    layout = program.layouts[entity]
    return {layout.slots[name]: layout.local(layout.slots[name]) for name in bits.asked}


def all_together(program: Program, entity: str, rules: Sequence[Rule]) -> Together | None:
    """Return the bits of all rules of an entity; None where there are many, or one has none."""
    if not 0 < len(rules) <= MOST_AT_ONCE:
        return None
    bits, others = together(program, entity, [(rule, conditions(rule, guarded=False)) for rule in rules])
    return None if others else bits


def opened(frame: Frame) -> list[ast.stmt]:
    """Return the statements that put attributes and records above into locals."""
    made: list[ast.stmt] = []
    for slot, local in frame.used.items():
        made += stmts("X = row[SLOT]", X=local, SLOT=const(slot))
    for entity, local in frame.climbs.items():
        made += stmts("X = climb(row, ENTITY)", X=local, ENTITY=const(entity))
    return made


def found(program: Program, entity: str, bits: Together, *, first: bool) -> dict[str, ast.expr]:
    """Return the group of rules that are judged at once, and the bits of a record of which all is known."""
    group = program.constant(bits.group(BitGroup, first=first))
    return {"GROUP": group, "BITS": Bits(program, entity, bits).known()}
