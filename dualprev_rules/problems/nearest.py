"""The nearest right name to a wrong one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher


def nearest(given: str, names: Iterable[str]) -> str | None:
    """Return the name most like ``given``, or None where none is like it.

    Case, full width and the separators ``_``, ``-`` and space count for nothing.

    >>> nearest("has_interlok", ["has_interlock", "kind"])
    'has_interlock'
    >>> nearest("储灌", ["储罐", "仓库"])
    '储罐'
    """
    wanted = _plain(given)
    best: tuple[float, str] | None = None
    for name in names:
        plain = _plain(name)
        score = 1.0 if plain == wanted else SequenceMatcher(None, wanted, plain).ratio()
        if plain and wanted and (plain.startswith(wanted) or wanted.startswith(plain)):
            score = max(score, 0.7)
        if best is None or score > best[0]:
            best = (score, name)
    # Chinese names are short: one wrong character of two must still be found.
    least = 0.5 if len(wanted) <= 3 and not wanted.isascii() else 0.6
    return best[1] if best is not None and best[0] >= least else None


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c not in "_- \t")
