"""How often a checklist is gone through: an interval of a clock or calendar, or *each time*."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_WRITTEN = re.compile(r"(\d{1,4})\s*(\S+)")
_EACH_TIME = ("每次", "each time")
_UNITS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("h", "小时", "时"), (0, 1)),
    **dict.fromkeys(("d", "天", "日"), (0, 24)),
    **dict.fromkeys(("w", "周", "星期"), (0, 24 * 7)),
    **dict.fromkeys(("mo", "月", "个月"), (1, 0)),
    **dict.fromkeys(("a", "y", "年"), (12, 0)),
}
"""Months and hours of a unit. ``m`` is none: it may be a minute or a month."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Months and hours, one of which is 0."""

    months: int = 0
    hours: int = 0

    def after(self, start: datetime, times: int = 1) -> datetime:
        """Return the moment some intervals after a start; the last day of a month that is shorter.

        >>> Interval(months=1).after(datetime(2026, 1, 31))
        datetime.datetime(2026, 2, 28, 0, 0)
        """
        if not self.months:
            return start + timedelta(hours=self.hours * times)
        months = start.year * 12 + start.month - 1 + self.months * times
        year, month = divmod(months, 12)
        following = datetime(year + (month + 1) // 12, (month + 1) % 12 + 1, 1, tzinfo=start.tzinfo)
        return start.replace(
            year=year, month=month + 1, day=min(start.day, (following - timedelta(days=1)).day)
        )


def read_interval(text: str) -> Interval | None:
    """Return an interval as a pack writes it (``1 d``, ``4 h``, ``12 月``); None for *each time* (每次).

    >>> read_interval("7 d")
    Interval(months=0, hours=168)
    """
    found = _WRITTEN.fullmatch(text.strip())
    unit = _UNITS.get(found[2]) if found is not None else None
    if found is None or unit is None or int(found[1]) == 0:
        return None
    times = int(found[1])
    return Interval(unit[0] * times, unit[1] * times)


def is_frequency(text: str) -> bool:
    """Whether a pack may write this: an interval, or *each time*, as in ``each time`` or ``每次作业前``.

    >>> is_frequency("2 hh")
    False
    """
    return text.strip().startswith(_EACH_TIME) or read_interval(text) is not None
