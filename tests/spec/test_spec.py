"""The specification's cases hold of the reference evaluator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from tests.spec.spec import Case, Found, cases, expected, run

ALL = list(cases())


def _parts(found: Found, wanted: dict[str, object]) -> dict[str, object]:
    """Cut an undetermined outcome to the marks that the case names, so that a case may leave some out."""
    if not isinstance(found.shown, dict) or found.shown.get("outcome") != "undetermined":
        return found.shown
    return {k: v for k, v in found.shown.items() if k in wanted or k in ("outcome", "presumed", "harmless")}


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_case(case: Case) -> None:
    found, wanted = run(case), expected(case.spec)
    assert _parts(found, wanted) == wanted
    if "causes" in case.spec:
        assert found.causes == sorted(case.spec["causes"])
    if "reasons" in case.spec:
        assert found.reasons == sorted(case.spec["reasons"])
    if found.value is not None and found.value.known:
        assert found.value.causes == frozenset()


def test_no_id_is_given_twice() -> None:
    assert _twice(case.id for case in ALL) == []


def test_no_case_is_written_twice() -> None:
    asked = [
        repr((c.file, {k: v for k, v in c.spec.items() if k not in ("id", "note", "causes")})) for c in ALL
    ]
    assert _twice(asked) == []


def test_there_are_as_many_as_promised() -> None:
    assert len(ALL) >= 500


def _twice(of: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(of).items() if count > 1]
