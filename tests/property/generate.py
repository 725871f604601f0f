"""Random worlds: a schema, tables, definitions and rules as an author writes them, and what each means.

``worlds()`` draws a world with knowledge of its facts. Every expression comes with a plain Python
function of known facts, so that a test can judge an evaluator without another one.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from dualprev_rules.facts.possible import EVERY_NUMBER
from tests.property import plain
from tests.property.knowledge import (
    Attr,
    Draw,
    Knowledge,
    begin_record,
    ids_of,
    point,
    ranges,
    refine,
)
from tests.property.plain import NONE, OPEN
from tests.property.tables import decision, lookup
from tests.property.writer import BIT, KINDS, PART, ROOT, Scope, World, Writer, Written


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
