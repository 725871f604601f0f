"""Worlds in which everything is known, and rules that add up, count and look for records of lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from dualprev_rules.evaluate.compiled import Program
from dualprev_rules.facts import read_facts
from dualprev_rules.facts.possible import interval
from dualprev_rules.problems import DualprevError
from tests.differential.chance import Chance
from tests.differential.compare import Compared
from tests.differential.flat import TESTED, written_test
from tests.differential.known import as_sent, without_rows
from tests.property.generate import schema, settle
from tests.property.knowledge import Attr, begin_record
from tests.property.writer import AS_OF, BIT, PART, ROOT, World

Shapes = Mapping[str, Sequence[Attr]]
RULES = 4
_LISTS = {ROOT: ("parts", PART), PART: ("bits", BIT)}
_SCALE = ("", " * 2", " / 3", " * 0.1", " + 1")
_FIGURES = ("0", "0.1", "0.3", "0.6", "1", "2", "3", "5", "10", "(1/3)")
_ORDER = ("<", "<=", ">", ">=", "==")


def known_cases_of(seed: int, sets: int) -> Iterator[Compared]:
    """Yield the cases of a world under so many sets of facts, of what is judged without rows."""
    draw = Chance(seed)
    world = _world(draw)
    program = Program(world.ruleset, {})
    for _ in range(sets):
        knowledge = settle(draw, world, begin_record(draw, ROOT, world.shapes, []))
        document = {ROOT: as_sent(knowledge)}
        try:
            facts = read_facts(document, world.ruleset.schema, as_of=AS_OF)
        except DualprevError:
            continue
        yield from without_rows(program, document, facts)


def _world(draw: Chance) -> World:
    # A figure that is never below 0 in every entity: sums of it are made of floats.
    more = Attr("n", draw.random.choice(("whole", "number")), interval(Fraction(0), None))
    shapes = {entity: (*attributes, more) for entity, attributes in schema(draw).items()}
    if draw.random.random() < 0.2:
        shapes[BIT] = (*shapes[BIT], Attr("inner", "list", of=BIT))
    facts: dict[str, Any] = {}
    for entity, attributes in shapes.items():
        label = {"zh": entity, "en": entity}
        specs = {"id": {"type": "text", "label": label}, **{a.name: a.spec for a in attributes}}
        facts[entity] = {"label": label, "attributes": specs, **({"key": "id"} if entity != ROOT else {})}
    writer = _Writer(draw, shapes)
    definitions = [writer.definition(*of) for of in _DEFINITIONS if draw.random.random() < 0.7]
    rules = [
        writer.rule(entity, index)
        for entity, least in ((ROOT, 1), (PART, 0), (BIT, 0))
        for index in range(draw.random.randint(least, RULES))
    ]
    return World(shapes, {"facts": facts, "tables": [], "definitions": definitions, "rules": rules})


_DEFINITIONS = (
    *((entity, name) for entity in (BIT, PART, ROOT) for name in ("load", "flag")),
    *((entity, "many") for entity in (PART, ROOT)),
)


class _Writer:
    """Writes conditions about records and their lists."""

    def __init__(self, draw: Chance, shapes: Shapes) -> None:
        self._draw = draw
        self._random = draw.random
        self._shapes = shapes
        self._defined: set[tuple[str, str]] = set()

    def definition(self, entity: str, name: str) -> dict[str, Any]:
        """Return a definition: a figure that is never below 0, or whether one is large."""
        match name:
            case "many":
                body = self._count(entity)
            case "flag":
                body = f"{self._figure(entity)} > {self._random.choice(_FIGURES)}"
            case _:
                body = self._random.choice((f"n{self._random.choice(_SCALE)}", "abs(n * 2)"))
        self._defined.add((entity, name))
        return {"define": f"{entity}.{name}", "is": body}

    def rule(self, entity: str, index: int) -> dict[str, Any]:
        """Return a rule."""
        rule: dict[str, Any] = {"rule": f"{entity}{index}", "kind": "check", "for": entity}
        for part, chance in (("applies", 0.4), ("violated", 1.0), ("unless", 0.3)):
            if self._random.random() < chance:
                rule[part] = self._truth(entity)
        return rule

    def _truth(self, entity: str) -> str:
        kinds = ("fact", "both", "either", "figure", "many", "any", "all", "count", "sum", "sum", "sum")
        match self._random.choice(kinds):
            case "both" | "either" as kind:
                a, b = self._truth(entity), self._truth(entity)
                return f"({a}) {'and' if kind == 'both' else 'or'} ({b})"
            case "figure":
                figure = self._figure(entity)
                return f"{self._figure(entity)} {self._random.choice(_ORDER[:-1])} {figure}"
            case "many" if (entity, "many") in self._defined:
                return f"many {self._random.choice(_ORDER)} {self._random.randint(0, 3)}"
            case "any" | "all" as kind if entity != BIT:
                over, of = _LISTS[entity]
                return f"{kind}({self._test(of, 'x.')} for x in {over}{self._where(of)})"
            case "count" if entity != BIT:
                return f"{self._count(entity)} {self._random.choice(_ORDER)} {self._random.randint(0, 3)}"
            case "sum" if entity != BIT:
                return f"{self._sum(entity)} {self._random.choice(_ORDER)} {self._random.choice(_FIGURES)}"
            case _:
                return self._test(entity)

    def _figure(self, entity: str, of: str = "") -> str:
        """Return a figure that is never below 0, of several facts."""
        simple = [f"{of}n", f"{of}n{self._random.choice(_SCALE)}"]
        if (entity, "load") in self._defined:
            simple += [f"{of}load", f"{of}load * 3", f"abs({of}load * 2)"]
        a, b = self._random.choice(simple), self._random.choice(simple)
        if (entity, "flag") in self._defined and self._random.random() < 0.5:
            return f"({a} + 0.1 if {of}flag else {b})"
        return self._random.choice((a, f"({a} + {b})", f"max({a}, {b})"))

    def _sum(self, entity: str) -> str:
        over, of = _LISTS[entity]
        term = self._figure(of, "x.")
        return f"sum({term} for x in {over}{self._where(of)})"

    def _count(self, entity: str) -> str:
        over, of = _LISTS[entity]
        return (
            f"count({over})"
            if self._random.random() < 0.5
            else f"count(x for x in {over} if {self._test(of, 'x.')})"
        )

    def _where(self, of: str) -> str:
        return f" if {self._test(of, 'x.')}" if self._random.random() < 0.3 else ""

    def _test(self, entity: str, of: str = "") -> str:
        facts = [attr for attr in self._shapes[entity] if attr.kind in TESTED]
        return written_test(self._draw, self._random.choice(facts), of)
