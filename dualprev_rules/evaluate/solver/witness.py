"""From a model of the solver to facts that a reader can check, and the reference's word on them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.render import number as written
from dualprev_rules.evaluate.solver.backend import z3
from dualprev_rules.evaluate.solver.world import Ghost, Term, UnsupportedError, World, day_of
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.facts.types import Bool, Date, Number, SetOf

Document = dict[str, Any]


def document(world: World, model: Any) -> Document:
    """Return the facts of a model as an input document: those that the question read, and no others."""
    return {world.root.entity.name: _record(world, world.root, model)}


def _record(world: World, ghost: Ghost, model: Any) -> Document:
    found: Document = {}
    key = ghost.entity.key
    if key is not None and key not in ghost.facts and ghost.parent is not None:
        found[key] = str(ghost.number + 1)
    for name, term in ghost.facts.items():
        given = _fact(world, ghost, name, term, model)
        if given is not None:
            found[name] = given
    for name, records in ghost.lists.items():
        there = [each for each in records if each.present is True or _true(model, each.present)]
        found[name] = [_record(world, each, model) for each in there]
    return found


def _fact(world: World, ghost: Ghost, name: str, term: Term, model: Any) -> Any:
    """Return a fact as an input has it; None where the record has none."""
    kind = ghost.entity.attributes[name].type
    if term.absent is not False and _true(model, term.absent):
        return None
    if isinstance(kind, SetOf):
        return [member for member, inside in term.value.items() if _true(model, inside)]
    if isinstance(kind, Bool):
        return _true(model, term.value)
    value = model.eval(term.value, model_completion=True)
    if isinstance(kind, Number | Date):
        if not z3().is_rational_value(value) and not z3().is_int_value(value):
            raise UnsupportedError("irrational")
        number = Fraction(str(value.as_fraction()) if z3().is_rational_value(value) else value.as_long())
        return day_of(number) if isinstance(kind, Date) else written(number)
    return world.text(value.as_long())


def _true(model: Any, bit: Any) -> bool:
    return bool(z3().is_true(model.eval(bit, model_completion=True)))


def asked(world: World, facts: Facts) -> Record:
    """Return the record that was asked about, as it was read."""
    way: list[str] = []
    ghost = world.asked
    while ghost.parent is not None:
        way.insert(0, ghost.via)
        ghost = ghost.parent
    (record,) = facts.roots
    for via in way:
        record = record.value(via).possible.records[0]
    return record
