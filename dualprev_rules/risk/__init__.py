"""The domain: risk points and what belongs to them, grading, the grades of places, profiles.

Profiles are loaded by ``risk.resolve``, which is not imported here: it reads files, and what only
reads results has no need of that.
"""

from dualprev_rules.risk.grades import RiskGrade, worst
from dualprev_rules.risk.grading import Grading, grade_factors
from dualprev_rules.risk.hidden_hazard import HiddenHazard, hidden_hazards
from dualprev_rules.risk.level import ControlLevel
from dualprev_rules.risk.place import Place, read_place
from dualprev_rules.risk.point import ControlMeasure, HazardSource, RiskEvent, RiskPoint
from dualprev_rules.risk.profile import Profile, Shown, Swatch
from dualprev_rules.risk.reading import read_point
from dualprev_rules.risk.request import grade

__all__ = [
    "ControlLevel",
    "ControlMeasure",
    "Grading",
    "HazardSource",
    "HiddenHazard",
    "Place",
    "Profile",
    "RiskEvent",
    "RiskGrade",
    "RiskPoint",
    "Shown",
    "Swatch",
    "grade",
    "grade_factors",
    "hidden_hazards",
    "read_place",
    "read_point",
    "worst",
]
