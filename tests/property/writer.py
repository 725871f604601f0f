"""Expressions of every type as an author writes them, each with what it means of known facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import yaml
from hypothesis import strategies as st

from dualprev_rules.evaluate.render import number
from dualprev_rules.facts import Facts, read_facts
from dualprev_rules.pack.model import Ruleset
from tests.property import plain
from tests.property.build import Built, build
from tests.property.knowledge import (
    DAYS,
    FIGURES,
    LEVELS,
    MEMBERS,
    TEXTS,
    Attr,
    Draw,
    Knowledge,
)
from tests.property.plain import OPEN, Fn

AS_OF = date(2026, 11, 21)
ROOT, PART, BIT = "enterprise", "part", "bit"
KINDS = ("bool", "number", "number", "whole", "enum", "level", "text", "date", "set", "words")


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as text, and what it means of known facts."""

    text: str
    fn: Fn


class World:
    """A head of declarations, what its parts mean, and knowledge of one enterprise."""

    def __init__(self, shapes: dict[str, tuple[Attr, ...]], head: dict[str, Any]) -> None:
        self.shapes = shapes
        self.head = head
        self.definitions: dict[tuple[str, str], Fn] = {}
        self.rules: dict[str, tuple[str, Fn]] = {}
        self.knowledge = Knowledge(ROOT, "")
        self.built: Built | None = None

    def __repr__(self) -> str:
        """Show a world as files that an author would write."""
        shown: dict[str, Any] = {**self.head, "given": self.knowledge.document()}
        return "\n" + yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=120)

    @property
    def ruleset(self) -> Ruleset:
        """Return the ruleset of the head."""
        if self.built is None:
            self.built = build(self.head)
        return self.built.ruleset(AS_OF)

    def read(self, knowledge: Knowledge | None = None) -> Facts:
        """Return the facts as the library reads them."""
        document = (knowledge or self.knowledge).document()
        return read_facts({ROOT: document}, self.ruleset.schema, as_of=AS_OF)


@dataclass(slots=True)
class Scope:
    """Where an expression stands: the record that it is about, and the loop variables around it."""

    entity: str
    vars: dict[str, str] = field(default_factory=dict[str, str])
    """Loop variable → entity, or the kind of a set's members."""


