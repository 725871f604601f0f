"""What the fields of a profile's registers and cards show of an enterprise."""

from dualprev_rules.report.carriers.filled import NOTHING, Filled, of_texts, of_words
from dualprev_rules.report.carriers.hazards import HazardFields, HazardRow
from dualprev_rules.report.carriers.points import PointFields, installation

__all__ = [
    "NOTHING",
    "Filled",
    "HazardFields",
    "HazardRow",
    "PointFields",
    "installation",
    "of_texts",
    "of_words",
]
