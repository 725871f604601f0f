"""The four-colour map (四色图): zones of a plan coloured by their worst risk, as one self-contained page."""

from dualprev_rules.report.map.page import four_colour_map, plan_doubts
from dualprev_rules.report.map.plan import Outline, Plan, read_plan
from dualprev_rules.report.map.pooled import pooled_map
from dualprev_rules.report.map.region import Enterprise, enterprises_of, region_map

__all__ = [
    "Enterprise",
    "Outline",
    "Plan",
    "enterprises_of",
    "four_colour_map",
    "plan_doubts",
    "pooled_map",
    "read_plan",
    "region_map",
]
