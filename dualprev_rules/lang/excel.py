"""Calls in the form of Excel, ``AND(a, b)`` and ``IF(c, a, b)``, and the tokens of a condition."""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"(?P<space>\s+|\#[^\n]*)|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<number>0[xXoObB]\w+|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<word>\w+)"
    r"|(?P<sign><=|>=|==|!=|<>|=>|=<|&&|\|\||\*\*|//|.)",
    re.DOTALL,
)
"""A token, or what parts two."""
OPEN, CLOSE = frozenset("([{"), frozenset(")]}")
CALL = re.compile(
    r"\s*(?P<name>AND|OR|NOT|IF|And|Or|Not|If|and|or|if|且|或|非|如果)\s*\((?P<inside>.*)\)\s*", re.DOTALL
)
"""A call that is written as in Excel, as far as its name and brackets tell."""


def spelt_out(text: str) -> str | None:
    """Return Excel's ``AND(a, b)``, ``OR(a, b)``, ``NOT(a)`` or ``IF(c, a, b)`` as the language has it.

    >>> spelt_out("AND(a > 1, OR(b, c))")
    'a > 1 and (b or c)'
    """
    match = CALL.fullmatch(text)
    if match is None:
        return None
    args = [_argument(part.strip()) for part in _parted(match["inside"])]
    match match["name"].casefold():
        case "if" | "如果" if len(args) == 3:
            return f"{args[1]} if {args[0]} else {args[2]}"
        case "not" | "非" if len(args) == 1:
            return f"not {args[0]}" if args[0].isidentifier() else f"not ({args[0]})"
        case "and" | "且" if args:
            return " and ".join(args)
        case "or" | "或" if args:
            return " or ".join(args)
        case _:
            return None


def _argument(text: str) -> str:
    inner = spelt_out(text)
    return f"({inner})" if inner is not None and not inner.startswith("not ") else inner or text


def _parted(text: str) -> list[str]:
    """Return the arguments of a call: the text parted at commas outside of brackets and quotes."""
    parts, depth = [""], 0
    for match in TOKEN.finditer(text):
        depth += (match[0] in OPEN) - (match[0] in CLOSE)
        if match[0] == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += match[0]
    return parts
