"""Code that is made for a node: the expression, and what is known of its values without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import count
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.compiled.layout import GONE
from dualprev_rules.evaluate.compiled.quote import (
    any_of,
    assigned,
    call_of,
    const,
    expr,
    is_simple,
    name,
    tuple_of,
)
from dualprev_rules.facts.possible import Value
from dualprev_rules.lang.tree import Aggregate, Derived, Node, Quantify

if TYPE_CHECKING:
    from dualprev_rules.evaluate.compiled.program import Program


class CannotCompile(Exception):  # noqa: N818 - not an error: it is decided exactly instead
    """A node has no compiled form."""


class Form(IntEnum):
    """How near the numbers of an expression are to the exact ones."""

    EXACT = 0
    """Each is the float (or int) of an exact decimal, as facts are; it compares exactly with others."""
    ROUNDED = 1
    """Off by less than the tolerance times itself; of the same sign, and 0 only where the exact one is."""
    SPREAD = 2
    """Off by less than the tolerance times ``spread``: a difference may be off by more than itself."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Code of a condition. ``strict``: it is never None (open)."""

    code: ast.expr
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """Code of a number, day, member or text."""

    code: ast.expr
    open: bool = True
    """It may be None: open."""
    gone: bool = False
    """It may be GONE: surely no value."""
    missing: Value | None = None
    """What is possible where it is None; None where that is not known beforehand."""
    form: Form = Form.EXACT
    whole: bool = False
    """It is an int whenever it is known."""
    positive: bool = False
    """It is never below 0."""
    nonzero: bool = False
    """It is never 0."""
    spread: ast.expr | None = None
    """Where the form is SPREAD: code, valid after ``code`` has run."""
    steps: int = 1
    """How many roundings are in it."""
    factors: int = 1
    """How many facts or figures are multiplied in it."""
    value: Any = None
    """The constant that it is, if it is one: Fraction, text or bool."""

    @property
    def sure(self) -> bool:
        """True where it always is a known value."""
        return not self.open and not self.gone


MOST_STEPS, MOST_FACTORS = 1000, 9


def checked(thing: Thing) -> Thing:
    """Return the thing; raises CannotCompile where its floats might be off by more than the tolerance."""
    if thing.steps > MOST_STEPS or thing.factors > MOST_FACTORS:
        raise CannotCompile
    return thing


class Frame:
    """The function that is being written: what its names stand for."""

    def __init__(
        self, program: Program, entity: str, rows: dict[str, str], *, unpacked: bool = False
    ) -> None:
        self.program = program
        self.entity = entity
        self.rows = rows
        """Variable of the tree → name of the local that holds its row (or its member of a set)."""
        self.unpacked = unpacked
        """The attributes of the record itself stand in locals."""
        self.used: dict[int, str] = {}
        """Slot → local, of the attributes that were asked for."""
        self.climbs: dict[str | None, str] = {}
        """Entity above → local, of the rows above that were asked for."""
        self.known = False
        """All attributes of the record that are asked for are known."""
        self.bare: str | None = None
        """The local of a row whose facts are used as they stand: what is no figure raises a TypeError."""
        self.shared: dict[Any, Truth | Thing] = {}
        """Key of an expression → what stands for it, computed before."""
        self._numbers: Iterator[int] = count()

    plain = False
    """Every fact that is asked is known, and nothing stays open: what might is decided in another way."""

    def local(self, row: ast.expr, entity: str, slot: int) -> str | None:
        """Return the local that holds an attribute of a row; None where it is taken from the row."""
        if not self.unpacked or not isinstance(row, ast.Name) or row.id != self.rows["self"]:
            return None
        return self.used.setdefault(slot, self.program.layouts[entity].local(slot))

    def derived(self, node: Derived) -> Truth | Thing | None:
        """Return what stands for a derived value, where it is found in no row."""
        return None

    def looped(self, node: Quantify | Aggregate) -> Truth | Thing | None:
        """Return what stands for what goes over a list, where it has no loop of its own."""
        return None

    def temporary(self) -> str:
        """Return a new name of a local."""
        return f"t{next(self._numbers)}"

    def about(self, entity: str, local: str) -> Frame:
        """Return a frame in the same function in which the row that a local holds is the record itself."""
        inner = Frame(self.program, entity, {"self": local})
        inner._numbers = self._numbers
        inner.bare = local if self.bare == local else None
        return inner

    def simple(self, code: ast.expr) -> tuple[ast.expr, ast.expr]:
        """Return code to run first and code to repeat it by: the same, or a local that the first sets."""
        if is_simple(code):
            return code, code
        local = self.temporary()
        return assigned(local, code), name(local)

    def bound(self) -> list[ast.expr]:
        """Return the variables as arguments of ``Case.ask``."""
        return [tuple_of([const(var), name(local)]) for var, local in self.rows.items()]

    def ask(self, node: Node) -> ast.expr:
        """Return code that decides a condition exactly."""
        call = expr("case.ask(NODE)", NODE=self.program.constant(node))
        assert isinstance(call, ast.Call)
        return call_of(call.func, [*call.args, *self.bound()])


def guarded(things: list[tuple[Thing, ast.expr, ast.expr]], then: ast.expr) -> ast.expr:
    """Return code that is None where one of the things is open or gone, else ``then``.

    Each thing comes with the code to run first and the code to repeat it by. All are run in order.
    """
    tests: list[ast.expr] = []
    for thing, first, again in things:
        run = first
        if thing.open or (first is not again and not thing.gone):
            tests.append(expr("X is None", X=run))
            run = again
        if thing.gone:
            tests.append(expr("X is GONE", X=run))
    if not tests:
        return then
    return expr("None if TEST else THEN", TEST=any_of(tests), THEN=then)


def gone() -> ast.expr:
    """Return the code of no value."""
    return name("GONE")


__all__ = [
    "GONE",
    "CannotCompile",
    "Form",
    "Frame",
    "Thing",
    "Truth",
    "checked",
    "gone",
    "guarded",
    "replace",
]
