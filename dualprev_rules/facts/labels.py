"""How records are named in paths: by key, else by position; always apart from one another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from dualprev_rules.facts.record import Record

_LONGEST = 100


def labels(named: Sequence[tuple[str | None, int]]) -> Iterator[tuple[str, bool]]:
    """Yield for each (key, position) of one list its label, and whether its key stood there before.

    A second record with one key is ``U1#2``; a position that is another's key is ``#3``.
    """
    keys = {_escaped(key) for key, _ in named if key is not None}
    seen: set[str] = set()
    used: set[str] = set()
    last: dict[str, int] = {}
    for key, position in named:
        base = str(position) if key is None else _escaped(key)
        if key is None and base in keys:
            base = f"#{base}"
        label = base
        while label in used:
            last[base] = last.get(base, 1) + 1
            label = f"{base}#{last[base]}"
        used.add(label)
        yield label, key is not None and key in seen
        if key is not None:
            seen.add(key)


def shorten(keyed: Mapping[str, Mapping[str, Sequence[Record]]]) -> None:
    """Give ``unit[U1]`` as the short path to every record whose key is its entity's only one."""
    for entity, by_key in keyed.items():
        for key, records in by_key.items():
            # The only enterprise is ``enterprise``, long and short.
            if len(records) == 1 and len(key) <= _LONGEST and records[0].path != entity:
                records[0].short = f"{entity}[{_escaped(key)}]"


def _escaped(key: str) -> str:
    cut = key if len(key) <= _LONGEST else key[: _LONGEST - 1] + "…"
    plain = cut.isprintable() and not any(c in cut for c in '[]"')
    return cut if plain else json.dumps(cut, ensure_ascii=not cut.isprintable())
