"""Read a condition with Python's own grammar into an ``ast`` expression, which is never executed."""

from __future__ import annotations

import ast
import re
import warnings
from itertools import accumulate

from dualprev_rules.lang.constructs import thousands
from dualprev_rules.lang.day import bare_days
from dualprev_rules.lang.slips import slips
from dualprev_rules.lang.spelling import decoded, shown
from dualprev_rules.lang.spoken import INTERVAL
from dualprev_rules.lang.text import Located, Mend, Plain, plain
from dualprev_rules.problems import Problem, problem

LONGEST = 4_000
"""Characters of one expression (semantics, law 7)."""
DEEPEST = 50

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SCANNED = ("lang.unbalanced", "lang.texts-side-by-side")
"""Faults behind which tokens cannot be told apart, or would be told of a second time."""
_WORD = re.compile(r"\w+")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_CLOSED_BY = {opened: closed for closed, opened in _PAIRS.items()}
_SPELT_OTHERWISE = {"&&": "and", "||": "or", "<>": "!=", "=>": ">=", "=<": "<="}
_SIGN = re.compile(r"""&&|\|\||<>|=>|=<|[!='"()\[\]{}]""")
_COMMENT = re.compile(r"""(?:'[^']*'|"[^"]*"|[^'"#])*?(?P<comment>\#[^\n]*)""")
_MAY_END = re.compile(r"\s+(?:and|or|if|else)\b|\s*[<>=!,)}\]]")
"""What ends a text whose closing quote is missing."""
_TEXT_BEHIND = re.compile(r"""\s*(?P<text>'[^']*'|"[^"]*")""")


Placed = ast.expr | ast.keyword
"""A node that knows its place."""


class Parsed:
    """A parsed expression with the way back from its nodes to places in the file."""

    def __init__(self, source: Located, text: Plain, expression: ast.expr) -> None:
        self.source = source
        self.expression = expression
        self._text = text
        lines = _lines(text.text)
        self._starts = [0, *accumulate(len(line) for line in lines)]
        self._encoded = [line.encode() for line in lines]
        self._ascii = text.text.isascii()
        # One line of ASCII signs as written: a column is an offset.
        self._plain = self._ascii and len(lines) == 1 and isinstance(text.offsets, range)

    def span(self, node: Placed) -> tuple[int, int]:
        """Return the offsets of ``node`` in the text as written."""
        if self._plain and node.end_lineno == 1 and node.end_col_offset is not None:
            return max(node.col_offset - 1, 0), node.end_col_offset - 1
        start = self._offset(node.lineno, node.col_offset)
        end = self._offset(node.end_lineno, node.end_col_offset)
        return self._text.original(start, end)

    def name_after_dot(self, node: ast.Attribute) -> tuple[int, int]:
        """Return the offsets of the name after the dot in the text as written."""
        end = self._offset(node.end_lineno, node.end_col_offset)
        before = self._offset(node.value.end_lineno, node.value.end_col_offset)
        name = _WORD.search(self._text.text, self._text.text.find(".", before, end) + 1, end)
        return self._text.original(*name.span()) if name else self.span(node)

    def written(self, node: Placed) -> str:
        """Return the node's text in ASCII signs and the language's own words."""
        start = self._offset(node.lineno, node.col_offset)
        end = self._offset(node.end_lineno, node.end_col_offset)
        return shown(self._text.text[start:end])

    def _offset(self, line: int | None, column: int | None) -> int:
        assert line is not None
        assert column is not None
        # ast counts columns in bytes of UTF-8, and the text was parsed within one added "(".
        column -= 1 if line == 1 else 0
        if line > len(self._encoded):
            return self._starts[-1]  # the added ")" stands on a line of its own
        index = line - 1
        if self._ascii:
            return self._starts[index] + min(max(column, 0), len(self._encoded[index]))
        return self._starts[index] + len(self._encoded[index][: max(column, 0)].decode(errors="ignore"))


def parse(source: Located) -> tuple[Parsed | None, list[Problem]]:
    """Parse the text; every fault that can be told apart is a problem with its place.

    Where it is plain what was meant, the text is parsed as mended, so that the rest can be checked too.
    """
    text = source.text
    if len(text) > LONGEST:
        return None, [problem("lang.too-long", place=source.place(0, 1), length=len(text), limit=LONGEST)]
    if not text.strip():
        return None, [problem("lang.empty", place=source.place(0, 1))]
    read = plain(text)
    comment = _COMMENT.match(read.text)
    if comment is not None:
        # Python would drop it, and in a folded condition all that follows.
        start, end = comment.span("comment")
        place = source.place(*read.original(start, end))
        parsed, others = _read(read.mended([(start, end, "")]), source)
        return parsed, [problem("lang.comment", place=place, given=comment["comment"]), *others]
    return _read(read, source)


def _read(read: Plain, source: Located) -> tuple[Parsed | None, list[Problem]]:
    """Parse a text in ASCII signs; days without quotes and groups of thousands are more to a parser."""
    days, quoted = bare_days(read, source)
    read = read.mended(quoted) if quoted else read
    grouped, joined = thousands(read, source)
    parsed, faults = _grammar(read.mended(joined) if joined else read, source)
    return parsed, [*days, *grouped, *faults]


def _grammar(read: Plain, source: Located) -> tuple[Parsed | None, list[Problem]]:
    faults, mends = _scan(read, source)
    if not faults:
        parsed, fault = _parsed(read, source)
        if parsed is not None or fault is None or fault.code == "lang.too-deep":
            return parsed, [fault] if fault is not None else []
        faults, mends = [fault], None
    if not any(fault.code in _SCANNED for fault in faults):
        found, meant = slips(read, source)
        if found:
            faults, mends = found, meant
    mended = _parsed(read.mended(mends), source)[0] if mends is not None else None
    return mended, faults


