"""Which sensor has brought the clock to where it is, and how far the others lag behind it."""

from __future__ import annotations

Key = tuple[str, str, str]
"""Whose a reading is: record, fact, name of the sensor."""
TICKS: Key = ("", "", "")
"""What stands for ticks, which are no sensor's."""


class Lead:
    """The sensor that moved the clock last."""

    def __init__(self) -> None:
        self.key: Key | None = None
        self.since = 0
        """How far readings had come when one of another sensor was taken last."""
        self.lags: dict[Key, int] = {}
        """Of the others whose readings were taken since: how far behind the clock the last one was."""

    def take(self, key: Key, at: int, now: int, read: int) -> None:
        """Take up that a reading is taken, with the clock, and the readings, where they stood before."""
        if key == self.key:
            return
        self.since = read
        if at < now:
            self.lags[key] = now - at
        else:
            self.key = key
            self.lags.clear()

    def outruns(self, key: Key, at: int, now: int, patience: int) -> bool:
        """Tell whether a sensor would take the clock too far from all others, of which there are two."""
        return key == self.key and len(self.lags) > 1 and at - now + min(self.lags.values()) > patience

    def alone(self, now: int, read: int, patience: int) -> Key | None:
        """Return who has moved the clock by more than the patience while none else was taken; maybe ticks."""
        if now - read > patience:
            return TICKS
        return self.key if read - self.since > patience else None

    def set_back(self, to: int) -> None:
        """Take up that the clock has been set back."""
        self.key, self.since = None, to
        self.lags.clear()
