"""The nearest right name to a wrong one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

_NO_MORE: Mapping[str, Iterable[str]] = {}


def nearest(given: str, names: Iterable[str], also: Mapping[str, Iterable[str]] = _NO_MORE) -> str | None:
    """Return the name most like ``given``, or None where none is like it.

    Case, full width and the separators ``_``, ``-`` and space count for nothing. ``also`` says what
    else a name is called, such as its label: who writes the label is led to the name.

    >>> nearest("has_interlok", ["has_interlock", "kind"])
    'has_interlock'
    >>> nearest("储灌", ["储罐", "仓库"])
    '储罐'
    >>> nearest("储罐", ["depot", "tank"], {"tank": ["储罐", "Tank"]})
    'tank'
    """
    wanted = _plain(given)
    best: tuple[float, str] | None = None
    for name in names:
        score = max(_likeness(wanted, _plain(spelling)) for spelling in (name, *also.get(name, ())))
        if best is None or score > best[0]:
            best = (score, name)
    # Chinese names are short: one wrong character of two must still be found.
    least = 0.5 if len(wanted) <= 3 and not wanted.isascii() else 0.6
    return best[1] if best is not None and best[0] >= least else None


def _likeness(wanted: str, name: str) -> float:
    if name == wanted:
        return 1.0
    score = SequenceMatcher(None, wanted, name).ratio()
    begins = min(len(name), len(wanted)) > 1 and (name.startswith(wanted) or wanted.startswith(name))
    return max(score, 0.7) if begins else score


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c not in "_- \t")