def _parsed(read: Plain, source: Located) -> tuple[Parsed | None, Problem | None]:
    """Give the text to Python's parser; return what is wrong where it is refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(f"({read.text}\n)", mode="eval")
    except SyntaxError as error:
        return None, _syntax(error, read, source)
    except (MemoryError, RecursionError):
        return None, problem("lang.too-deep", place=source.place(0, len(source.text)), limit=DEEPEST)
    except ValueError:
        whole = source.place(0, len(source.text))
        return None, problem("lang.syntax", place=whole, given=source.text[:40])
    if _depth(tree.body) > DEEPEST:
        return None, problem("lang.too-deep", place=source.place(0, len(source.text)), limit=DEEPEST)
    if "「" in source.text:
        _take_labels(tree)
    return Parsed(source, read, tree.body), None


def _take_labels(tree: ast.AST) -> None:
    """Give the names that stand in 「」 back as their author wrote them."""
    for node in ast.walk(tree):
        match node:
            case ast.Name():
                node.id = decoded(node.id)
            case ast.Attribute():
                node.attr = decoded(node.attr)
            case ast.keyword(arg=str(arg)):
                node.arg = decoded(arg)
            case _:
                pass


def _scan(read: Plain, source: Located) -> tuple[list[Problem], list[Mend] | None]:
    """Find unbalanced brackets and quotes and signs of other languages, before Python's parser sees them.

    With them comes how to mend the text, or None where that is not plain.
    """
    faults: list[Problem] = []
    mends: list[Mend] = []
    opened: list[tuple[str, int]] = []
    text, quote, quoted_from, read_to = read.text, "", 0, 0
    sure = True

    def fault(code: str, start: int, end: int, nearest: str | None = None) -> None:
        first, last = read.original(start, end)
        written = source.text[first:last]
        faults.append(problem(code, place=source.place(first, last), given=written, nearest=nearest))
        if nearest is not None:
            mends.append((start, end, nearest))

    intervals = {end for match in INTERVAL.finditer(text) for end in (match.start(), match.end() - 1)}
    for found in _SIGN.finditer(text):
        index, char = found.start(), found[0]
        if index < read_to or (index in intervals and not quote):
            continue
        if quote:
            if char == quote:
                quote = ""
                behind = _TEXT_BEHIND.match(text, index + 1)
                if behind is not None:
                    # Python would make one text of both.
                    texts = f"{text[quoted_from : index + 1]}, {behind['text']}"
                    fault("lang.texts-side-by-side", quoted_from, behind.end(), texts)
                    read_to, sure = behind.end(), sure and bool(opened)
        elif char in "'\"":
            quote, quoted_from = char, index
        elif char in "([{":
            opened.append((char, index))
        elif char in _PAIRS:
            if not opened or opened[-1][0] != _PAIRS[char]:
                fault("lang.unbalanced", index, index + 1)
                return faults, None
            opened.pop()
        elif (meant := _meant(text, index, char, opened)) is not None:
            fault("lang.sign", index, found.end(), meant)
    if quote:
        fault("lang.unbalanced", quoted_from, quoted_from + 1)
        # Where the text may have been meant to end, what stands behind it can be checked too.
        ends = _MAY_END.search(text, quoted_from + 1)
        at = ends.start() if ends else len(text)
        behind_name = text[:quoted_from][-1:].isalnum()
        mends.append((quoted_from, quoted_from + 1, "") if behind_name else (at, at, quote))
        return (faults, mends) if sure and not opened else (faults, None)
    if opened:
        fault("lang.unbalanced", opened[-1][1], opened[-1][1] + 1)
        closed = "".join(_CLOSED_BY[bracket] for bracket, _ in reversed(opened))
        mends.append((len(text), len(text), closed))
    return faults, mends if sure else None


def _meant(text: str, index: int, sign: str, opened: list[tuple[str, int]]) -> str | None:
    """Return what is meant by a sign of another language; None for one of this."""
    before, behind = text[index - 1 : index], text[index + 1 : index + 2]
    if sign == "!":
        return "not" if behind != "=" else None
    if sign != "=":
        return _SPELT_OTHERWISE.get(sign)
    # One equals sign is right only between a key and its value in a call: lookup(cas=cas).
    alone = behind != "=" and before not in ("=", "!", "<", ">")
    return "==" if alone and not any(bracket == "(" for bracket, _ in opened) else None


def _syntax(error: SyntaxError, read: Plain, source: Located) -> Problem:
    lines = _lines(read.text)
    line = min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
    column = (error.offset or 1) - 1 - (1 if line == 0 else 0)
    start = min(sum(len(text) for text in lines[:line]) + max(column, 0), max(len(read.text) - 1, 0))
    where = source.place(*read.original(start, start + 1))
    said = error.msg or ""
    if "parenthesized" in said:
        return problem("lang.parenthesise", place=where)
    if "too many nested" in said:
        return problem("lang.too-deep", place=source.place(0, len(source.text)), limit=DEEPEST)
    return problem("lang.syntax", place=where, given=read.text[start : start + 12].strip() or read.text[-12:])


def _lines(text: str) -> list[str]:
    """Return the lines as Python's parser counts them, each with its end; at least one."""
    return _LINE.findall(text) or [""]


def _depth(node: ast.expr) -> int:
    """Return the depth of the tree, without recursion (the text may nest thousands deep)."""
    deepest, level = 0, list[ast.AST]([node])
    while level:
        deepest += 1
        level = [
            child
            for parent in level
            for child in ast.iter_child_nodes(parent)
            if isinstance(child, ast.expr | ast.comprehension)
        ]
    return deepest