class Writer:
    """Writes expressions at random, always such that the checker accepts them."""

    def __init__(self, draw: Draw, world: World) -> None:
        self.draw = draw
        self.world = world
        self.types: dict[tuple[str, str], str] = {}
        """Definition → kind of its value."""
        self.count = 0

    def pick(self, things: Any) -> Any:
        """Draw one of several."""
        return self.draw(st.sampled_from(list(things)))

    # --- things that stand for themselves ---------------------------------------------------------

    def facts(self, scope: Scope, *kinds: str) -> list[Written]:
        """Return every attribute and definition of these kinds that a name reaches."""
        found: list[Written] = []
        holders = [("", "self", scope.entity)]
        holders += [(f"{var}.", var, of) for var, of in scope.vars.items() if of in self.world.shapes]
        for prefix, var, entity in holders:
            for attr in self.world.shapes[entity]:
                if attr.kind in kinds:
                    found.append(Written(prefix + attr.name, _fact(var, attr.name)))
                elif attr.kind == "ref":
                    found += [
                        Written(f"{prefix}{attr.name}.{inner.name}", strict_ref(var, attr.name, inner.name))
                        for inner in self.world.shapes[attr.of]
                        if inner.kind in kinds
                    ]
            for (owner, name), kind in self.types.items():
                if owner == entity and kind in kinds:
                    found.append(Written(prefix + name, _derived(var, self.world.definitions[owner, name])))
        if scope.entity == PART:
            for attr in self.world.shapes[ROOT]:
                if attr.kind in kinds:
                    found.append(Written(f"enterprise.{attr.name}", _above(attr.name)))
        return found

    def figure(self) -> Written:
        """Write a figure."""
        value: Fraction = self.pick(FIGURES)
        text = number(value) if value.denominator != 3 else f"{value.numerator} / 3"
        return Written(f"({text})", lambda env: value)

    def whole(self, scope: Scope) -> Written:
        """Write a whole number."""
        known = self.facts(scope, "whole")
        if known and self.draw(st.booleans()):
            return self.pick(known)
        value = self.draw(st.integers(-3, 14))
        return Written(f"({value})", lambda env: Fraction(value))

    # --- numbers ----------------------------------------------------------------------------------

    def number(self, scope: Scope, depth: int) -> Written:
        """Write a number."""
        known = self.facts(scope, "number", "whole", "definition number")
        if depth <= 0:
            return self.pick([*known, *known, self.figure()])
        how = self.pick(
            (
                "leaf",
                "arith",
                "arith",
                "arith",
                "abs",
                "extreme",
                "if",
                "coalesce",
                "sum",
                "least",
                "count",
                "flags",
            )
        )
        match how:
            case "arith":
                op = self.pick("+-*/")
                a, b = self.number(scope, depth - 1), self.number(scope, depth - 1)
                return Written(f"({a.text} {op} {b.text})", _arith(op, a.fn, b.fn))
            case "abs":
                a = self.number(scope, depth - 1)
                return Written(f"abs({a.text})", lambda env: plain.strict(abs)(a.fn(env)))
            case "extreme":
                name = self.pick(("min", "max"))
                a, b = self.number(scope, depth - 1), self.number(scope, depth - 1)
                function = plain.strict(min if name == "min" else max)
                return Written(f"{name}({a.text}, {b.text})", lambda env: function(a.fn(env), b.fn(env)))
            case "if":
                return self._choice(scope, depth, self.number)
            case "coalesce":
                a, b = self.number(scope, depth - 1), self.number(scope, depth - 1)
                return Written(
                    f"coalesce({a.text}, {b.text})", lambda env: plain.coalesce(a.fn(env), b.fn(env))
                )
            case "sum" | "least" | "count":
                return self._aggregate(scope, depth, how)
            case "flags":
                parts = [self.truth(scope, depth - 1) for _ in range(self.draw(st.integers(1, 3)))]
                text = ", ".join(part.text for part in parts)
                return Written(f"count_true({text})", lambda env: plain.counted(p.fn(env) for p in parts))
            case _:
                return self.pick([*known, self.figure()])

    def _choice(self, scope: Scope, depth: int, kind: Any) -> Written:
        c, a, b = self.truth(scope, depth - 1), kind(scope, depth - 1), kind(scope, depth - 1)
        return Written(
            f"({a.text} if {c.text} else {b.text})", lambda env: plain.choose(c.fn(env), a.fn(env), b.fn(env))
        )

    def _loop(self, scope: Scope) -> tuple[str, str, Fn, Scope] | None:
        """Open a loop over a list or set: variable, text of what it goes over, its members, inner scope."""
        over = [
            (attr, prefix, var)
            for prefix, var, entity in [
                ("", "self", scope.entity),
                *((f"{v}.", v, e) for v, e in scope.vars.items()),
            ]
            for attr in self.world.shapes.get(entity, ())
            if attr.kind in ("list", "set", "words")
        ]
        if not over:
            return None
        attr, prefix, var = self.pick(over)
        self.count += 1
        name = f"v{self.count}"
        inner = Scope(scope.entity, {**scope.vars, name: attr.of or f"member of {attr.kind}"})
        return name, prefix + attr.name, _fact(var, attr.name), inner

    def _aggregate(self, scope: Scope, depth: int, how: str) -> Written:
        loop = self._loop(scope)
        if loop is None:
            return self.figure()
        var, text, members, inner = loop
        where = self.truth(inner, depth - 1) if self.draw(st.booleans()) else None
        filtered = f" if {where.text}" if where else ""

        def each(env: Any, fn: Fn | None) -> list[tuple[Any, Any]]:
            found: list[tuple[Any, Any]] = []
            for member in _iterate(members(env)):
                at = {**env, var: member}
                found.append((where.fn(at) if where else True, fn(at) if fn else None))
            return found

        if how == "count":
            return Written(
                f"count({var} for {var} in {text}{filtered})",
                lambda env: plain.counted(counts for counts, _ in each(env, None)),
            )
        body = self.number(inner, depth - 1)
        if how == "sum":

            def total(env: Any) -> Any:
                terms = each(env, body.fn)
                return plain.total(
                    OPEN if counts is not True else term for counts, term in terms if counts is not False
                )

            return Written(f"sum({body.text} for {var} in {text}{filtered})", total)
        name, default = self.pick(("min", "max")), self.number(scope, 0)
        function = min if name == "min" else max

        def least(env: Any) -> Any:
            terms = [(counts, term) for counts, term in each(env, body.fn) if counts is not False]
            if not terms:
                return default.fn(env)
            found = [OPEN if counts is not True else term for counts, term in terms]
            return plain.strict(lambda *them: function(them))(*found)

        return Written(f"{name}(({body.text} for {var} in {text}{filtered}), default={default.text})", least)

    # --- truth ------------------------------------------------------------------------------------

    def truth(self, scope: Scope, depth: int) -> Written:
        """Write a condition."""
        known = self.facts(scope, "bool", "definition bool")
        if depth <= 0:
            return self.pick(known) if known and self.draw(st.booleans()) else self._comparison(scope, 0)
        how = self.pick(
            ("compare", "compare", "compare", "not", "logic", "logic", "if", "loop", "loop", "least", "leaf")
        )
        match how:
            case "not":
                a = self.truth(scope, depth - 1)
                return Written(f"(not {a.text})", lambda env: plain.negate(a.fn(env)))
            case "logic":
                op = self.pick(("and", "or"))
                parts = [self.truth(scope, depth - 1) for _ in range(self.draw(st.integers(2, 3)))]
                function = plain.every if op == "and" else plain.some
                text = f" {op} ".join(part.text for part in parts)
                return Written(f"({text})", lambda env: function(part.fn(env) for part in parts))
            case "if":
                return self._choice(scope, depth, self.truth)
            case "loop":
                return self._quantified(scope, depth)
            case "least":
                parts = [self.truth(scope, depth - 1) for _ in range(self.draw(st.integers(1, 3)))]
                least = self.draw(st.integers(0, 3))
                text = ", ".join(part.text for part in parts)
                return Written(
                    f"at_least({least}, {text})", lambda env: _at_least(least, [p.fn(env) for p in parts])
                )
            case "leaf" if known:
                return self.pick(known)
            case _:
                return self._comparison(scope, depth)

    def _quantified(self, scope: Scope, depth: int) -> Written:
        loop = self._loop(scope)
        if loop is None:
            return self._comparison(scope, depth)
        var, text, members, inner = loop
        name, body = self.pick(("any", "all")), self.truth(inner, depth - 1)
        where = self.truth(inner, depth - 1) if self.draw(st.booleans()) else None

        def found(env: Any) -> Any:
            terms: list[Any] = []
            for member in _iterate(members(env)):
                at = {**env, var: member}
                counts = where.fn(at) if where else True
                if name == "any":
                    terms.append(plain.every((counts, body.fn(at))))
                else:
                    terms.append(plain.some((plain.negate(counts), body.fn(at))))
            return plain.some(terms) if name == "any" else plain.every(terms)

        filtered = f" if {where.text}" if where else ""
        return Written(f"{name}({body.text} for {var} in {text}{filtered})", found)

    def _comparison(self, scope: Scope, depth: int) -> Written:
        ways = ["number", "number", "number"]
        ways += [kind for kind in ("enum", "level", "text", "date") if self.facts(scope, kind)]
        ways += [way for way in ("set", "words") if self.facts(scope, way)]
        ways += ["member"] if any(of.startswith("member of") for of in scope.vars.values()) else []
        match self.pick(ways):
            case "enum" | "text" as kind:
                a = self.pick(self.facts(scope, kind))
                pool = MEMBERS if kind == "enum" else TEXTS
                if self.draw(st.booleans()):
                    chosen = self.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3, unique=True))
                    options = ", ".join(f"'{m}'" for m in chosen)
                    return Written(
                        f"{a.text} in {{{options}}}", lambda env: plain.strict(chosen.__contains__)(a.fn(env))
                    )
                b = self.pick([*self.facts(scope, kind), *(Written(f"'{m}'", _constant(m)) for m in pool)])
                return self._pair(self.pick(("==", "!=")), a, b)
            case "level":
                a = self.pick(self.facts(scope, "level"))
                value = self.pick(LEVELS)
                op = self.pick(("<", "<=", ">", ">=", "==", "!="))
                return self._pair(op, a, Written(value, _constant(value)))
            case "date":
                return self._pair(
                    self.pick(("<", "<=", ">", ">=", "==")),
                    self.day(scope, depth),
                    self.pick(self.facts(scope, "date")),
                )
            case "set" | "words" as kind:
                group = self.pick(self.facts(scope, kind))
                member = self.pick(MEMBERS if kind == "set" else TEXTS)
                return Written(
                    f"'{member}' in {group.text}",
                    lambda env: plain.strict(lambda s: member in s)(group.fn(env)),
                )
            case "member":
                var, of = self.pick([(v, of) for v, of in scope.vars.items() if of.startswith("member of")])
                member = self.pick(MEMBERS if of == "member of set" else TEXTS)
                return Written(f"{var} == '{member}'", lambda env: env[var] == member)
            case _:
                a, b = self.number(scope, depth - 1), self.number(scope, depth - 1)
                return self._pair(self.pick(("<", "<=", ">", ">=", "==", "!=")), a, b)

    def _pair(self, op: str, a: Written, b: Written) -> Written:
        function = plain.strict(COMPARE[op])
        return Written(f"{a.text} {op} {b.text}", lambda env: function(a.fn(env), b.fn(env)))

    def day(self, scope: Scope, depth: int) -> Written:
        """Write a date."""
        known = self.facts(scope, "date")
        if depth <= 0 or self.draw(st.booleans()):
            value: Fraction = self.pick(DAYS)
            text = date.fromordinal(int(value)).isoformat()
            today = Written("as_of", lambda env: Fraction(AS_OF.toordinal()))
            return self.pick(known or [*known, Written(f"'{text}'", lambda env: value), today])
        name, months = self.pick((("add_months", 1), ("add_years", 12)))
        a, n = self.day(scope, depth - 1), self.whole(scope)
        shifted = plain.strict(lambda d, count: plain.add_months(d, count, months))
        return Written(f"{name}({a.text}, {n.text})", lambda env: shifted(a.fn(env), n.fn(env)))


