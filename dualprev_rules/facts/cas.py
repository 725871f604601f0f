"""CAS numbers: their form and check digit."""

from __future__ import annotations

import re

_FORM = re.compile(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]")
_ZEROS = re.compile(r"0+(?=[1-9][0-9]{1,6}-)")


def valid_cas(text: str) -> bool:
    """Tell whether ``text`` is a CAS number whose check digit is right.

    The check digit is the sum of the digits before it, each times its position from the right, modulo 10.

    >>> valid_cas("7782-50-5"), valid_cas("7782-50-6")
    (True, False)
    """
    if not _FORM.fullmatch(text):
        return False
    *digits, check = (int(c) for c in text if c != "-")
    return sum(n * digit for n, digit in enumerate(reversed(digits), 1)) % 10 == check


def without_zeros(text: str) -> str | None:
    """Return the number that is meant where noughts stand before it, as some databases write them."""
    meant = _ZEROS.sub("", text, count=1) if text.startswith("0") else text
    return meant if meant != text and valid_cas(meant) else None
