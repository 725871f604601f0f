"""Keys of rows (32 or 36 characters), and the names by which facts and other systems call the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from uuid import UUID, uuid5

_SPACE = UUID("6f0d6a3e-6c0e-5a63-9a5e-2f0e4c8b7d11")
"""The name space of keys: the same company and path give the same key on any machine."""
_KEY = re.compile(r"[0-9a-zA-Z]{32}|[0-9a-zA-Z-]{36}")


class Keys:
    """The keys of one enterprise's rows: made once, found again by the names that were told."""

    def __init__(self, company: str) -> None:
        self._company = company
        self._told: dict[tuple[str, str], dict[str, str | None]] = {}

    def made(self, own: str | None, what: str) -> str:
        """Return an own key as it is; else one made from the company and what the row is of."""
        if own is not None and _KEY.fullmatch(own):
            return own
        return str(uuid5(_SPACE, f"{self._company}\n{what}"))

    def tell(self, table: str, key: str, names: Iterable[str | None], unit: str | None = None) -> None:
        """Say by which names the row of a key is called, and in which unit it lies."""
        for name in names:
            if name is not None:
                self._told.setdefault((table, name), {})[key] = unit

    def find(self, table: str, name: str | None, unit: str | None = None) -> str | None:
        """Return the key of what is called so, in the unit where several are; None unless there is one."""
        told = self._told.get((table, name or ""), {})
        keys = [key for key, of in told.items() if unit is not None and of == unit] or [*told]
        return keys[0] if len(keys) == 1 else None
