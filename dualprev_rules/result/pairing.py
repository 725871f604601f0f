"""Which record of one site is which of another: by key, by name, by what it holds, at last by position."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
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
    found = [Pair(*each, "key") for each in _alone(before, after, _key)]
    taken = {id(record) for pair in found for record in (pair.before, pair.after)}
    # What has a key of its own, and finds nobody of that key, is nobody else.
    left, right = (_without(_unkeyed(of), taken) for of in (before, after))

    def take(by: By, pairs: Iterable[tuple[Record, Record]]) -> None:
        nonlocal left, right
        found.extend(Pair(*each, by) for each in pairs)
        matched = {id(record) for pair in found for record in (pair.before, pair.after)}
        left, right = _without(left, matched), _without(right, matched)

    places = {id(new): old for old, new in zip(before, after, strict=False)}
    waiting = {id(each) for each in left}
    # Where several are equal, those that have kept their place have not moved.
    kept = [(places[id(new)], new) for new in right if id(places.get(id(new))) in waiting]
    take("content", [(old, new) for old, new in kept if _content(old, held) == _content(new, held)])
    take("content", _equal(left, right, held))
    take("name", _alone(left, right, lambda record: text(record, "name")))
    lone = len(before) == len(after) == 1 and before[0].parent is None
    take("key" if lone else "position", zip(left, right, strict=False))
    return iter(found)


def _without(records: Sequence[Record], taken: set[int]) -> list[Record]:
    return [each for each in records if id(each) not in taken]


def _alone(
    before: Sequence[Record], after: Sequence[Record], called: Callable[[Record], str | None]
) -> Iterator[tuple[Record, Record]]:
    """Yield who alone is called so before and after."""
    old, new = Counter(map(called, before)), Counter(map(called, after))
    others = {called(each): each for each in after}
    for each in before:
        name = called(each)
        if name is not None and old[name] == new[name] == 1:
            yield each, others[name]


def _equal(
    before: Sequence[Record], after: Sequence[Record], held: dict[int, Hashable]
) -> Iterator[tuple[Record, Record]]:
    """Yield those of which all that was given is equal, each once, in their order."""
    waiting: dict[Hashable, deque[Record]] = {}
    for each in after:
        waiting.setdefault(_content(each, held), deque()).append(each)
    for each in before:
        others = waiting.get(_content(each, held))
        if others:
            yield each, others.popleft()


def _key(record: Record) -> str | None:
    key = record.entity.key
    return text(record, key) if key is not None else None


def _unkeyed(records: Sequence[Record]) -> list[Record]:
    """Return those without a key that is theirs alone."""
    counts = Counter(map(_key, records))
    return [each for each in records if (key := _key(each)) is None or counts[key] > 1]


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
