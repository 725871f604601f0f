"""A world that is written out as a pack and loaded means what the same world means unwritten."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from dualprev_rules.evaluate import Outcome
from dualprev_rules.facts import read_facts
from tests.cases import cases
from tests.property.generate import worlds
from tests.property.test_laws import observe
from tests.property.writer import AS_OF, ROOT, World
from tests.spec import pack

REFUSED = {"pack.overlapping-rows", "pack.tied-rows"}
"""What the loader refuses beyond the checker: rows of a unique table that match at once."""


@settings(max_examples=cases(600))
@given(worlds())
def test_a_loaded_world_means_the_same(world: World) -> None:
    loaded, problems = pack.check(world.head, AS_OF)
    if loaded is None:
        assert {problem.code for problem in problems if problem.severity == "error"} <= REFUSED
        return
    facts = read_facts({ROOT: world.knowledge.document()}, loaded.schema, as_of=AS_OF)
    first, then = observe(world.ruleset, world.read()), observe(loaded, facts)
    assert {key: _plain(value) for key, value in first.items()} == {key: _plain(v) for key, v in then.items()}


def _plain(of: Any) -> Any:
    if isinstance(of, Outcome):
        return of.code, of.possible, of.presumed, of.causes
    return of.possible, of.absent, of.causes, of.within
