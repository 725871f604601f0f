"""The compiled form of a ruleset: functions made when first needed, and the judging of rows with them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from types import FunctionType
from typing import Any

from dualprev_rules.evaluate.compiled import groups, logic, quote, rules, runtime, things
from dualprev_rules.evaluate.compiled.bits import LEAST_SHARED
from dualprev_rules.evaluate.compiled.code import CannotCompile, Form, Frame, Thing, replace
from dualprev_rules.evaluate.compiled.codes import ask_instead
from dualprev_rules.evaluate.compiled.exact import exactly
from dualprev_rules.evaluate.compiled.few import Judges, Outcome, outcome
from dualprev_rules.evaluate.compiled.layout import (
    ENTITY,
    GIVEN,
    GONE,
    MARK,
    NOTHING_ODD,
    PARENT,
    PHANTOM,
    UNSET,
    Odd,
    Row,
    RowMaker,
    layouts,
)
from dualprev_rules.evaluate.compiled.plainly import Plainly
from dualprev_rules.evaluate.compiled.quote import const, expr, name, stmts
from dualprev_rules.evaluate.compiled.reader import FastReader, given_again
from dualprev_rules.evaluate.compiled.runtime import MARKS, Case
from dualprev_rules.evaluate.compiled.touches import Touches
from dualprev_rules.evaluate.compiled.whole import Alone
from dualprev_rules.facts.record import Facts
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Text
from dualprev_rules.lang.scope import Function
from dualprev_rules.lang.tree import Node
from dualprev_rules.pack.model import Rule, Ruleset


@dataclass(frozen=True, slots=True)
class Made:
    """A definition that was compiled: the name of its function, and what is known of its value."""

    function: ast.expr
    thing: Thing


class Program:
    """A ruleset as functions over rows. Nothing in it depends on facts; it may be shared between threads.

    Functions are made when first needed. Two threads may make one at the same time: either will do.
    """

    def __init__(
        self, ruleset: Ruleset, functions: Mapping[str, Function], few: int = 0, shared: float = LEAST_SHARED
    ) -> None:
        """Prepare; ``few`` records of each entity are judged before a function is made for it.

        Rules are judged at once where on the average each fact is asked ``shared`` times or more.
        """
        self.shared = shared
        self.ruleset = ruleset
        self.functions = functions
        self.layouts = layouts(ruleset)
        self.exact = exactly(ruleset, functions, self.layouts)
        """Decides where the generated functions do not."""
        self._names = count()
        self._definitions: dict[tuple[str, str], Made] = {}
        self._states: dict[str, ast.expr] = {}
        self._constants: dict[int, tuple[Any, ast.expr]] = {}
        self._namespace: dict[str, Any] = {
            "GONE": GONE,
            "UNSET": UNSET,
            **{f.__name__: f for f in _CALLED},
        }
        self.judges = Judges(self, few)
        self._outcomes: dict[str, Outcome] = {}
        reader = FastReader(ruleset, self.layouts, self.climbs)
        self.plainly = Plainly(self, reader)
        """Judges what is known throughout, without rows."""
        self.read = reader.read
        """Return the rows of plain input; None for anything else, which the ordinary reader reads."""
        self._climbs: dict[str, bool] = {}
        self._any: dict[tuple[str, frozenset[str]], list[Any]] = {}

    # --- what is made -------------------------------------------------------------------------------

    def constant(self, value: Any) -> ast.expr:
        """Return the name of a thing that functions refer to."""
        known = self._constants.get(id(value))
        if known is None:
            called = f"k{next(self._names)}"
            self._namespace[called] = value
            known = self._constants[id(value)] = (value, name(called))
        return known[1]

    def made(self, called: str, args: Sequence[str], body: list[ast.stmt]) -> FunctionType:
        """Make a function."""
        return quote.function(called, args, body or stmts("pass"), self._namespace)

    def function(self, called: str, args: Sequence[str], body: list[ast.stmt]) -> ast.expr:
        """Make a function and return its name."""
        return self.constant(self.made(called, args, body))

    def condition(self, entity: str, node: Node) -> Callable[[Row, Case], bool | None]:
        """Return the function of a condition that is asked of a record."""
        code = logic.condition(self._frame(entity), node).code
        return self.made("condition", ["row", "case"], stmts("return CODE", CODE=code))

    def definition(self, entity: str, called: str) -> Made:
        """Return a compiled definition; raises CannotCompile where rows cannot hold its values."""
        found = self._definitions.get((entity, called))
        if found is None:
            found = self._definitions[entity, called] = self._define(entity, called)
        return found

    def state(self, rule: str) -> ast.expr:
        """Return the name of the function that says whether a rule is violated."""
        found = self._states.get(rule)
        if found is None:
            of = self.ruleset.rules[rule]
            code = rules.outcome(self._frame(of.entity), of)
            pattern = """
key = (NUMBER, id(row))
code = case.states.get(key)
if code is None:
    code = case.states[key] = CODE
