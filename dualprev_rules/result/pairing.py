"""Which record of one site is which of another: by key, by name, by what it holds, at last by position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dualprev_rules.evaluate.render import render
from dualprev_rules.facts.possible import Items
from dualprev_rules.facts.record import Facts, Record
from dualprev_rules.facts.types import ListOf
from dualprev_rules.risk.reading import text

By = Literal["key", "content", "name", "position"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A record before a change and after it, and by what they are taken for one."""

    before: Record
    after: Record
    by: By


class Pairing:
    """The records of two sites, paired from the top down."""

    def __init__(self, before: Facts, after: Facts) -> None:
        self.pairs: tuple[Pair, ...] = tuple(_paired(before.roots, after.roots, {}))
        self._known = {pair.after.path: pair.before.path for pair in self.pairs}
        self._taken = {record.path for record in before.records()}

    @property
    def by_position(self) -> tuple[Pair, ...]:
        """The pairs that rest on position alone: nothing else says that the two are one record."""
        return tuple(pair for pair in self.pairs if pair.by == "position")

    def same(self, path: str) -> str:
        """Return the path before the change of a record after it; of one that is new, a path of its own."""
        known = self._known.get(path)
        if known is not None:
            return known
        if path.endswith("[?]"):
            # What a list may hold besides is what it held besides.
            holder, _, name = path.rpartition(".")
            return f"{self.same(holder)}.{name}"
        return f"{path} (new)" if path in self._taken else path


def _paired(before: Sequence[Record], after: Sequence[Record], held: dict[int, Hashable]) -> Iterator[Pair]:
    for pair in _of_list(before, after, held):
        yield pair
        old, new = _lists(pair.before), _lists(pair.after)
        for name in old.keys() & new.keys():
            yield from _paired(old[name], new[name], held)


def _lists(record: Record) -> dict[str, tuple[Record, ...]]:
    """Return the records of each list of a record that were given."""
    found: dict[str, tuple[Record, ...]] = {}
    for name, fact in record.facts.items():
        if isinstance(record.entity.attributes[name].type, ListOf) and isinstance(fact.value.possible, Items):
            found[name] = fact.value.possible.records
    return found


def _of_list(before: Sequence[Record], after: Sequence[Record], held: dict[int, Hashable]) -> Iterator[Pair]:
    """Yield the pairs of one list: what has a key by that alone, then what is equal, then by name."""
    left, right = list(before), list(after)

    def matched(by: By, key: Callable[[Record], Hashable]) -> Iterator[Pair]:
        waiting: dict[Hashable, list[Record]] = {}
        counts = Counter(key(each) for each in left)
        for each in right:
            waiting.setdefault(key(each), []).append(each)
        for each in list(left):
            found = key(each)
            others = waiting.get(found, [])
            # Of several of one name none is told from the others by it; of several equal ones any is as good.
            alone = counts[found] == 1 and len(others) == 1
            if found is None or not others or not (alone or by == "content"):
                continue
            other = others.pop(0)
            left.remove(each)
            right.remove(other)
            yield Pair(each, other, by)

    yield from matched("key", _key)
    left = [each for each in left if _key(each) is None or _twice(each, before)]
    right = [each for each in right if _key(each) is None or _twice(each, after)]
    yield from matched("content", lambda record: _content(record, held))
    yield from matched("name", lambda record: text(record, "name"))
    alone = len(before) == len(after) == 1 and before[0].parent is None
    for old, new in zip(left, right, strict=False):
        yield Pair(old, new, "key" if alone else "position")


def _key(record: Record) -> str | None:
    key = record.entity.key
    return text(record, key) if key is not None else None


def _twice(record: Record, among: Sequence[Record]) -> bool:
    return sum(_key(other) == _key(record) for other in among) > 1


def _content(record: Record, held: dict[int, Hashable]) -> Hashable:
    """Return all that was given of a record and of those in its lists; equal where that is equal."""
    found = held.get(id(record))
    if found is None:
        attributes = record.entity.attributes
        given = sorted(
            (name, repr(render(fact.value, attributes[name].type)))
            for name, fact in record.facts.items()
            if fact.given is not None
        )
        lists = sorted(
            (name, tuple(_content(each, held) for each in records))
            for name, records in _lists(record).items()
        )
        found = held[id(record)] = (tuple(given), tuple((name, each) for name, each in lists))
    return found
