"""Worlds by a seed, each with many sets of facts: about the same schema, pack and rules."""

from __future__ import annotations

from collections.abc import Iterator

from dualprev_rules.evaluate.compiled import Program
from dualprev_rules.problems import DualprevError
from tests.differential.chance import Chance
from tests.differential.compare import Compared, compared
from tests.differential.flat import add_flat_rules
from tests.property.generate import settle, worlds
from tests.property.knowledge import Knowledge, begin_record, ids_of, point
from tests.property.writer import PART, ROOT, World

MANY = 10**9
"""So many records are judged without a function made for them."""


def cases_of(seed: int, sets: int) -> Iterator[Compared]:
    """Yield the cases of one world under so many sets of facts, half of them with all facts known.

    Every second world has rules about a record's own facts besides.

    They are judged by functions made for the entities in turn with rules judged one by one and at once, and
    as few records are.
    """
    draw = Chance(seed)
    world: World = draw(worlds())
    if seed % 2:
        add_flat_rules(draw, world)
    programs = (
        Program(world.ruleset, {}),
        Program(world.ruleset, {}, shared=0),
        Program(world.ruleset, {}, MANY),
    )
    for number, knowledge in enumerate((world.knowledge, *_knowledge(draw, world, sets))):
        try:
            facts = world.read(knowledge)
        except DualprevError:
            continue  # nothing was given at all
        yield from compared(programs[number // 2 % 3], facts)


def _knowledge(draw: Chance, world: World, sets: int) -> Iterator[Knowledge]:
    for _ in range(sets // 2):
        start = begin_record(draw, ROOT, world.shapes, [])
        yield point(draw, start, ids_of(start, PART)) if draw.random.random() < 0.5 else start
        yield settle(draw, world, start)
