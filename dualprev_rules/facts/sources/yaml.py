"""YAML: scalars as text with their marks, typed by the schema; no tags, no aliases, bounded depth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from dualprev_rules.facts.document import MOST_DEPTH, Document, Reported, Trail, Twice, follow, plain_scalar
from dualprev_rules.facts.shown import printable, shown, visible, within_curly
from dualprev_rules.problems import DualprevError, Place, Problem, problem

Mark = tuple[int, int, int]
"""Line and column from 1, and width."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_YAML: Any = yaml
_NO_KEY = object()


def read_yaml(text: str, name: str) -> Document:
    """Read a YAML text of one document; raises DualprevError where it cannot be used."""
    return compose(text, name)


def compose(text: str, name: str) -> Document:
    """Build the tree of a text from libyaml's events, with the mark of every value."""
    builder = _Builder(text, name)
    try:
        for event in _YAML.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        at = builder.place((mark.line + 1, mark.column + 1, 1)) if mark is not None else Place(name)
        reason = fault.problem or ""
        raise DualprevError(problem("facts.syntax", place=at, given=name, reason=reason)) from fault
    except (yaml.YAMLError, UnicodeError) as fault:
        reason = str(getattr(fault, "reason", type(fault).__name__))
        raise DualprevError(problem("facts.syntax", place=Place(name), given=name, reason=reason)) from fault
    return Document(builder.root, name, builder.locate, tuple(builder.problems))


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled."""

    made: dict[str, Any] | list[Any]
    marks: dict[str | int, Mark]
    key: Any = _NO_KEY
    seen: set[str] = field(default_factory=set[str])


class _Builder:
    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.root: Any = None
        self._text = text
        self._lines: list[str] | None = None
        self._open: list[_Open] = []
        self._marks: dict[int, dict[str | int, Mark]] = {}
        self._documents = 0
        self.problems: list[Problem] = []

    def take(self, event: Any) -> None:
        """Take one event."""
        match event:
            case yaml.ScalarEvent():
                self._refuse_tag(event)
                if not self._is_key(event):
                    self._put(self._value(event), event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_tag(event)
                self._start({} if isinstance(event, yaml.MappingStartEvent) else [], event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()
            case yaml.AliasEvent():
                raise self._error("facts.yaml-alias", event, given=f"*{event.anchor}")
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise self._error("facts.yaml-documents", event)
            case _:
                pass

    def place(self, mark: Mark) -> Place:
        """Return the place of a mark, with its source line."""
        if self._lines is None:
            self._lines = self._text.splitlines()
        line, column, width = mark
        source = self._lines[line - 1] if line <= len(self._lines) else ""
        short = source.replace("\t", " ") if len(source) <= 300 else None
        return Place(self.name, line, column, width, short)

    def locate(self, trail: Trail) -> Place | None:
        """Return the place of the part that a trail leads to, or of the nearest part above it."""
        for end in range(len(trail), 0, -1):
            marks = self._marks.get(id(follow(self.root, trail[: end - 1])))
            if marks is not None and trail[end - 1] in marks:
                return self.place(marks[trail[end - 1]])
        return Place(self.name)

    def _value(self, event: Any) -> Any:
        if event.style in ("'", '"', "|", ">"):
            return event.value
        text = visible(event.value).strip()
        if (inner := within_curly(text)) is None:
            return plain_scalar(text)
        # YAML knows straight quotes only: with these around it the text would be another one.
        place, given = self.place(_mark(event)), shown(text)
        self.problems.append(
            problem("facts.curly-quotes", place=place, given=given, nearest=shown(inner), effect="unknown")
        )
        return Reported(given)

    def _start(self, made: dict[str, Any] | list[Any], event: Any) -> None:
        if len(self._open) >= MOST_DEPTH:
            raise self._error("facts.too-deep", event, limit=MOST_DEPTH)
        if self._open and isinstance(self._open[-1].made, dict) and self._open[-1].key is _NO_KEY:
            raise self._error("facts.yaml-key", event)
        self._put(made, event)
        marks = self._marks[id(made)] = {}
        self._open.append(_Open(made, marks))

    def _is_key(self, event: Any) -> bool:
        if not self._open:
            return False
        holder = self._open[-1]
        if not isinstance(holder.made, dict) or holder.key is not _NO_KEY:
            return False
        holder.key = event.value
        holder.marks.setdefault(event.value, _mark(event))
        return True

    def _put(self, value: Any, event: Any) -> None:
        if not self._open:
            self.root = value
            return
        holder = self._open[-1]
        if isinstance(holder.made, list):
            holder.marks[len(holder.made)] = _mark(event)
            holder.made.append(value)
            return
        key, holder.key = holder.key, _NO_KEY
        if key in holder.seen:
            before = holder.made[key]
            held = before.values if isinstance(before, Twice) else (before,)
            value = Twice((*held, value))
        elif value is not None and not isinstance(value, (dict, list)):
            holder.marks[key] = _mark(event)
        holder.seen.add(key)
        holder.made[key] = value

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is not None:
            raise self._error("facts.yaml-tag", event, given=printable(event.tag))

    def _error(self, code: str, event: Any, **args: Any) -> DualprevError:
        return DualprevError(problem(code, place=self.place(_mark(event)), **args))


def _mark(event: Any) -> Mark:
    start, end = event.start_mark, event.end_mark
    width = end.column - start.column if end.line == start.line else 1
    return start.line + 1, start.column + 1, max(1, width)
