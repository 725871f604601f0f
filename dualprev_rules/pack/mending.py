"""Recognise in a line what an author meant and YAML cannot read, and write the line as it should be.

A recogniser looks at one line (and the one above) and knows nothing of a parser's message; whether
its mend is right is tried by the reader, which parses the file again with the mended line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_KEY = r"[\w.\-/]+"
_START = rf"^(?P<head>\s*(?:- +)*(?:{_KEY}:\s+)?)"
_VALUE_AT = r"(?P<lead>(?:^|[\s{\[,])" + rf"(?:{_KEY}:\s+)|[{{\[,]\s*|^\s*-\s+)"
_COMPARISON = re.compile(_VALUE_AT + r"(?P<value>(?:>=|>|!=|<=|<)\s*[^\s,}\]#'\"][^,}\]#]*)")
_INTERVAL = re.compile(_VALUE_AT + r"(?P<value>[\[(]\s*[^\[\](),{}]*\.\.[^\[\](),{}]*[)\]])")
_SIGN = re.compile(_VALUE_AT + r"(?P<value>[%@`&*!|>][^,}\]]*)")
_FULL_COLON = re.compile(r"(?P<lead>^\s*(?:- +)*|[{,，；、]\s*)(?P<key>[\w.\-/]+)(?P<colon>\s*：\s*)")
_FULL_COMMA = re.compile(r"[，；、]\s*(?=[A-Za-z_][\w.\-]*\s*[:：])")
_LISTED = re.compile(r"\[[^\[\]{}]*，[^\[\]{}]*\]")
_FULL_BRACKETS = re.compile(_VALUE_AT + r"(?P<value>[｛［][^｛｝［］]*[｝］])")
_FULL_ASCII = str.maketrans("｛｝［］，：", "{}[],:")
_NO_COMMA = re.compile(r"(?<=[^\s,{\[:，])\s+(?=[A-Za-z_][\w.\-]*:\s)")
_TIGHT_DASH = re.compile(r"^(?P<head>\s*)-(?=[A-Za-z_][\w.\-]*:\s)")
_BULLET = re.compile(r"^(?P<head>\s*)(?P<sign>[－—–−•·●○＊+])\s*(?=[A-Za-z_][\w.\-]*:\s)")
_NO_COLON = re.compile(r"^(?P<head>\s*(?:- +)*)(?P<key>[a-z_]+)\s+(?=[^\s:=<>!+*/])[^:]*$")
_BACKSLASH = re.compile(r"\"(?P<inside>[^\"']*\\[^\"']*)\"")
_STRAY_DASH = re.compile(rf"^(?P<indent>\s*)- +(?={_KEY}:(?:\s|$))")
_CONDITION = re.compile(
    r"^(?P<head>\s*(?:- +)*(?:applies|violated|unless|when|is|formula):\s+)"
    r"(?P<value>(?:>=|<=|!=|==|>|<)\s*\S.*?)\s*$"
)
_TIGHT_COLON = re.compile(r"(?P<lead>^\s*(?:- +)*|[{,]\s*)(?P<key>[A-Za-z_][\w.\-]*):(?=[^\s:/])")
_BLOCK_VALUE = re.compile(rf"^(?P<head>\s*(?:- +)*{_KEY}:\s+)(?P<value>[^\s{{\[].*?)\s*$")
_AFTER_QUOTE = re.compile(
    rf"^(?P<head>\s*(?:- +)*{_KEY}:\s+)(?P<value>(?P<q>['\"])[^'\"]*(?P=q)\s*[^\s#].*?)\s*$"
)
_COMMENT = re.compile(r"\s#(?=[^\s#!\-=])")
_ANY_KEY = re.compile(rf"^(?P<indent>\s*)(?P<dash>(?:- +)*){_KEY}:(?:\s|$)")
_QUESTION = re.compile(
    rf"(?P<lead>(?:^\s*|[{{\[,]\s*)(?:{_KEY}:\s+)?)"
    r"(?P<value>(?:(?!:\s)[^,{}\[\]\0'\"])*\?(?:(?!:\s)[^,{}\[\]\0])*)(?=[,}\]]|:\s)"
)
_OPENING = re.compile(r"(?:^|(?<=[\s{\[,:(=<>!+*/\-]))['\"]")


@dataclass(frozen=True, slots=True)
class Mend:
    """A fault of a line: what it is, where, and the line without it. ``column`` counts from 0."""

    code: str
    column: int
    width: int
    mended: str
    read_as: str | None = None
    """The line to read on with, where the mended one still wants something of its author."""


def recognise(line: str, above: str) -> list[Mend]:
    """Return every way in which the line may be at fault, the likeliest first."""
    found = (recogniser(line, above) for recogniser in _RECOGNISERS)
    return [mend for mend in found if mend is not None and mend.mended != line]


def cut_by_comment(line: str, column: int) -> Mend | None:
    """Return the fault of a plain text that a comment follows at ``column``, if it was no comment.

    A comment has a space after its sign; `` #2 储罐`` goes on with the text.
    """
    match = _COMMENT.search(line, max(column - 1, 0))
    if match is None:
        return None
    head = re.match(rf"^\s*(?:- +)*(?:{_KEY}:\s+)?", line)
    start = head.end() if head is not None else 0
    if line[start : start + 1] in "{[":
        start = max(line.rfind(sign, 0, match.start()) for sign in (": ", ", ", "{", "[")) + 1
        start += len(line[start:]) - len(line[start:].lstrip())
        ends = [at for sign in ",}]" if (at := line.find(sign, match.end())) >= 0]
        end = min(ends, default=len(line))
    else:
        end = len(line.rstrip())
    mended = line[:start] + _quoted(line[start:end]) + line[end:]
    return Mend("pack.cut-by-comment", match.start() + 1, 1, mended)


def forgotten_dash(line: str, key: str) -> Mend | None:
    """Return the fault of a line that begins an item by its first key, ``key``, and has no dash."""
    match = re.match(rf"^(?P<indent>\s*){re.escape(key)}:(?:\s|$)", line)
    if match is None or re.fullmatch(_KEY, key) is None:
        return None
    column = len(match["indent"])
    return Mend("pack.missing-dash", column, len(key), f"{line[: max(column - 2, 0)]}- {line[column:]}")


def question_mark(line: str, above: str) -> Mend | None:
    """Return the fault of question marks without quotes within brackets, where they can begin a key."""
    matches = list(_QUESTION.finditer(_blank(line)))
    if not matches:
        return None
    mended = line
    for start, end in reversed([match.span("value") for match in matches]):
        mended = mended[:start] + _quoted(line[start:end]) + mended[end:]
    start, end = matches[0].span("value")
    return Mend("pack.bare-question-mark", start, end - start, mended)


def _quoted(text: str) -> str:
    text = text.strip()
    return f"'{text}'" if "'" not in text else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _blank(line: str) -> str:
    """Return the line with what stands in quotes blanked out, column for column."""
    out, at = list(line), 0
    while (match := _OPENING.search(line, at)) is not None:
        end = line.find(match.group(), match.end())
        if end < 0:
            break
        out[match.start() : end + 1] = "\0" * (end + 1 - match.start())
        at = end + 1
    return "".join(out)


def _unclosed(line: str) -> int | None:
    at = 0
    while (match := _OPENING.search(line, at)) is not None:
        end = line.find(match.group(), match.end())
        if end < 0:
            return match.start()
        at = end + 1
    return None


def _tab(line: str, above: str) -> Mend | None:
    lead = line[: len(line) - len(line.lstrip())]
    if "\t" not in lead:
        return None
    return Mend("pack.tab", lead.index("\t"), 1, lead.replace("\t", "  ") + line.lstrip())


def _tab_below(line: str, above: str) -> Mend | None:
    mend, before = _tab(line, above), _ANY_KEY.match(above)
    if mend is None or before is None:
        return None
    wanted = len(before["indent"]) + len(before["dash"])
    return Mend("pack.tab", mend.column, 1, " " * wanted + line.lstrip())


def _requote(code: str, pattern: re.Pattern[str], line: str) -> Mend | None:
    """Put quotes around each value of the line that the pattern finds."""
    plain, out, last, first = _blank(line), "", 0, None
    for match in pattern.finditer(plain):
        start, end = match.span("value")
        first = first if first is not None else (start, end)
        out += line[last:start] + _quoted(line[start:end])
        last = start + len(line[start:end].rstrip())
    if first is None:
        return None
    return Mend(code, first[0], len(line[slice(*first)].rstrip()), out + line[last:])


def _half_comparison(line: str, above: str) -> Mend | None:
    """Find a condition that begins with its sign: quotes would not mend what is missing before it."""
    match = _CONDITION.match(line)
    if match is None:
        return None
    head, value = match["head"], match["value"]
    return Mend("pack.half-comparison", len(head), len(value), f"{head}… {value}", f"{head}true")


def _comparison(line: str, above: str) -> Mend | None:
    return _requote("pack.unquoted-comparison", _COMPARISON, line)


def _interval(line: str, above: str) -> Mend | None:
    return _requote("pack.unquoted-interval", _INTERVAL, line)


def _sign(line: str, above: str) -> Mend | None:
    return _requote("pack.unquoted-sign", _SIGN, line)


def _full_colon(line: str, above: str) -> Mend | None:
    match = _FULL_COLON.search(_blank(line))
    if match is None:
        return None
    mended = _FULL_COLON.sub(lambda m: f"{_comma(m['lead'])}{m['key']}: ", line).rstrip()
    column = match.start("colon") + len(match["colon"]) - len(match["colon"].lstrip())
    return Mend("pack.full-width-colon", column, 1, mended)


def _comma(lead: str) -> str:
    return ", " if lead[:1] in "，；、" and lead else lead


def _full_comma(line: str, above: str) -> Mend | None:
    """Find a full-width comma before a key, or between the items of a list in brackets."""
    plain = _blank(line)
    match = _FULL_COMMA.search(plain) if "{" in plain else None
    if match is not None:
        mended = _FULL_COMMA.sub(", ", line)
        return Mend("pack.full-width-comma", match.start(), 1, mended)
    listed = _LISTED.search(plain)
    if listed is None:
        return None
    start, end = listed.span()
    parted = re.sub(r"\s*，\s*", ", ", line[start:end])
    return Mend("pack.full-width-comma", plain.index("，", start), 1, line[:start] + parted + line[end:])


def _full_brackets(line: str, above: str) -> Mend | None:
    match = _FULL_BRACKETS.search(_blank(line))
    if match is None:
        return None
    start, end = match.span("value")
    ascii_signs = line[start:end].translate(_FULL_ASCII)
    spaced = re.sub(r"([,:])(?=\S)", r"\1 ", ascii_signs)
    return Mend("pack.full-width-bracket", start, 1, line[:start] + spaced + line[end:])


def _no_comma(line: str, above: str) -> Mend | None:
    plain = _blank(line)
    at = plain.find("{")
    match = _NO_COMMA.search(plain, at) if at >= 0 else None
    if match is None:
        return None
    mended = line[: match.start()] + ", " + line[match.end() :]
    return Mend("pack.missing-comma", match.end(), 1, mended)


def _no_colon(line: str, above: str) -> Mend | None:
    match = _NO_COLON.match(_blank(line))
    if match is None:
        return None
    start, end = match.span("key")
    return Mend("pack.missing-colon", start, end - start, f"{line[:end]}: {line[end:].lstrip()}")


def _backslash(line: str, above: str) -> Mend | None:
    match = _BACKSLASH.search(line)
    if match is None:
        return None
    mended = _BACKSLASH.sub(lambda m: f"'{m['inside']}'", line)
    return Mend("pack.escape", line.index("\\", match.start()), 1, mended)


def _tight_dash(line: str, above: str) -> Mend | None:
    match = _TIGHT_DASH.match(line)
    if match is None:
        return None
    return Mend("pack.dash-space", match.end() - 1, 1, f"{match['head']}- {line[match.end() :]}")


def _bullet(line: str, above: str) -> Mend | None:
    match = _BULLET.match(line)
    if match is None:
        return None
    return Mend("pack.dash-space", match.start("sign"), 1, f"{match['head']}- {line[match.end() :]}")


def _stray_dash(line: str, above: str) -> Mend | None:
    """Find an item's sign before a key that belongs to the item above."""
    mine, before = _STRAY_DASH.match(line), _ANY_KEY.match(above)
    if mine is None or before is None:
        return None
    column = len(before["indent"]) + len(before["dash"])
    if len(mine["indent"]) != column:
        return None
    return Mend("pack.stray-dash", column, 1, " " * column + line[mine.end() :])


