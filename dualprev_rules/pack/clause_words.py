"""The words of clauses and what they mean: 100以上 is ``>= 100``, 超过 is ``>``, 不足 is ``<``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from dualprev_rules.facts.quantity import parse_number
from dualprev_rules.lang.tree import Compare, Const, Node, Param, Scale, walk
from dualprev_rules.pack.model import Citation, Instrument, Rule
from dualprev_rules.problems import Problem

WORDS: dict[str, str] = {
    "不少于": ">=",
    "不小于": ">=",
    "不低于": ">=",
    "不超过": "<=",
    "不大于": "<=",
    "不高于": "<=",
    "不多于": "<=",
    "超过": ">",
    "大于": ">",
    "高于": ">",
    "多于": ">",
    "不足": "<",
    "不满": "<",
    "小于": "<",
    "低于": "<",
    "少于": "<",
    "至少": ">=",
    "至多": "<=",
}
"""Words before a figure."""
_NO_WORDS: Mapping[str, str] = {}
AFTER: dict[str, str] = {"以上": ">=", "以下": "<="}
"""Words behind a figure and its unit; the figure itself counts."""

_EVERYWHERE = {**WORDS, **AFTER}
_SIGN = re.compile("[<>]=?")
_FIGURE = r"(?P<figure>[0-9]+(?:\.[0-9]+)?)"
_BEFORE = re.compile(rf"(?P<word>{'|'.join(sorted(WORDS, key=len, reverse=True))})\s*{_FIGURE}")
_BEHIND = re.compile(rf"{_FIGURE}\s*[^\s0-9，。；、（）以]{{0,4}}(?P<word>{'|'.join(AFTER)})(?!（)")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_INCLUDED_ABOVE = frozenset((">=", "<"))
"""Comparisons that part the numbers just below the figure; the others part them just above it."""


_RANGE = re.compile(r"[0-9]+(?:\.[0-9]+)?\s*[~～]\s*(?P<high>[0-9]+(?:\.[0-9]+)?)")


def of_instruments(cited: Iterable[Citation], instruments: Mapping[str, Instrument]) -> dict[str, str]:
    """Return what the instruments cited say of their own words; the first goes before the others."""
    own = [instruments[cite.instrument].words for cite in cited if cite.instrument in instruments]
    return {word: op for words in reversed(own) for word, op in words.items()}


def said(text: str, own: Mapping[str, str] = _NO_WORDS) -> Iterator[tuple[str, Fraction, str]]:
    """Yield the words of a text that compare, each with its figure and the comparison that it means.

    ``own`` is what words mean in the instrument cited, where that is otherwise.

    >>> [(word, str(figure), op) for word, figure, op in said("人数100人以上，间距不足2.5 m")]
    [('不足', '5/2', '<'), ('以上', '100', '>=')]
    """
    for pattern, words in ((_BEFORE, WORDS), (_BEHIND, AFTER)):
        for match in pattern.finditer(text):
            figure = parse_number(match["figure"])
            if figure is not None:
                word = match["word"]
                yield word, figure, own.get(word, words[word])


def in_own_words(problem: Problem, own: Mapping[str, str]) -> Problem:
    """Return a problem with what it proposes as the instrument cited means the words that were given.

    Nothing is proposed where it is not plain which sign of the proposal stands for the word.
    """
    given = problem.given or ""
    word = next((w for w in sorted(_EVERYWHERE, key=len, reverse=True) if w in given), None)
    if word is None or problem.nearest is None or own.get(word, _EVERYWHERE[word]) == _EVERYWHERE[word]:
        return problem
    proposed, signs = _SIGN.subn(own[word], problem.nearest)
    is_plain = signs == 1 and _SIGN.findall(problem.nearest) == [_EVERYWHERE[word]]
    return replace(problem, nearest=proposed if is_plain else None)


def broken_ranges(rule: Rule) -> Iterator[str]:
    """Yield ranges of whole figures (50~99) in a title whose rule tests the ends of what is not whole.

    The next range begins at 100: of whole numbers nothing is between, of others 99.5 is in neither.
    """
    tested = {figure for part in (rule.applies, rule.violated) if part for figure in _not_whole(part.node)}
    for match in _RANGE.finditer(rule.title.zh):
        high = parse_number(match["high"])
        if high is not None and high in tested and high % 10 == 9:
            yield match[0]


def _not_whole(node: Node) -> Iterator[Fraction]:
    for part in walk(node):
        if isinstance(part, Compare) and not getattr(part.left.type, "whole", False):
            yield from (figure for figure, _ in _tests(part))


def disagreeing(rule: Rule, own: Mapping[str, str] = _NO_WORDS) -> Iterator[tuple[str, str, str]]:
    """Yield word with figure, comparison meant and comparison found, where a title and its rule disagree.

    A rule may say what is wrong where its title says what is right: 不少于 2 and ``< 2`` agree.
    """
    tests = dict[Fraction, set[str]]()
    for part in (rule.applies, rule.violated):
        for figure, op in _tests(part.node) if part is not None else ():
            tests.setdefault(figure, set()).add(op)
    for word, figure, op in said(rule.title.zh, own):
        found = tests.get(figure, set())
        if found and not any((other in _INCLUDED_ABOVE) == (op in _INCLUDED_ABOVE) for other in found):
            shown = str(figure) if figure.denominator == 1 else str(float(figure))
            yield f"{word} {shown}", f"{op} {shown}", f"{min(found)} {shown}"


def _tests(node: Node) -> Iterator[tuple[Fraction, str]]:
    for part in walk(node):
        if not isinstance(part, Compare) or part.op not in _MIRRORED:
            continue
        for side, op in ((part.right, part.op), (part.left, _MIRRORED[part.op])):
            inner = side.of if isinstance(side, Scale) else side
            if isinstance(inner, Const | Param) and isinstance(inner.value, Fraction):
                yield inner.value, op
