"""Hypothesis strategies: random sites of the facts that an engine asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dualprev_rules.engine import Engine
from dualprev_rules.evaluate.render import number
from dualprev_rules.facts.possible import Finite, Numbers, holds
from dualprev_rules.facts.schema import ROOT, Attribute, Schema
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, SetOf, Text
from dualprev_rules.lang.tree import Const, Decide, walk
from dualprev_rules.pack.model import Ruleset

_MISSING = object()
Draw = Callable[[SearchStrategy[Any]], Any]


def sites(engine: Engine, *, most: int = 2, known: bool = False) -> SearchStrategy[dict[str, Any]]:
    """Return a strategy of facts as ``Engine.assess`` takes them.

    Lists of records have up to ``most`` records. Each fact may be missing, unless ``known``. Figures are
    often those that the rules compare with, and texts those that tables list, so that rules are met.
    """
    pools = _pools(engine.ruleset)

    @st.composite
    def site(draw: Draw) -> dict[str, Any]:
        return {ROOT: _record(draw, engine.ruleset.schema, ROOT, (), pools, most, known)}

    return site()


def _pools(ruleset: Ruleset) -> tuple[list[Fraction], list[str]]:
    """Return the figures that conditions name, and the texts by which tables find their rows."""
    figures: set[Fraction] = {Fraction(0), Fraction(1)}
    nodes = [rule.violated.node for rule in ruleset.rules.values()]
    nodes += [rule.applies.node for rule in ruleset.rules.values() if rule.applies is not None]
    nodes += [definition.body.node for definition in ruleset.definitions.values()]
    for part in (part for node in nodes for part in walk(node)):
        match part:
            case Const(type=Number(), value=Fraction() as figure):
                figures.add(figure)
            case Decide(rows=rows):
                cells = [cell for row in rows for cell in row.cells.values()]
                ends = (end for cell in cells for r in cell.ranges for end in (r.low, r.high))
                figures.update(end for end in ends if end is not None)
            case _:
                pass
    for rule in ruleset.rules.values():
        figures.update(p.value for p in rule.parameters.values() if isinstance(p.value, Fraction))
    texts = {text for table in ruleset.tables.values() for index in table.index.values() for text in index}
    return sorted(figures), sorted(texts)


def _record(
    draw: Draw,
    schema: Schema,
    entity: str,
    above: tuple[str, ...],
    pools: tuple[list[Fraction], list[str]],
    most: int,
    known: bool,
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    either: set[str] = set()
    for attribute in schema.entities[entity].attributes.values():
        if attribute.either is not None:
            if attribute.either in either:
                continue
            either.add(attribute.either)
        if isinstance(attribute.type, ListOf):
            below = attribute.type.of.entity
            # What nests in itself would have no end.
            count = max(0, draw(st.integers(-most, most))) if below not in (entity, *above) else 0
            if not count and not known and draw(st.booleans()):
                continue
            inner = (*above, entity)
            records = [_record(draw, schema, below, inner, pools, most, known) for _ in range(count)]
            for at, record in enumerate(records):
                key = schema.entities[below].key
                if key is not None:
                    record[key] = f"{below}-{at}"
            made[attribute.name] = records
            continue
        value = _value(draw, attribute, pools)
        if value is not _MISSING and (known or draw(st.integers(0, 3)) > 0):
            made[attribute.name] = value
    return made


def _value(draw: Draw, attribute: Attribute, pools: tuple[list[Fraction], list[str]]) -> Any:
    figures, texts = pools
    match attribute.type:
        case Bool():
            return draw(st.booleans())
        case Enum(members=members):
            return draw(st.sampled_from(members))
        case SetOf(of=Enum(members=members)):
            return draw(st.lists(st.sampled_from(members), unique=True, max_size=3))
        case SetOf():
            return draw(st.lists(st.sampled_from(texts or ["x"]), unique=True, max_size=2))
        case Number(whole=whole):
            return number(_figure(draw, attribute.range, figures, whole))
        case Date():
            day = draw(st.dates(date(1990, 1, 1), date(2040, 12, 31)))
            return day.isoformat() if holds(attribute.range, Fraction(day.toordinal())) else _MISSING
        case Text() if attribute.check is None:
            return draw(st.sampled_from([*texts, "x"]))
        case _:
            return _MISSING


def _figure(draw: Draw, within: Numbers, figures: list[Fraction], whole: bool) -> Fraction:
    """Draw a figure of a rule, one beside it, or another, within what is possible."""
    if isinstance(within, Finite):
        return draw(st.sampled_from(within.values))
    step = Fraction(1) if whole else Fraction(1, 100)
    near = [f + by for f in figures for by in (Fraction(0), step, -step)]
    near += [
        end + by for end in (within.low, within.high) if end is not None for by in (-step, Fraction(0), step)
    ]
    fits = [f for f in dict.fromkeys(near) if holds(within, f) and not (whole and f.denominator > 1)]
    if fits:
        return draw(st.sampled_from(fits))
    low = within.low if within.low is not None else Fraction(0)
    return low + step