def _tight_colon(line: str, above: str) -> Mend | None:
    match = _TIGHT_COLON.search(_blank(line))
    if match is None:
        return None
    mended = _TIGHT_COLON.sub(lambda m: f"{m['lead']}{m['key']}: ", line)
    return Mend("pack.colon-space", match.end() - 1, 1, mended)


def _quotes(line: str, above: str) -> Mend | None:
    start = _unclosed(line)
    if start is None:
        return None
    in_flow = re.search(r"[{\[]", _blank(line)[:start]) is not None
    ends = [at for sign in (", ", "}", "]") if in_flow and (at := line.find(sign, start)) >= 0]
    end = min(ends, default=len(line.rstrip()))
    return Mend("pack.unbalanced-quotes", start, 1, line[:end] + line[start] + line[end:])


def _text_after_quote(line: str, above: str) -> Mend | None:
    match = _AFTER_QUOTE.match(line)
    if match is None:
        return None
    start = match.start("value")
    return Mend("pack.text-after-quote", start, len(match["value"]), line[:start] + _quoted(match["value"]))


def _comment(line: str, above: str) -> Mend | None:
    match = _COMMENT.search(_blank(line))
    return cut_by_comment(line, match.start()) if match is not None else None


def _colon_in_text(line: str, above: str) -> Mend | None:
    match = _BLOCK_VALUE.match(line)
    if match is None or ": " not in _blank(match["value"]):
        return None
    start = match.start("value")
    column = start + _blank(match["value"]).index(": ")
    return Mend("pack.colon-in-text", column, 1, line[:start] + _quoted(match["value"]))


