"""The four-colour map (四色图): zones of a plan coloured by their worst risk, as one self-contained page."""

from dualprev_rules.report.map.page import four_colour_map
from dualprev_rules.report.map.plan import Outline, Plan, read_plan

__all__ = ["Outline", "Plan", "four_colour_map", "read_plan"]
