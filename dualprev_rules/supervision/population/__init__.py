"""Synthetic enterprises for trying drafts and for measuring: seeded, every figure of them an assumption."""

from dualprev_rules.supervision.population.settings import Settings, settings
from dualprev_rules.supervision.population.writing import population

__all__ = ["Settings", "population", "settings"]
