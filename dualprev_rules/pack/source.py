"""A file's text as a tree of located parts: everything is text, and every part knows its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dualprev_rules.problems import Place, Problem, problem

Style = Literal["plain", "single", "double", "literal", "folded", "cell"]

_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|.)", re.DOTALL)


class SourceFile:
    """A text file as read, under the name that problems show; each line ends in a line feed alone."""

    __slots__ = ("name", "starts", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def line(self, number: int) -> str:
        """Return line ``number`` (from 1) without its end."""
        start = self.starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]

    def place(self, start: int, end: int) -> Place:
        """Return the place of ``text[start:end]``; of several lines, the part on the first."""
        number = bisect_right(self.starts, start)
        source = self.line(number)
        column = start - self.starts[number - 1]
        width = max(1, min(end - start, len(source) - column))
        return Place(self.name, number, column + 1, width, source)


class Scalar:
    """A text of a file. ``start`` and ``end`` are offsets into the file, signs of quoting included."""

    __slots__ = ("end", "file", "start", "style", "text")

    def __init__(self, file: SourceFile, text: str, start: int, end: int, style: Style) -> None:
        self.file = file
        self.text = text
        self.start = start
        self.end = end
        self.style: Style = style

    def __repr__(self) -> str:
        return f"Scalar({self.text!r})"

    @property
    def empty(self) -> bool:
        """True where nothing stands after the key (quotes around nothing are something)."""
        return not self.text and self.style in ("plain", "cell")

    def place(self, start: int = 0, end: int | None = None) -> Place:
        """Return the place of ``text[start:end]``: of the whole scalar where no part is named."""
        if end is None:
            return self.file.place(self.start, max(self.end, self.start + 1))
        if start == 0 and end >= len(self.text):
            return self.file.place(*self._inside())
        at = self._offsets()
        first = at[min(start, len(at) - 1)]
        last = at[min(end, len(at)) - 1] if end > start else first
        return self.file.place(first, last + _length(self.file.text, last, self.style))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]``, which is not empty, begins and ends in the file."""
        at = self._offsets()
        last = at[end - 1]
        return at[start], last + _length(self.file.text, last, self.style)

    def _inside(self) -> tuple[int, int]:
        """Return where the text begins and ends, without quotes, header and indentation."""
        source, first = self.file.text, _content(self.file.text, self)
        if self.style in ("literal", "folded"):
            first += len(source[first : self.end]) - len(source[first : self.end].lstrip())
            return first, self.end
        return first, max(self.end - (first - self.start), first + 1)

    def _offsets(self) -> list[int]:
        """Return for each character of the text its offset in the file, and one for the end."""
        source = self.file.text
        if source[self.start : self.start + len(self.text)] == self.text:
            return list(range(self.start, self.start + len(self.text) + 1))
        return list(_aligned(source, self))


class Piece:
    """A part of a scalar that is read by itself, such as a placeholder within a message."""

    __slots__ = ("_of", "_start", "text")

    def __init__(self, of: Scalar, start: int, end: int) -> None:
        self._of = of
        self._start = start
        self.text = of.text[start:end]

    def place(self, start: int = 0, end: int | None = None) -> Place:
        """Return the place of ``text[start:end]`` in the file."""
        last = len(self.text) if end is None else end
        return self._of.place(self._start + start, self._start + last)


class Seq(list["Tree"]):
    """A list of a file; read once and never changed."""

    __slots__ = ("end", "file", "size", "start")

    def __init__(self, file: SourceFile, start: int) -> None:
        super().__init__()
        self.file = file
        self.start = self.end = start
        self.size = 1

    def place(self) -> Place:
        """Return where the list begins."""
        return self.file.place(self.start, self.end)


class Map(dict[str, "Tree"]):
    """A mapping of a file, with the place of each key; read once and never changed."""

    __slots__ = ("end", "file", "keys_at", "size", "start")

    def __init__(self, file: SourceFile, start: int) -> None:
        super().__init__()
        self.file = file
        self.start = self.end = start
        self.size = 1
        self.keys_at: dict[str, Scalar] = {}

    def place(self, key: str | None = None) -> Place:
        """Return where the mapping begins, or where ``key`` has its value (a missing one: the mapping)."""
        value = self.get(key) if key is not None else None
        if value is None:
            return self.file.place(self.start, self.end)
        if isinstance(value, Scalar) and value.empty:
            return self.keys_at[key or ""].place()
        return value.place()

    def at_key(self, key: str) -> Place:
        """Return where ``key`` itself stands."""
        return self.keys_at[key].place()

    def text(self, key: str) -> str | None:
        """Return the text of ``key``, or None where there is none or it is no text."""
        value = self.get(key)
        return value.text if isinstance(value, Scalar) and not value.empty else None

    def renamed(self, names: dict[str, str | None]) -> Map:
        """Return the mapping with keys called otherwise, or (None) left out."""
        other = Map(self.file, self.start)
        other.end, other.size = self.end, self.size
        for key, value in self.items():
            name = names.get(key, key)
            if name is not None:
                other[name] = value
                other.keys_at[name] = self.keys_at[key]
        return other


Tree = Scalar | Seq | Map


def decode(data: bytes, name: str) -> tuple[str, list[Problem]]:
    """Decode a file that must be UTF-8; one in GB 18030 or UTF-16 is read on, and said to be so."""
    text, encoding = _decode(data)
    if encoding == "UTF-8":
        return text, []
    file = SourceFile(name, text)
    return text, [problem("pack.encoding", place=file.place(0, 0), given=encoding)]


def decode_table(data: bytes) -> str:
    """Decode a CSV file: UTF-8 with or without BOM, or what Excel writes in China (GB 18030)."""
    return _decode(data)[0]


def _decode(data: bytes) -> tuple[str, str]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _lines(data.decode("utf-16", errors="replace")), "UTF-16"
    try:
        return _lines(data.decode("utf-8-sig")), "UTF-8"
    except UnicodeDecodeError:
        return _lines(data.decode("gb18030", errors="replace")), "GB 18030"


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(slots=True)
class _Cursor:
    at: int


def _aligned(source: str, scalar: Scalar) -> Iterator[int]:
    """Yield the offset of each character of a scalar whose text is not in the file letter for letter.

    Quoting, folding and indentation change spaces only, but for doubled quotes and escapes: so the
    other characters follow one another in the file as they do in the text.
    """
    cursor = _Cursor(_content(source, scalar))
    for char in scalar.text:
        if char not in " \n\t":
            while source[cursor.at : cursor.at + 1] in (" ", "\n", "\t"):
                cursor.at += 1
        yield cursor.at
        cursor.at += _length(source, cursor.at, scalar.style)
    yield cursor.at


def _content(source: str, scalar: Scalar) -> int:
    match scalar.style:
        case "literal" | "folded":
            return source.find("\n", scalar.start) + 1 or len(source)
        case "single" | "double":
            return scalar.start + 1
        case "cell":
            return scalar.start + (source[scalar.start] == '"')
        case "plain":
            return scalar.start


def _length(source: str, at: int, style: Style) -> int:
    """Return how many characters of the file make the one character of the text that stands ``at``."""
    if style == "double" and source[at : at + 1] == "\\":
        match = _ESCAPE.match(source, at)
        return match.end() - at if match else 1
    doubled = {"single": "''", "cell": '""'}.get(style)
    return 2 if doubled is not None and source[at : at + 2] == doubled else 1
