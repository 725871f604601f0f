"""Random worlds: a schema, tables, definitions and rules as an author writes them, and what each means.

``worlds()`` draws a world with knowledge of its facts. Every expression comes with a plain Python
function of known facts, so that a test can judge an evaluator without another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import yaml
from hypothesis import strategies as st

from dualprev_rules.evaluate.render import number
from dualprev_rules.facts import Facts, read_facts
from dualprev_rules.facts.possible import EVERY_NUMBER
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
    begin_record,
    ids_of,
    point,
    ranges,
    refine,
)
from tests.property.plain import NONE, OPEN, Fn

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
        function = plain.strict(_COMPARE[op])
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


_COMPARE: dict[str, Any] = {
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


# --- worlds ---------------------------------------------------------------------------------------


def schema(draw: Draw) -> dict[str, tuple[Attr, ...]]:
    """Draw a schema: an enterprise with parts, parts with bits."""

    def attributes(prefix: str, least: int, most: int) -> tuple[Attr, ...]:
        kinds = draw(st.lists(st.sampled_from(KINDS), min_size=least, max_size=most))
        made: list[Attr] = []
        for index, kind in enumerate(["number", "bool", *kinds]):
            within = draw(ranges()) if kind in ("number", "whole") else EVERY_NUMBER
            attr = Attr(f"{prefix}{index}", kind, within)
            made.append(
                attr if kind not in ("number", "whole") or attr.pool else Attr(f"{prefix}{index}", kind)
            )
        return tuple(made)

    refers = (Attr("twin", "ref", of=PART),) if draw(st.booleans()) else ()
    return {
        ROOT: (*attributes("a", 1, 4), Attr("parts", "list", of=PART)),
        PART: (*attributes("p", 1, 3), Attr("bits", "list", of=BIT), *refers),
        BIT: attributes("b", 0, 2),
    }


@st.composite
def worlds(draw: Draw, depth: int = 3) -> World:
    """Draw a world and knowledge of it."""
    shapes = schema(draw)
    head: dict[str, Any] = {"facts": {}, "tables": [], "definitions": [], "rules": []}
    for entity, attributes in shapes.items():
        label = {"zh": entity, "en": entity}
        ident = {"id": {"type": "text", "label": label}}
        head["facts"][entity] = {
            "label": label,
            "attributes": {**ident, **{a.name: a.spec for a in attributes}},
        }
        if entity != ROOT:
            head["facts"][entity]["key"] = "id"
    world = World(shapes, head)
    writer = Writer(draw, world)
    for index in range(draw(st.integers(1, 5))):
        entity = writer.pick((BIT, PART, PART, ROOT, ROOT))
        how = writer.pick(("number", "bool", "decide", "lookup", "when"))
        _define(writer, entity, f"d{index}", how, depth)
    for index in range(draw(st.integers(1, 3))):
        _rule(writer, writer.pick((ROOT, ROOT, PART)), f"r{index}", depth)
    ids: list[str] = []
    start = begin_record(draw, ROOT, shapes, ids)
    world.knowledge = point(draw, start, ids_of(start, PART)) if draw(st.booleans()) else start
    return world


def _define(writer: Writer, entity: str, name: str, how: str, depth: int) -> None:
    world, draw, scope = writer.world, writer.draw, Scope(entity)
    spec: dict[str, Any] = {"define": f"{entity}.{name}"}
    kind = "definition number"
    match how:
        case "bool":
            body = writer.truth(scope, depth)
            kind = "definition bool"
        case "decide":
            spec["decide"], body = decision(writer, scope)
        case "lookup" if writer.facts(scope, "text", "enum"):
            body = lookup(writer, scope, f"t{name}")
        case _:
            body = writer.number(scope, depth)
            if draw(st.booleans()):
                spec |= {"type": "number", **Attr("", "number", draw(ranges())).spec}
                del spec["label"]
    fn = body.fn
    if "decide" not in spec:
        spec["is"] = body.text
    if how == "when" or draw(st.integers(0, 3)) == 0:
        when = writer.truth(scope, 1)
        spec["when"] = when.text
        inner = fn

        def fn(env: Any) -> Any:
            applies = when.fn(env)
            return inner(env) if applies is True else NONE if applies is False else OPEN

    world.head["definitions"].append(spec)
    world.definitions[entity, name] = fn
    writer.types[entity, name] = kind


def _rule(writer: Writer, entity: str, name: str, depth: int) -> None:
    world, draw, scope = writer.world, writer.draw, Scope(entity)
    parts = {"violated": writer.truth(scope, depth)}
    for part in ("applies", "unless"):
        if draw(st.booleans()):
            parts[part] = writer.truth(scope, 1)
    same = [rule for rule, (of, _) in world.rules.items() if of == entity]
    if same and draw(st.booleans()):
        other = writer.pick(same)
        named, violated = world.rules[other][1], parts["violated"]
        parts["violated"] = Written(
            f"({violated.text} or rule('{other}'))",
            lambda env: plain.some((violated.fn(env), _is_violated(named(env)))),
        )

    def outcome(env: Any) -> Any:
        applies = parts["applies"].fn(env) if "applies" in parts else True
        violated = parts["violated"].fn(env)
        unless = parts["unless"].fn(env) if "unless" in parts else False
        if applies is False:
            return "not_applicable"
        if applies is not True or violated not in (True, False):
            return OPEN
        if not violated:
            return "compliant"
        return OPEN if unless not in (True, False) else "not_applicable" if unless else "violated"

    world.head["rules"].append(
        {"rule": name, "kind": "check", "for": entity, **{part: body.text for part, body in parts.items()}}
    )
    world.rules[name] = (entity, outcome)


def _is_violated(outcome: Any) -> Any:
    return OPEN if outcome is OPEN else outcome == "violated"


def decision(writer: Writer, scope: Scope) -> tuple[dict[str, Any], Written]:
    """Write a decision table, and what it means."""
    draw = writer.draw
    columns: list[tuple[str, str, Written]] = []
    for index in range(draw(st.integers(1, 3))):
        kind = writer.pick(
            [k for k in ("number", "enum", "bool", "level", "text", "date") if writer.facts(scope, k)]
        )
        source = (
            writer.number(scope, 1)
            if kind == "number" and draw(st.booleans())
            else writer.pick(writer.facts(scope, kind))
        )
        columns.append((f"i{index}", kind, source))
    hit = writer.pick(
        (
            "unique",
            "first",
            "any",
            "priority",
            "collect(sum)",
            "collect(min)",
            "collect(max)",
            "collect(count)",
        )
    )
    rows: list[tuple[dict[str, Any], Written]] = []
    written: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 4))):
        cells = {name: _cell(writer, kind) for name, kind, _ in columns if draw(st.integers(0, 3))}
        then = writer.figure() if draw(st.integers(0, 3)) else writer.number(scope, 0)
        rows.append((cells, then))
        written.append({**{name: text for name, (text, _) in cells.items()}, "then": then.text})
    default = writer.figure() if draw(st.booleans()) else None
    spec: dict[str, Any] = {
        "hit": hit,
        "inputs": [{"name": name, "is": source.text} for name, _, source in columns],
        "rows": written,
        **({"default": default.text} if default else {}),
    }

    def found(env: Any) -> Any:
        values = {name: source.fn(env) for name, _, source in columns}
        matching: list[Any] = []
        for cells, then in rows:
            met = [
                values[name] is not NONE and (OPEN if values[name] is OPEN else test(values[name]))
                for name, (_, test) in cells.items()
            ]
            if any(m is OPEN for m in met) and all(m is not False for m in met):
                return OPEN
            if all(met):
                matching.append(then)
        if hit == "collect(count)":
            return Fraction(len(matching))
        if not matching:
            return default.fn(env) if default else NONE
        outputs = [then.fn(env) for then in matching]
        match hit:
            case "first":
                return outputs[0]
            case "unique" | "any":
                return outputs[0] if len(set(outputs)) == 1 else OPEN
            case "collect(sum)":
                return plain.total(outputs) if len(outputs) > 1 else outputs[0]
            case _:
                function = max if hit == "collect(max)" else min
                return (
                    plain.strict(lambda *them: function(them))(*outputs) if len(outputs) > 1 else outputs[0]
                )

    return spec, Written("", found)


def _cell(writer: Writer, kind: str) -> tuple[str, Any]:
    draw = writer.draw
    match kind:
        case "number" | "date":
            low, high = sorted(
                (
                    writer.pick(FIGURES if kind == "number" else DAYS),
                    writer.pick(FIGURES if kind == "number" else DAYS),
                )
            )
            low_text, high_text = (
                number(v) if kind == "number" else date.fromordinal(int(v)).isoformat() for v in (low, high)
            )
            way = writer.pick((">=", "<", "==", "range", "not", "or"))
            tests: dict[str, tuple[str, Any]] = {
                ">=": (f">= {low_text}", lambda v: v >= low),
                "<": (f"< {high_text}", lambda v: v < high),
                "==": (low_text, lambda v: v == low),
                "not": (f"not({low_text})", lambda v: v != low),
                "or": (f"{low_text}, > {high_text}", lambda v: v == low or v > high),
                "range": (f"[{low_text}..{high_text}]", lambda v: low <= v <= high),
            }
            if way == "range" and low < high and draw(st.booleans()):
                return f"({low_text}..{high_text})", lambda v: low < v < high
            return tests[way]
        case "bool":
            wanted = draw(st.booleans())
            return str(wanted).lower(), lambda v: v is wanted
        case "level":
            value, op = writer.pick(LEVELS), writer.pick(("<=", ">", "=="))
            return f"{op} {value}" if op != "==" else value, lambda v: _COMPARE[op](v, value)
        case _:
            pool = MEMBERS if kind == "enum" else TEXTS
            chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=2, unique=True))
            text = ", ".join(chosen)
            if draw(st.integers(0, 3)) == 0:
                return f"not({text})", lambda v: v not in chosen
            return text, lambda v: v in chosen


def lookup(writer: Writer, scope: Scope, table: str) -> Written:
    """Write a table and a look-up in it, and what that means."""
    draw = writer.draw
    keyed = [(fact, kind) for kind in ("text", "enum") for fact in writer.facts(scope, kind)]
    key, kind = writer.pick(keyed)
    pool = TEXTS if kind == "text" else MEMBERS
    within = Attr("q", "number", draw(ranges()))
    conditioned = scope.entity == PART and "." not in key.text
    rows: list[tuple[str, Written | None, Fraction | None]] = []
    written: list[dict[str, Any]] = []
    for index in range(draw(st.integers(1, 4))):
        text = writer.pick(pool)
        when = writer.truth(Scope(scope.entity), 1) if conditioned and draw(st.booleans()) else None
        figure = writer.pick(within.pool) if within.pool and draw(st.integers(0, 5)) else None
        rows.append((text, when, figure))
        row: dict[str, Any] = {"no": str(index), "k": [text], "q": None if figure is None else number(figure)}
        written.append({**row, "when": when.text} if when else row)
    tie = writer.pick((None, "min", "max"))
    spec: dict[str, Any] = {
        "table": table,
        "key": {"k": "k"},
        "columns": {"q": {"type": "number", **within._limits}},
        "rows": written,
        **({"on_tie": tie} if tie else {}),
        **({"for": scope.entity} if conditioned else {}),
    }
    writer.world.head["tables"].append(spec)

    def found(env: Any) -> Any:
        value = key.fn(env)
        if value is OPEN or value is NONE:
            return OPEN
        met = [(when.fn(env) if when else True, figure) for text, when, figure in rows if text == value]
        if any(holds not in (True, False) for holds, _ in met):
            return OPEN
        sure = [figure for holds, figure in met if holds]
        if len(sure) > 1 and (tie is None or None in sure):
            return sure[0] if len(set(sure)) == 1 and None not in sure else OPEN
        if not sure:
            return NONE
        best = sure[0] if len(sure) == 1 else (min if tie == "min" else max)(f for f in sure if f is not None)
        return NONE if best is None else best

    return Written(f"lookup('{table}', {key.text}).q", found)


def settle(draw: Draw, world: World, knowledge: Knowledge) -> Knowledge:
    """Draw a completion: everything is known."""
    ids = [""] * 200
    done = refine(draw, knowledge, world.shapes, ids, settle=True)
    parts = ids_of(done, PART)
    return point(draw, done, parts)


def learn_more(draw: Draw, world: World, knowledge: Knowledge) -> Knowledge:
    """Draw knowledge that says more."""
    more = refine(draw, knowledge, world.shapes, [""] * 100)
    return point(draw, more, ids_of(knowledge, PART)) if draw(st.booleans()) else more


def things_of(knowledge: Knowledge) -> dict[str, plain.Thing]:
    """Return the records of settled knowledge by id."""
    return {thing.id: thing for thing in plain.walk(plain.things(knowledge))}


__all__ = ["Mapping", "World", "Written", "settle", "things_of", "worlds"]