COMPARE: dict[str, Any] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def _fact(var: str, name: str) -> Fn:
    return lambda env: env[var].facts[name]


def _derived(var: str, fn: Fn) -> Fn:
    return lambda env: fn({"self": env[var]})


def _above(name: str) -> Fn:
    def found(env: Any) -> Any:
        thing = env["self"]
        while thing.entity != ROOT:
            thing = thing.parent
        return thing.facts[name]

    return found


def strict_ref(var: str, name: str, inner: str) -> Fn:
    """Return the fact of the record that a reference names."""

    def found(env: Any) -> Any:
        target = env[var].facts[name]
        if target is OPEN:
            return OPEN
        top = env["self"]
        while top.parent is not None:
            top = top.parent
        return next(thing for thing in plain.walk(top) if thing.id == target).facts[inner]

    return found


def _constant(value: Any) -> Fn:
    return lambda env: value


def _arith(op: str, a: Fn, b: Fn) -> Fn:
    if op == "/":
        return lambda env: plain.divide(a(env), b(env))
    function = plain.strict({"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y}[op])
    return lambda env: function(a(env), b(env))


def _at_least(least: int, flags: list[Any]) -> Any:
    sure = sum(flag is True for flag in flags)
    may = sum(flag is not False for flag in flags)
    return True if sure >= least else False if may < least else OPEN


def _iterate(members: Any) -> list[Any]:
    return sorted(members) if isinstance(members, frozenset) else list(members)
