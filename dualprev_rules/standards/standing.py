"""Derived facts of a site that no change can move stand as the reference has them, whatever is not known."""

from __future__ import annotations

from collections.abc import Mapping

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.solver import Translation
from dualprev_rules.evaluate.solver.site import SiteWorld
from dualprev_rules.evaluate.solver.world import Ghost, Term
from dualprev_rules.facts.possible import Absent, Members
from dualprev_rules.lang.scope import Function
from dualprev_rules.pack.model import Definition, Ruleset
from dualprev_rules.standards.costs import NEVER, Costs
from dualprev_rules.standards.reads import read_by


class SiteTranslation(Translation):
    """Says what conditions of a ruleset are at a site, for facts that may change at a cost."""

    world: SiteWorld

    def __init__(
        self, ruleset: Ruleset, world: SiteWorld, functions: Mapping[str, Function], costs: Costs
    ) -> None:
        super().__init__(ruleset, world)
        self._reference = Reference(ruleset, functions)
        self._costs = costs
        self._stands: dict[str, bool] = {}

    def _define(self, definition: Definition, record: Ghost) -> Term:
        if self._unmoved(definition):
            found = self._reference.define(definition, self.world.record_of(record))
            if found.absent is Absent.SURELY:
                return self.nothing(definition.type)
            if isinstance(found.possible, Members) and found.known:
                every = getattr(getattr(definition.type, "of", None), "members", ())
                return Term({member: member in found.possible.sure for member in every})
            plain = self.world.known(found)
            if plain is not None:
                return Term(self.world.encoded(plain))
        return super()._define(definition, record)

    def _unmoved(self, definition: Definition) -> bool:
        """Tell whether none of the facts that a definition rests on can be changed."""
        found = self._stands.get(definition.id)
        if found is None:
            entities = self.ruleset.schema.entities
            read = read_by(self.ruleset, [definition])
            found = self._stands[definition.id] = all(
                self._costs.of(entities[entity], entities[entity].attributes[name]) is NEVER
                for entity, name in read
                if entity in entities and name in entities[entity].attributes
            )
        return found


__all__ = ["SiteTranslation"]