return True if code == VIOLATED else None if code == OPEN or code == PRESUMED else False
"""
            parts = {"VIOLATED": const(groups.VIOLATED), "OPEN": const(groups.UNDETERMINED)}
            parts |= {"PRESUMED": const(groups.PRESUMED), "NUMBER": const(len(self._states)), "CODE": code}
            body = stmts(pattern, **parts)
            found = self._states[rule] = self.function("state", ["row", "case"], body)
        return found

    def _frame(self, entity: str) -> Frame:
        return Frame(self, entity, {"self": "row"})

    def _define(self, entity: str, called: str) -> Made:
        definition = self.ruleset.definitions[entity, called]
        kind = definition.type
        if not isinstance(kind, Bool | Number | Enum | Text | Date):
            raise CannotCompile
        none = const(None) if isinstance(kind, Bool) else name("GONE")
        frame = self._frame(entity)
        if definition.not_encoded is not None:
            thing = Thing(none, gone=True)
        else:
            try:
                if isinstance(kind, Bool):
                    thing = Thing(logic.condition(frame, definition.body.node).code)
                else:
                    thing = things.thing(frame, definition.body.node)
                    if thing.spread is not None:
                        raise CannotCompile
            except CannotCompile:
                code = expr("case.derive(DEFINITION, row)", DEFINITION=self.constant(definition))
                thing = Thing(code, gone=True, form=Form.ROUNDED if isinstance(kind, Number) else Form.EXACT)
        parts: dict[str, Any] = {"BODY": thing.code, "NONE": none}
        pattern = "value = BODY"
        if definition.when is not None and definition.not_encoded is None:
            parts["WHEN"] = logic.condition(frame, definition.when.node).code
            pattern = (
                "when = WHEN\nif when:\n    value = BODY\nelse:\n    value = NONE if when is False else None"
            )
        slot = self.layouts[entity].derived[called]
        layout = self.layouts[entity]
        parts |= {"SLOT": const(slot), "FIRST": const(layout.first), "MARK": const(MARK)}
        parts["BLANK"] = self.constant(layout.blank[layout.first :])
        body = stmts(_AFRESH + pattern + "\nrow[SLOT] = value\nreturn value", **parts)
        gone = not isinstance(kind, Bool) and (thing.gone or definition.when is not None)
        about = replace(thing, code=const(None), open=True, gone=gone, missing=None, value=None)
        return Made(self.function("derive", ["row", "case"], body), about)

    # --- reading ------------------------------------------------------------------------------------

    def given(self, rows: list[Row]) -> dict[str, Any]:
        """Return the input that rows were read from."""
        return given_again(rows, self.layouts)

    # --- judging ------------------------------------------------------------------------------------

    @cached_property
    def touches(self) -> Touches:
        """Which facts a rule may rest on."""
        return Touches(self.ruleset)

    @cached_property
    def by_entity(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that are judged, by entity, in their order."""
        found: dict[str, list[Rule]] = {}
        for rule in self.ruleset.rules.values():
            if rule.standing != "covered":
                found.setdefault(rule.entity, []).append(rule)
        return {entity: tuple(of) for entity, of in found.items()}

    @cached_property
    def below(self) -> Mapping[str, tuple[tuple[int, Attribute], ...]]:
        """The lists, by entity, in which records stand that some rule is about."""
        schema = self.ruleset.schema
        judged = {
            entity: entity in self.by_entity or any(e in self.by_entity for e in schema.descend(entity))
            for entity in schema.entities
        }
        return {
            entity: tuple(
                (s, a) for s, a in of.lists if isinstance(a.type, ListOf) and judged[a.type.of.entity]
            )
            for entity, of in self.layouts.items()
        }

    def rows(self, facts: Facts) -> tuple[list[Row], Odd]:
        """Return the rows of facts that were read, and the facts that have no form in them."""
        maker = RowMaker(self.layouts)
        return maker.rows(facts), maker.odd

    def assess(self, given: Any) -> Case | Alone | None:
        """Judge plain input; None of anything else, which the ordinary reader reads."""
        found = self.plainly.other(given)
        if found is not None:
            return found
        rows = self.read(given)
        return None if rows is None else self.judge(rows)

    def names(self) -> dict[str, Any]:
        """Return the names that functions refer to, as they are now."""
        return dict(self._namespace)

    def open(self, rows: list[Row]) -> Case:
        """Return the case of rows of which nothing is judged yet."""
        case = Case()
        case.program = self
        case.rows = rows
        case.mark = next(MARKS)
        return case

    def outcome(self, rule: Rule) -> Outcome:
        """Return the closure of the outcome code of one rule, for rows of its entity."""
        found = self._outcomes.get(rule.id)
        if found is None:
            found = self._outcomes[rule.id] = outcome(self, rule)
        return found

    def judge(self, rows: list[Row], odd: Odd = NOTHING_ODD) -> Case:
        """Judge rows; the outcome codes stand in the case."""
        case = self.open(rows)
        judges = self.judges
        for row in rows:
            judges[row[ENTITY]](row, case, case)
        if odd:
            ask_instead(case, odd)
        return case

    def climbs(self, entity: str) -> bool:
        """Tell whether a condition asks for a record above such a record, or above one under it.

        A rule about another record may do so too, through what it loops over: then rows of this entity
        need to know the row above them just as well.
        """
        found = self._climbs.get(entity)
        if found is None:
            entities = {entity, *self.ruleset.schema.descend(entity)}
            found = self._climbs[entity] = not entities.isdisjoint(self.touches.climbing)
        return found

    def any_record(self, entity: str, above: frozenset[str]) -> list[Any]:
        """Return what is found of a record of which nothing is known, under others of which nothing is."""
        key = (entity, above)
        found = self._any.get(key)
        if found is None:
            row: Row | None = None
            for of in (*sorted(above), entity):
                parent, row = row, self.layouts[of].blank.copy()
                row[PARENT], row[GIVEN] = parent, PHANTOM
            assert row is not None
            case = self.judge([])
            self.judges[entity](row, case, case.open)
            found = self._any[key] = case.open
        return found


_AFRESH = """
if row[MARK] is not case.mark:
    row[FIRST:] = BLANK
    row[MARK] = case.mark
"""


_CALLED = (
    runtime.at_least,
    runtime.climb,
    runtime.count_true,
    runtime.months_later,
    runtime.pick,
    runtime.pick_rounded,
    runtime.same,
)
