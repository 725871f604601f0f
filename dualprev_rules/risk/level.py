"""The levels of an enterprise that control a risk."""

from __future__ import annotations

from enum import IntEnum


class ControlLevel(IntEnum):
    """A level of control, the highest first (管控层级); the names are the members of the fact.

    >>> ControlLevel.WORKSHOP.acting
    (<ControlLevel.WORKSHOP: 3>, <ControlLevel.TEAM: 4>, <ControlLevel.POST: 5>)
    """

    COMPANY = 1
    DEPARTMENT = 2
    WORKSHOP = 3
    TEAM = 4
    POST = 5

    @property
    def acting(self) -> tuple[ControlLevel, ...]:
        """The levels that must act where this is the highest that must: it and all below."""
        return tuple(level for level in ControlLevel if level >= self)

    @property
    def member(self) -> str:
        """The member of the fact ``control_level`` that names this level."""
        return self.name.lower()


def read_level(member: str) -> ControlLevel | None:
    """Return the level that a member of the fact names, or None where it names none."""
    return ControlLevel.__members__.get(member.upper())
