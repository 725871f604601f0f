"""Read YAML as a located tree, from libyaml's events: no types, no tags, no objects, within limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, NoReturn

import yaml

from dualprev_rules.facts.shown import INVISIBLE
from dualprev_rules.pack.mending import Mend, cut_by_comment, forgotten_dash, question_mark, recognise
from dualprev_rules.pack.source import Map, Scalar, Seq, SourceFile, Style, Tree
from dualprev_rules.pack.yaml_faults import LOADER, Where, first_error
from dualprev_rules.problems import Place, Problem, problem

LARGEST = 16 * 2**20
"""Characters of one file."""
DEEPEST = 32
MOST_NODES = 500_000
"""Parts of one file, an alias counted as all that it stands for."""
MOST_ALIASES = 100
_MOST_MENDS = 50

_STYLES: dict[str | None, Style] = {
    None: "plain",
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}
_OF_INDENTATION = ("pack.indentation", "pack.missing-dash", "pack.tab")
_COLON = re.compile(r"：|^[A-Za-z_][\w.\-]*:")
_TIGHT_DASH = re.compile(r"-[A-Za-z_]")
_INDENTED_FOLD = re.compile(r">[+-]?[0-9]")


class _UnreadableError(Exception):
    """A fault that ends the reading of the file as it is; with a mended line it is read again."""

    def __init__(self, fault: Problem, line: int = 0, mended: str | None = None) -> None:
        super().__init__(fault.code)
        self.fault = fault
        self.line = line
        self.mended = mended


def read_yaml(file: SourceFile) -> tuple[Tree | None, list[Problem]]:
    """Return the file's one document (None: empty, or unreadable) and every problem found.

    What an author plainly meant (``r: >= 100``) is a problem, and reading goes on with the mended
    line, so that one run reports the faults that follow too.
    """
    if len(file.text) > LARGEST:
        return None, [problem("pack.too-large", place=file.place(0, 0), limit=LARGEST)]
    problems: list[Problem] = []
    text = file
    for _ in range(_MOST_MENDS):
        hidden = INVISIBLE.search(text.text)
        if hidden is not None:
            at = text.place(hidden.start(), hidden.end())
            problems.append(problem("pack.unprintable", place=at))
            number = at.line or 1
            text = _Mended(text, number, INVISIBLE.sub("", text.line(number)))
            continue
        reader = _Reader(text)
        try:
            tree = reader.read()
        except _UnreadableError as unreadable:
            problems.append(unreadable.fault)
            if unreadable.mended is None:
                return None, problems
            text = _Mended(text, unreadable.line, unreadable.mended)
            continue
        return tree, [*problems, *reader.problems]
    return None, problems


class _Mended(SourceFile):
    """A file as it is read on after a mend; its places are those of the lines as their author wrote them."""

    __slots__ = ("written",)

    def __init__(self, of: SourceFile, number: int, line: str) -> None:
        lines = of.text.split("\n")
        self.written: dict[int, str] = dict(of.written) if isinstance(of, _Mended) else {}
        self.written.setdefault(number, lines[number - 1])
        lines[number - 1] = line
        super().__init__(of.name, "\n".join(lines))

    def place(self, start: int, end: int) -> Place:
        """Return the place of ``text[start:end]`` in the line as it was written."""
        place = super().place(start, end)
        written = self.written.get(place.line or 0)
        if written is None or place.column is None or place.source is None:
            return place
        first = _moved(place.column - 1, place.source, written)
        last = _moved(place.column + place.width - 2, place.source, written)
        return Place(place.file, place.line, first + 1, max(1, last - first + 1), written)


def _moved(at: int, line: str, written: str) -> int:
    """Return where the character ``at`` of a line stands in the line as it was written."""
    for kind, start, end, first, last in SequenceMatcher(None, line, written, autojunk=False).get_opcodes():
        if start <= at < end:
            return first + at - start if kind == "equal" else min(first, max(last - 1, 0))
    return max(len(written) - 1, 0)


@dataclass(slots=True)
class _Open:
    """A list or mapping that has not ended: its anchor, and a key that still wants its value."""

    node: Seq | Map
    anchor: str | None
    in_brackets: bool = False
    key: Scalar | None = None


class _Reader:
    """Builds the tree of one text; faults that do not end the reading gather in ``problems``."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._root: Tree | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, Tree] = {}
        self._aliases = 0
        self._nodes = 0
        self._documents = 0
        self._questions: set[int] = set()
        # Where a comment follows on something in its line: a plain text that ends there may be cut.
        self._comments = {match.start() for match in re.finditer(r"(?<=\S)[ \t]+#", file.text)}

    def read(self) -> Tree | None:
        """Return the tree of the one document; raises _UnreadableError."""
        takers: dict[object, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._take_scalar,
            yaml.MappingStartEvent: self._take_mapping,
            yaml.SequenceStartEvent: self._take_sequence,
            yaml.MappingEndEvent: self._take_end,
            yaml.SequenceEndEvent: self._take_end,
            yaml.AliasEvent: self._take_alias,
            yaml.DocumentStartEvent: self._take_document,
        }
        for event in self._events():
            take = takers.get(event.__class__)
            if take is not None:
                take(event)
        root = self._root
        return None if isinstance(root, Scalar) and root.empty else root

    def _take_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop("pack.several-documents", event)

    def _take_mapping(self, event: Any) -> None:
        self._begin(Map(self.file, event.start_mark.index), event)

    def _take_sequence(self, event: Any) -> None:
        self._begin(Seq(self.file, event.start_mark.index), event)

    def _begin(self, node: Seq | Map, event: Any) -> None:
        self._refuse_tag(event)
        if len(self._open) >= DEEPEST:
            self._stop("pack.too-deep", event, limit=DEEPEST)
        self._put(node, event)
        self._open.append(_Open(node, event.anchor, bool(event.flow_style)))

    def _take_end(self, event: Any) -> None:
        ended = self._open.pop()
        ended.node.end = event.end_mark.index
        # Known from its end on only: nothing can stand for what it stands in.
        if ended.anchor is not None:
            self._anchors[ended.anchor] = ended.node
        if self._open:
            self._open[-1].node.size += ended.node.size

    def _take_scalar(self, event: Any) -> None:
        scalar = self._scalar(event)
        self._put(scalar, event)
        if event.anchor is not None:
            self._anchors[event.anchor] = scalar

    def _take_alias(self, event: Any) -> None:
        target = self._alias(event)
        self._put(target, event)
        if self._open and not isinstance(target, Scalar):
            self._open[-1].node.size += target.size

    def _put(self, node: Tree, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self._stop("pack.too-large", event, limit=MOST_NODES)
        if not self._open:
            self._root = node
            return
        holder = self._open[-1]
        if isinstance(node, Scalar):
            holder.node.size += 1
        if isinstance(holder.node, Seq):
            # In a list in brackets a full-width comma parts nothing: two members would be one.
            if (
                isinstance(node, Scalar)
                and node.style == "plain"
                and "，" in node.text
                and holder.in_brackets
            ):
                self._mend(node)
            holder.node.append(node)
        elif holder.key is None:
            if not isinstance(node, Scalar):
                raise _UnreadableError(problem("pack.key-is-no-text", place=node.place()))
            holder.key = node
        else:
            key, holder.key = holder.key, None
            self._set(holder.node, key, node)

    def _set(self, holder: Map, key: Scalar, node: Tree) -> None:
        if key.text in holder:
            self._expect_dash(holder, key)
            self.problems.append(problem("pack.duplicate-key", place=key.place(), given=key.text))
            return
        bare = isinstance(node, Scalar) and node.empty and key.style == "plain"
        if (bare and _COLON.search(key.text)) or (key.style == "plain" and _TIGHT_DASH.match(key.text)):
            self._mend(key)
        holder[key.text] = node
        holder.keys_at[key.text] = key

    def _expect_dash(self, holder: Map, key: Scalar) -> None:
        """Stop where the first key of an item comes again in it: another item begins, and lacks its dash."""
        in_list = len(self._open) > 1 and isinstance(self._open[-2].node, Seq)
        if not in_list or self._open[-1].in_brackets or next(iter(holder)) != key.text:
            return
        line = key.place().line or 1
        mend = forgotten_dash(self.file.line(line), key.text)
        if mend is not None:
            raise self._mended(line, mend)

    def _first_keys(self) -> list[str]:
        """Return the keys by which the items of the lists begin that have not ended."""
        lists = [opened.node for opened in self._open if isinstance(opened.node, Seq)]
        items = [item for each in lists for item in each[:1]]
        return [next(iter(item)) for item in (*items, self._root) if isinstance(item, Map) and item]

    def _first_line(self) -> list[int]:
        """Return the line of the file's first key, if further ones like it begin items of a list."""
        if not isinstance(self._root, Map) or not self._root.keys_at:
            return []
        key = next(iter(self._root.keys_at.values()))
        again = re.search(rf"^- +{re.escape(key.text)}:", self.file.text, re.MULTILINE)
        return [key.place().line or 1] if again is not None else []

    def _scalar(self, event: Any) -> Scalar:
        if event.tag is not None:
            self._refuse_tag(event)
        start, end = event.start_mark.index, event.end_mark.index
        scalar = Scalar(self.file, event.value, start, end, _STYLES[event.style])
        if scalar.style == "plain":
            if end in self._comments:
                self._refuse_cut(scalar)
            if "?" in event.value and self._open and self._open[-1].in_brackets:
                self._warn_of_question_mark(scalar)
        elif scalar.style == "folded" and _INDENTED_FOLD.match(self.file.text, start):
            self._mend(scalar)
        return scalar

    def _alias(self, event: Any) -> Tree:
        self._aliases += 1
        target = self._anchors.get(event.anchor)
        if target is None:
            self._mend(Scalar(self.file, "", event.start_mark.index, event.end_mark.index, "plain"))
            self._stop("pack.unknown-alias", event, given=event.anchor)
        if self._aliases > MOST_ALIASES:
            self._stop("pack.too-many-aliases", event, limit=MOST_ALIASES)
        self._nodes += target.size if not isinstance(target, Scalar) else 1
        if self._nodes > MOST_NODES:
            self._stop("pack.too-many-aliases", event, limit=MOST_ALIASES)
        return target

    def _stop(self, code: str, event: Any, **args: Any) -> NoReturn:
        place = self.file.place(event.start_mark.index, event.end_mark.index)
        raise _UnreadableError(problem(code, place=place, **args))

    def _refuse_tag(self, event: Any) -> None:
        """Refuse a tag: ``!= 3`` and ``! x`` are meant as text, any other asks for an object."""
        if event.tag is None:
            return
        start = event.start_mark.index
        if self.file.text[start : start + 2] == "!=":
            self._mend(Scalar(self.file, "", start, event.end_mark.index, "plain"))
        self._stop("pack.tag", event, given=event.tag)

    def _warn_of_question_mark(self, scalar: Scalar) -> None:
        """Warn, once a line, of what libyaml reads and other readers of YAML refuse."""
        line = scalar.place().line
        assert line is not None
        mend = question_mark(self.file.line(line), "")
        if mend is not None and line not in self._questions:
            self._questions.add(line)
            self.problems.append(replace(self._mended(line, mend).fault, severity="warning"))

    def _refuse_cut(self, scalar: Scalar) -> None:
        place = self.file.place(scalar.end - 1, scalar.end)
        line, column = place.line or 1, place.column or 1
        mend = cut_by_comment(self.file.line(line), column)
        if mend is not None:
            raise self._mended(line, mend)

    def _mend(self, scalar: Scalar) -> None:
        """Stop for what a line plainly means, to be read again with the line mended."""
        line = scalar.place().line
        assert line is not None
        mends = recognise(self.file.line(line), "")
        if mends:
            raise self._mended(line, mends[0])

    def _mended(self, line: int, mend: Mend) -> _UnreadableError:
        given = self.file.line(line)[mend.column : mend.column + mend.width]
        start = self.file.starts[line - 1] + mend.column
        place = self.file.place(start, start + mend.width)
        # Where the indentation is at fault, it is what must be seen.
        mended = mend.mended.rstrip() if mend.code in _OF_INDENTATION else mend.mended.strip()
        fault = problem(mend.code, place=place, given=given, mended=mended)
        return _UnreadableError(fault, line, mend.mended if mend.read_as is None else mend.read_as)

    # --- the parser's own faults --------------------------------------------------------------

    def _events(self) -> Iterator[Any]:
        try:
            next_event = LOADER(self.file.text).get_event
            while (event := next_event()) is not None:
                yield event
        except yaml.YAMLError as error:
            raise self._explained(error) from None

    def _explained(self, error: yaml.YAMLError) -> _UnreadableError:
        where = Where.of(error, self.file)
        if where.code == "pack.unprintable":
            return self._without(where)
        for line in (*self._first_line(), *where.lines):
            text, above = self.file.line(line), self.file.line(line - 1) if line > 1 else ""
            dashes = [forgotten_dash(text, key) for key in self._first_keys()]
            for mend in [*(dash for dash in dashes if dash is not None), *recognise(text, above)]:
                again = first_error(_Mended(self.file, line, mend.mended))
                if again is None or again.line > where.line:
                    return self._mended(line, mend)
        place = self.file.place(where.index, where.index + 1)
        return _UnreadableError(problem(where.code, place=place))

    def _without(self, where: Where) -> _UnreadableError:
        """Refuse a character that cannot be printed, and read on without it."""
        at = where.index - self.file.starts[where.line - 1]
        line = self.file.line(where.line)
        fault = problem(where.code, place=self.file.place(where.index, where.index + 1))
        return _UnreadableError(fault, where.line, line[:at] + line[at + 1 :])
