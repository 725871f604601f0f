"""Random sites for the test schema, all of whose facts are given in a form that is read without fault."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

_IDS = st.text("abcUT0123456789-_#", min_size=1, max_size=5)
_WORDS = st.text("氯甲烷罐区 abcXYZ-.", min_size=1, max_size=8).filter(lambda text: text.strip() == text)
_FIGURES = st.one_of(
    st.integers(0, 10**6),
    # 15 digits are what a workbook holds.
    st.floats(0, 10**6, allow_nan=False)
    .map(lambda x: float(f"{x:.12g}"))
    .filter(lambda x: x == 0 or x > 1e-9),
    st.sampled_from(["1/3", "<0.5", "≥3", "1,000"]),
)
_DAYS = st.dates().map(lambda day: day.isoformat())


def _record(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def _records(
    of: st.SearchStrategy[dict[str, Any]], *, keyed: bool
) -> st.SearchStrategy[list[dict[str, Any]]]:
    lists = st.lists(of.filter(bool), min_size=1, max_size=3)
    if not keyed:
        return lists
    keys = st.lists(_IDS, min_size=3, max_size=3, unique=True)
    return st.tuples(lists, keys).map(lambda p: [{"id": k, **r} for r, k in zip(p[0], p[1], strict=False)])


SUBSTANCES = _record(name=_WORDS, cas=st.sampled_from(["7782-50-5", "67-56-1"]), quantity=_FIGURES)
UNITS = _record(
    name=_WORDS,
    kind=st.sampled_from(["production", "storage", "生产", "储存"]),
    level=st.sampled_from([1, 2, "3", "4"]),
    exposed_people=st.integers(0, 1000),
    oxygen=st.one_of(st.integers(0, 30), st.sampled_from(["20.9", "<0.5", "≥18"])),
    has_interlock=st.booleans(),
    has_stop=st.sampled_from([True, False, "是", "否"]),
    commissioned_on=_DAYS,
    hazards=st.lists(st.sampled_from(["J1", "J2", "W5.1"]), min_size=1, unique=True),
    owner=st.just("P1"),
    substances=_records(SUBSTANCES, keyed=False),
    tanks=_records(_record(volume=_FIGURES, clause=_WORDS), keyed=True),
)
SITES = st.builds(
    lambda units, **more: {"enterprise": {"units": units, "persons": [{"id": "P1"}], **more}},
    units=_records(UNITS, keyed=True),
    name=_WORDS,
)
