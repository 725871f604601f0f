"""Readings whose time nobody has confirmed: they wait until another one agrees."""

from __future__ import annotations

from typing import Literal, NamedTuple

from dualprev_rules.control.monitor_lead import TICKS, Key, Lead
from dualprev_rules.control.monitor_sensor import Sensor
from dualprev_rules.control.readings import Reading

MOST_OF_ONE = 100
"""Readings of one sensor that wait; the oldest go first."""
MOST_WAITING = 10_000


class Aside(NamedTuple):
    """A reading that waits."""

    key: Key
    reading: Reading


class Doubts:
    """Whom the clock rests on, and what waits ahead of it or behind it.

    ``patience`` is the shortest time of silence of a sensor that is known: whoever moved the clock further
    would silence others. ``leap`` is how far apart two readings of a sensor that is alone may be.
    """

    def __init__(self, leap: int) -> None:
        self.patience = self.leap = leap
        self.lead = Lead()
        self.alone: Key | None = None
        """The one sensor that has moved the clock to where it is; None: others have agreed."""
        self.first = False
        """Whether the clock rests on a single reading."""
        self.ahead: list[Aside] = []
        self.behind: list[Aside] = []
        self.runs: dict[Key, int] = {}
        """Since when a sensor has been ahead while no reading of any sensor was taken."""

    def meet(self, sensor: Sensor) -> None:
        """Take up a sensor that is new."""
        self.patience = min(self.patience, sensor.patience)

    # --- ahead of the clock ---------------------------------------------------------------------

    def confirmed(self, key: Key, given: Reading, *, is_alone: bool) -> Literal["others", "own"] | None:
        """Tell who confirms a time far ahead; a reading that nobody confirms waits.

        It is where another sensor that waits has come to that time, where a sensor that is alone says so
        a second time, or where one has gone on for so long that all others would be silent.
        """
        own = [each.reading.at for each in self.ahead if each.key == key]
        if own and given.at <= own[-1]:
            if given.at == own[-1]:
                return None
            # A clock that has gone back: what it said before is worth nothing.
            self.forget(key)
            own = []
        if any(each.key != key and self._near(each, given) for each in self.ahead):
            return "others"
        in_step = bool(own) and given.at - own[-1] <= self.leap
        if not in_step or key not in self.runs:
            self.runs[key] = given.at
        if in_step and (is_alone or given.at - self.runs[key] >= self.patience):
            return "own"
        self._wait(self.ahead, key, given)
        return None

    def until(self, time: int) -> list[Aside]:
        """Take out what waits ahead and is not later than a time, in order."""
        found = sorted((each for each in self.ahead if each.reading.at <= time), key=_time)
        self.ahead = [each for each in self.ahead if each.reading.at > time]
        return found

    def forget(self, key: Key) -> None:
        """Drop what waits ahead of one sensor."""
        self.ahead = [each for each in self.ahead if each.key != key]
        self.runs.pop(key, None)

    def taken(self, key: Key) -> None:
        """Take up that a reading has been taken: time goes on at the clock, and others have a part in it."""
        self.runs.clear()
        self.first = False
        if self.alone != key:
            self.alone = None
            self.behind.clear()

    # --- behind the clock -----------------------------------------------------------------------

    def rest_on(self, key: Key | None) -> None:
        """Take up who alone has brought the clock to where it is; ticks count as a single reading."""
        if key is not None and key == TICKS != self.alone:
            self.alone, self.first = key, True
        elif self.alone is None:
            self.alone = key

    def refuted(self, key: Key, given: Reading) -> list[Aside]:
        """Return the readings that show, with this one, that the clock is wrong; else this one waits.

        A clock that rests on one sensor yields to two others, and one that rests on a single reading to two
        later ones of whomever.
        """
        if self.alone is None or (key == self.alone and not self.first):
            return []
        agree = [
            each
            for each in self.behind
            if self._near(each, given) and (each.key != key or (self.first and each.reading.at < given.at))
        ]
        if not agree:
            self._wait(self.behind, key, given)
            return []
        self.behind = []
        self.alone, self.first = key, False
        return sorted(agree, key=_time)

    # --- both -----------------------------------------------------------------------------------

    def _near(self, each: Aside, given: Reading) -> bool:
        return abs(each.reading.at - given.at) <= self.patience

    def _wait(self, where: list[Aside], key: Key, given: Reading) -> None:
        own = [index for index, each in enumerate(where) if each.key == key]
        if len(own) >= MOST_OF_ONE:
            del where[own[0]]
        elif len(where) >= MOST_WAITING:
            self.runs.pop(where.pop(0).key, None)
        where.append(Aside(key, given))


def _time(each: Aside) -> int:
    return each.reading.at
