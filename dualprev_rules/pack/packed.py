"""Immutable values as plain data and back: tables of numbers that JSON can hold, and no code.

Everything is an entry of one table, and refers to others by their position in it: first scalars, exact
figures and days, then objects (by class, at first without their fields), then tuples, sets and mappings,
each after what it holds. Last come the fields, a column each, so that reading runs in few long loops.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from operator import attrgetter
from types import ModuleType
from typing import Any

Classes = Mapping[str, type[Any]]
"""The dataclasses (with slots) and enums that may be read, by name; making one runs nothing of it."""
_OTHER_SCALARS: tuple[type[Any], ...] = (int, bool, type(None))
_CONTAINERS: tuple[type[Any], ...] = (tuple, frozenset, dict)
_PLACES = 32
_PLACE = 2**_PLACES - 1
_BEYOND_SCALARS = 1 << _PLACES


def classes_of(modules: Iterable[ModuleType]) -> Classes:
    """Return the dataclasses and enums that modules know, by name."""
    known = (each for module in modules for each in vars(module).values() if isinstance(each, type))
    return {_name(cls): cls for cls in known if is_dataclass(cls) or issubclass(cls, Enum)}


def _name(cls: type[Any]) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


@cache
def _fields(cls: type[Any]) -> tuple[str, ...]:
    """Return the fields of a dataclass; raises TypeError for another class."""
    return tuple(field.name for field in fields(cls))


def pack(value: object, classes: Classes) -> dict[str, Any]:
    """Return a value as plain data; raises TypeError for what is no plain immutable value of ``classes``."""
    packer = _Packer(classes)
    return packer.document(packer.add(value))


def unpack(document: Mapping[str, Any], classes: Classes) -> Any:
    """Return the value again; of other data raises ValueError, LookupError, TypeError or AttributeError."""
    table: list[Any] = list(document["scalars"])
    table += (Fraction(*pair) for pair in document["figures"])
    table += map(date.fromisoformat, document["days"])
    table += (_member(classes[name], member) for name, member in document["members"])
    new = object.__new__
    begun: list[tuple[type[Any], list[Any]]] = []
    for name, of, count in document["objects"]:
        cls = classes[name]
        if tuple(of) != _fields(cls):
            raise ValueError(name)
        made = [new(cls) for _ in range(count)]
        begun.append((cls, made))
        table += made
    get = table.__getitem__
    for kind, rows in document["containers"]:
        if kind == "tuple":
            for row in rows:
                table.append(tuple(map(get, row)))
        elif kind == "frozenset":
            for row in rows:
                table.append(frozenset([get(each) for each in row]))
        elif kind == "dict":
            for row in rows:
                keys, values = row
                table.append(dict(zip(map(get, keys), map(get, values), strict=True)))
        else:
            raise ValueError(kind)
    for (cls, made), columns in zip(begun, document["fields"], strict=True):
        for field, column in zip(_fields(cls), columns, strict=True):
            if len(column) != len(made):
                raise ValueError(field)
            # The slot itself: a frozen object refuses to be given a field otherwise.
            put: Callable[[Any, Any], None] = getattr(cls, field).__set__
            deque(map(put, made, map(get, column)), maxlen=0)
    return table[document["root"]]


def _member(cls: type[Any], name: str) -> Enum:
    if not issubclass(cls, Enum):
        raise TypeError(name)
    return cls[name]


class _Section:
    """The entries of one kind, each once; a reference is the number of the section and the place in it."""

    def __init__(self, number: int) -> None:
        self.entries: list[Any] = []
        self._first = number << _PLACES
        self._known: dict[object, int] = {}

    def add(self, key: object, entry: object) -> int:
        """Return the reference of an entry, taken in where it is new."""
        ref = self._known.get(key)
        if ref is None:
            ref = self._known[key] = self._first + len(self.entries)
            self.entries.append(entry)
        return ref


class _Packer:
    """Gathers what a value is made of."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self._scalars, self._figures, self._days, self._members = (_Section(number) for number in range(4))
        self._containers = _Section(4)
        self._objects: dict[type[Any], _Section] = {}
        self._seen: dict[int, tuple[object, int]] = {}
        """By identity, with the object, so that its identity stays its own."""

    def add(self, value: Any) -> int:
        """Take a value and all that it holds, and return its reference."""
        cls: Any = value.__class__
        if cls is str:
            return self._scalars.add(value, value)
        if cls in _OTHER_SCALARS:
            return self._scalars.add((cls, value), value)
        seen = self._seen.get(id(value))
        if seen is not None:
            return seen[1]
        ref = self._add(cls, value)
        self._seen[id(value)] = (value, ref)
        return ref

    def _add(self, cls: type[Any], value: Any) -> int:
        if cls is Fraction:
            pair = (value.numerator, value.denominator)
            return self._figures.add(pair, pair)
        if cls is date:
            return self._days.add(value, value.isoformat())
        if cls in _CONTAINERS:
            return self._add_container(cls.__name__, value)
        section = self._objects.get(cls)
        if section is None:
            if self._classes.get(_name(cls)) is not cls:
                raise TypeError(_name(cls))
            if isinstance(value, Enum):
                member = (_name(cls), value.name)
                return self._members.add(member, member)
            section = self._objects[cls] = _Section(5 + len(self._objects))
        refs = tuple([self.add(each) for each in _values(cls)(value)])
        # What holds texts and numbers only is the same as its equal. Of the rest each is itself: evaluators
        # remember conditions by identity.
        return section.add(refs if max(refs, default=0) < _BEYOND_SCALARS else id(value), refs)

    def _add_container(self, kind: str, value: Any) -> int:
        if kind != "tuple" and any(is_dataclass(part) for part in value):
            raise TypeError("what has no fields yet cannot be hashed")
        refs: Any = tuple([self.add(each) for each in value])
        if kind == "frozenset":
            refs = tuple(sorted(refs))
        elif kind == "dict":
            refs = (refs, tuple([self.add(each) for each in value.values()]))
        return self._containers.add((kind, refs), (kind, refs))

    def document(self, root: int) -> dict[str, Any]:
        """Return all that was taken, every reference a position in the one table."""
        first = (self._scalars, self._figures, self._days, self._members)
        begins = [0] * (5 + len(self._objects))
        start = 0
        for number, section in (
            *enumerate(first),
            *enumerate(self._objects.values(), 5),
            (4, self._containers),
        ):
            begins[number] = start
            start += len(section.entries)

        def at(refs: Iterable[int]) -> list[int]:
            return [begins[ref >> _PLACES] + (ref & _PLACE) for ref in refs]

        runs: list[tuple[str, list[Any]]] = []
        for kind, refs in self._containers.entries:
            if not runs or runs[-1][0] != kind:
                runs.append((kind, []))
            runs[-1][1].append([at(part) for part in refs] if kind == "dict" else at(refs))
        return {
            "scalars": self._scalars.entries,
            "figures": self._figures.entries,
            "days": self._days.entries,
            "members": self._members.entries,
            "objects": [(_name(cls), _fields(cls), len(of.entries)) for cls, of in self._objects.items()],
            "containers": runs,
            "fields": [
                [at(column) for column in zip(*of.entries, strict=True)] for of in self._objects.values()
            ],
            "root": at([root])[0],
        }


@cache
def _values(cls: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    names = _fields(cls)
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)
