"""The grade of a place while warnings are open in it."""

from __future__ import annotations

from dualprev_rules.control.monitor_state import MonitorState
from dualprev_rules.risk.grades import RiskGrade, worst
from dualprev_rules.risk.place import Place
from dualprev_rules.risk.profile import Basis


def raised_grade(place: Place, state: MonitorState, basis: Basis = "residual") -> RiskGrade | None:
    """Return the grade of a place, as the warnings that are open in it raise it by the profile.

    ``place`` is that of a result or one in it. A warning at a record that the site does not name lies in
    no place. Where the profile lets no warning raise a grade it is the grade of the place itself.
    """
    own = place.grade(basis)
    inside = f"{place.path}."
    raised = [
        RiskGrade((each.raises,))
        for each in state.open
        if each.raises is not None and (each.path == place.path or each.path.startswith(inside))
    ]
    return worst([*([own] if own is not None else []), *raised])
