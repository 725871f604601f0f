"""Sets of positions on an axis as sorted runs, each from its first position to before its last."""

from __future__ import annotations

from collections.abc import Iterable

Run = tuple[int, int]
Runs = tuple[Run, ...]


def joined(runs: Iterable[Run]) -> Runs:
    """Return the positions that any of the runs has, in the one normal form.

    >>> joined([(3, 5), (0, 2), (2, 3), (7, 7)])
    ((0, 5),)
    """
    found: list[Run] = []
    for low, high in sorted(run for run in runs if run[0] < run[1]):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def common(a: Runs, b: Runs) -> Runs:
    """Return the positions that both have."""
    return joined((max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b)


def without(whole: Run, taken: Runs) -> Runs:
    """Return what is left of a run when positions are taken out.

    >>> without((0, 9), ((2, 3), (5, 9)))
    ((0, 2), (3, 5))
    """
    left: list[Run] = []
    at = whole[0]
    for low, high in taken:
        left.append((at, min(low, whole[1])))
        at = max(at, high)
    return joined([*left, (at, whole[1])])


def touches(runs: Runs, low: int, high: int) -> bool:
    """Tell whether some position lies in the run from ``low`` to before ``high``."""
    return any(start < high and low < end for start, end in runs)


def covers(runs: Runs, low: int, high: int) -> bool:
    """Tell whether every position from ``low`` to before ``high`` is among them."""
    return any(start <= low and high <= end for start, end in runs)
