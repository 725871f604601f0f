"""Whether every level that must act on a risk point does: with its own person, measures and frequency."""

from __future__ import annotations

from collections.abc import Iterator

from dualprev_rules.facts.possible import Items, Members
from dualprev_rules.facts.record import Record
from dualprev_rules.problems import Problem, Words, problem
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.risk.level import ControlLevel, read_level
from dualprev_rules.risk.persons import blank, same_person
from dualprev_rules.risk.profile import Profile

_WANTED = frozenset({"person", "measures", "frequency"})
_MIDDLE = frozenset({ControlLevel.DEPARTMENT, ControlLevel.WORKSHOP})
"""Between company and team one of them acts: an enterprise need not have both."""


def against_levels(
    profile: Profile, record: Record, given: ControlLevel | None, grade: RiskGrade
) -> Iterator[Problem]:
    """Yield what is wrong with the levels that control a point of a grade; nothing while it is open."""
    if grade.level is None:
        return
    labels = record.entity.attributes["control_level"].member_labels
    wanted = profile.control_level(grade)
    shown = profile.show(grade).label
    if given is not None and given > wanted:
        yield problem(
            "risk.level-too-low",
            severity="warning",
            path=f"{record.path}.control_level",
            given=str(labels[given.member].zh),
            nearest=str(labels[wanted.member].zh),
            effect="used",
            grade=shown,
            level=labels[given.member],
            wanted=labels[wanted.member],
        )
    controls = record.value("level_controls").possible
    if not isinstance(controls, Items) or not controls.complete:
        return
    acting = [(level, control) for control in controls.records if (level := _level(control)) is not None]
    path = f"{record.path}.level_controls"
    lacking = [
        level
        for level in profile.acting(grade)
        if not any(_acts_for(level, own) and _whole(control) for own, control in acting)
    ]
    if lacking:
        yield problem(
            "risk.level-lacking",
            severity="warning",
            path=path,
            effect="used",
            grade=shown,
            levels=_joined([labels[level.member] for level in lacking]),
        )
    named = [
        (person, level) for level, control in acting if (person := _person(control)) and not blank(person)
    ]
    for at, (person, level) in enumerate(named):
        if any(same_person(person, other) for other, _ in named[:at]):
            continue
        levels = [level, *(own for other, own in named[at + 1 :] if same_person(person, other))]
        if len(set(levels)) > 1:
            yield problem(
                "risk.level-same-person",
                severity="warning",
                path=path,
                given=person,
                effect="used",
                levels=_joined([labels[level.member] for level in dict.fromkeys(levels)]),
            )


def _level(control: Record) -> ControlLevel | None:
    value = control.value("level")
    return read_level(str(next(iter(value.possible)))) if value.known else None


def _acts_for(wanted: ControlLevel, own: ControlLevel) -> bool:
    return wanted is own or {wanted, own} <= _MIDDLE


def _whole(control: Record) -> bool:
    """Return whether a level may have all three; what nobody said is not lacking yet."""
    if _nobody(control):
        return False
    assigned: Members = control.value("assigned").possible
    may = assigned.possible
    return isinstance(may, frozenset) and may >= _WANTED


def _nobody(control: Record) -> bool:
    """Return whether the person is blank, or lacks where what is settled at the level was said."""
    person = _person(control)
    if person is not None:
        return blank(person)
    missing = all(cause.reason == "missing" for cause in control.value("person").causes)
    return missing and control.fact("assigned").given is not None


def _person(control: Record) -> str | None:
    value = control.value("person")
    return str(next(iter(value.possible))) if value.known else None


def _joined(labels: list[Words]) -> Words:
    return Words("、".join(label.zh for label in labels), ", ".join(label.get("en") for label in labels))
