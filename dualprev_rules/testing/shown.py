"""What of a case did not come out, and what of a pack no case tries, as text."""

from __future__ import annotations

import json
from collections.abc import Iterator

from dualprev_rules.problems.words import Lang
from dualprev_rules.report.phrases import named, phrase
from dualprev_rules.report.text import reason_lines
from dualprev_rules.testing.cases import CaseResult, Mismatch
from dualprev_rules.testing.tried import KINDS, Point, Tried

_LONGEST_TREE = 60
"""Lines of reasons that are shown for one thing that did not come out."""


def shown(result: CaseResult, lang: Lang = "zh") -> str:
    """Return what of a case did not come out: expected, got, and the tree of reasons."""
    lines = [f"{result.case.place}: {result.case.name}"]
    for problem in result.problems:
        lines += [f"  {line}" for line in problem.show(lang).splitlines()]
    for mismatch in result.mismatches:
        lines += [f"  {line}" for line in _mismatch(mismatch, lang)]
    return "\n".join(lines) + "\n"


def tried_lines(found: Tried, lang: Lang = "zh") -> Iterator[str]:
    """Yield what the cases of a pack try, kind by kind, and what they do not."""
    for kind in KINDS:
        n, of = found.count(kind)
        yield phrase(f"tried_{kind}", n=n, of=of).get(lang)
        for point in found.left(kind):
            at = f"{point.place.file}:{point.place.line}: " if point.place is not None else ""
            yield f"    {at}{point.part}: {_told(point, lang)}"


def _told(point: Point, lang: Lang) -> str:
    """Return what a point is; an outcome in words."""
    return named("tried", point.what).get(lang) if point.kind == "rule" else point.what


def _mismatch(mismatch: Mismatch, lang: Lang) -> list[str]:
    if mismatch.missing:
        near = phrase("did_you_mean", name=mismatch.nearest).get(lang) if mismatch.nearest else ""
        return [f"{mismatch.key}{phrase('colon').get(lang)}{phrase('no_result').get(lang)}{near}"]
    tree = reason_lines(mismatch.because, mismatch.derived or {}, lang)
    first = tree[:_LONGEST_TREE]
    if len(tree) > len(first):
        first.append(phrase("left_out", n=len(tree) - len(first)).get(lang))
    values = {"expected": mismatch.expected, "got": mismatch.got}
    return [
        mismatch.key,
        *(
            f"  {phrase(name).get(lang)}{phrase('colon').get(lang)}{_written(values[name])}"
            for name in values
        ),
        *(f"  {line}" for line in first),
    ]


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
