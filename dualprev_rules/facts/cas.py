"""CAS numbers: their form and check digit."""

from __future__ import annotations

import re

_FORM = re.compile(r"[0-9]{2,7}-[0-9]{2}-[0-9]")


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
