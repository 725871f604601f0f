"""Mutation testing of packs: change one figure, comparison or member, and see whether a case notices."""

from dualprev_rules.testing.mutation.mutant import Mutant
from dualprev_rules.testing.mutation.run import Mutation, Survivor, mutate, read_explained

__all__ = ["Mutant", "Mutation", "Survivor", "mutate", "read_explained"]
