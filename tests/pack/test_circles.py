"""A circle is told whatever else is wrong with the definitions and rules in it or below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.packs import problems
from tests.pack.test_mistakes import edited

DEFINITIONS, OLD, NEW = "definitions.yaml", "rules/old.yaml", "rules/new.yaml"
ITSELF: list[str | None] = [DEFINITIONS, "when: is_major", "when: level in {1}"]
MAJOR = "is: s_value >= 1"
RULES: list[list[str | None]] = [
    [NEW, "violated: not has_shutoff", "violated: rule('small.old.1') or not has_shutof"],
    [OLD, "violated: not has_shutoff", "violated: rule('small.new.5-1')"],
]


@pytest.mark.parametrize(
    ("edits", "circle", "others"),
    [
        ([ITSELF], "unit.level → unit.level", []),
        (
            [ITSELF, [DEFINITIONS, "for s in substances", "for s in substance"]],
            *("unit.level → unit.level", ["lang.unknown-name"]),
        ),
        (
            [ITSELF, [DEFINITIONS, "lookup('limits', name)", "lookup('limits', nam)"]],
            *("unit.level → unit.level", ["lang.unknown-name"]),
        ),
        (
            [[DEFINITIONS, MAJOR, "is: level in {1} or kind == storag"]],
            *("unit.is_major → unit.level → unit.is_major", ["lang.unknown-member"]),
        ),
        (
            [
                [DEFINITIONS, "lookup('limits', name).q", "lookup('limits', nam).q if unit.is_major else 1"],
            ],
            *("substance.limit → unit.is_major → unit.s_value → substance.limit", ["lang.unknown-name"]),
        ),
        (RULES, "small.new.5-1 → small.old.1 → small.new.5-1", ["lang.unknown-name"]),
    ],
)
def test_a_circle_is_told_beside_other_faults(
    edits: list[list[str | None]], circle: str, others: list[str], tmp_path: Path
) -> None:
    found = [problem for problem in problems(edited(tmp_path, edits)) if problem.severity == "error"]
    assert sorted(problem.code for problem in found) == sorted([*others, "pack.cycle"])
    assert [problem.given for problem in found if problem.code == "pack.cycle"] == [circle]


@pytest.mark.parametrize(
    "edits",
    [
        # A loop's variable is no definition, and the same name below is another's.
        [[DEFINITIONS, MAJOR, "is: any(level.is_wet for level in substances) or s_valu > 1"]],
        [[DEFINITIONS, "is: lookup('limits', name).q", "is: lookup('limits', nam).limit"]],
    ],
)
def test_no_circle_is_seen_where_none_is(edits: list[list[str | None]], tmp_path: Path) -> None:
    found = problems(edited(tmp_path, edits))
    assert found
    assert "pack.cycle" not in [problem.code for problem in found]