def _indentation(line: str, above: str) -> Mend | None:
    mine, before = _ANY_KEY.match(line), _ANY_KEY.match(above)
    if mine is None or before is None:
        return None
    wanted = len(before["indent"]) + (0 if mine["dash"] else len(before["dash"]))
    given = len(mine["indent"])
    return Mend("pack.indentation", given, 1, " " * wanted + line.lstrip())


def _brackets(line: str, above: str) -> Mend | None:
    """Close a bracket that the line opens (or drop one that it closes too many)."""
    plain = _blank(line)
    opened: list[tuple[int, str]] = []
    for at, char in enumerate(plain):
        if char in "{[":
            opened.append((at, "}" if char == "{" else "]"))
        elif char in "}]" and opened and opened[-1][1] == char:
            opened.pop()
        elif char in "}]" and opened:
            start, wanted = opened[-1]
            return Mend("pack.unclosed-bracket", start, 1, line.rstrip()[:-1] + wanted)
        elif char in "}]":
            return Mend("pack.unclosed-bracket", at, 1, line[:at] + line[at + 1 :])
    if not opened:
        return None
    closing = "".join(sign for _, sign in reversed(opened))
    return Mend("pack.unclosed-bracket", opened[-1][0], 1, line.rstrip() + closing)


_RECOGNISERS: tuple[Callable[[str, str], Mend | None], ...] = (
    _tab,
    _tab_below,
    _half_comparison,
    _comparison,
    _interval,
    _full_brackets,
    _full_colon,
    _full_comma,
    _tight_dash,
    _bullet,
    _tight_colon,
    _text_after_quote,
    _comment,
    _quotes,
    _colon_in_text,
    _sign,
    question_mark,
    _no_comma,
    _backslash,
    _brackets,
    _no_colon,
    _stray_dash,
    _indentation,
)
