"""Whatever is given, ``assess`` says what is wrong with it: data problems, or one ``DualprevError``."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dualprev_rules import DualprevError, Engine
from dualprev_rules.facts.document import MOST_DEPTH
from dualprev_rules.facts.possible import MOST_MEMBERS
from dualprev_rules.facts.quantity import MOST_CHARACTERS, MOST_DIGITS
from tests.cases import cases
from tests.packs.parts import ROOT

PACK = ROOT / "packs" / "chemicals" / "dualprev_pack_chemicals"


def _nested(depth: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(depth):
        inner = [inner]
    return inner


AT_LIMITS: list[Any] = [
    limit
    for times in (1, 2)
    for limit in (
        "9" * MOST_DIGITS * times,
        int("9" * MOST_DIGITS * times),
        "1e" + "9" * 2 * times,
        "字" * MOST_CHARACTERS * times,
        "<" + "1" * MOST_DIGITS * times,
        _nested(MOST_DEPTH * times),
        {"one_of": [*range(MOST_MEMBERS * times)]},
        {"between": ["0." + "3" * MOST_DIGITS * times, 5]},
    )
]
"""What reaches a limit of what is read, and twice as much."""
ODD: list[Any] = [
    None,
    True,
    "",
    "约5",
    "100-200",
    [],
    {},
    1e300,
    float("nan"),
    -1,
    "no",
    b"",
    "２００",
    [[]],
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["enterprise", "units", "unit", "substances", "id", "quantity", "value", "items"])
            | st.text(max_size=4),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@cache
def _engine() -> Engine:
    return Engine.load([PACK], as_of="2026-11-21")


@cache
def _parts() -> list[dict[str, Any]]:
    """Return the example site in parts: each with one record of a list of the enterprise or of its sites."""
    text = (ROOT / "examples" / "chlor_alkali_lpg" / "site.yaml").read_text("utf-8")
    enterprise = yaml.load(text, Loader=yaml.CSafeLoader)["enterprise"]
    parts = [{key: value} for key, value in enterprise.items() if key != "sites"]
    for site in enterprise["sites"]:
        for key, value in site.items():
            records = value if isinstance(value, list) else []
            parts += [{"sites": [{"id": "S", key: [one]}]} for one in records]
    return [{"enterprise": part} for part in parts]


def _spoil(tree: Any, chance: Random) -> None:
    """Change one place of a site as people and programs do."""
    places: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        for key, value in list(part.items() if isinstance(part, dict) else enumerate(part)):
            places.append((part, key))
            if isinstance(value, dict | list):
                waiting.append(value)
    part, key = chance.choice(places)
    match chance.randrange(7):
        case 0:
            part[key] = chance.choice(ODD)
        case 1:
            part[key] = deepcopy(chance.choice(AT_LIMITS))
        case 2 if isinstance(part, dict):
            part[f"{key}x"] = part.pop(key)
        case 3 if isinstance(part, list):
            part.append(deepcopy(part[key]))
        case 4:
            part[key] = {"items": part[key], "complete": False}
        case 5:
            part[key] = {"value": part[key], "unit": "kg", "at": "2020-01-01"}
        case _:
            part[key] = [part[key]]


def _settle(source: Any) -> None:
    """Judge what is given; whatever is told of it can be said in both languages."""
    try:
        result = _engine().assess(source)
        told = (*result.data_problems, *result.notes)
        assert result.count("violated") >= 0
    except DualprevError as refused:
        told = refused.problems
    assert all(fault.show("zh") and fault.show("en") for fault in told)


@settings(max_examples=cases(1_500))
@given(st.integers(0, 10**6), st.randoms(use_true_random=False), st.integers(1, 4))
def test_spoilt_examples(which: int, chance: Random, times: int) -> None:
    site = deepcopy(_parts()[which % len(_parts())])
    for _ in range(times):
        _spoil(site, chance)
    _settle(site)


@settings(max_examples=cases(3_500))
@given(JSON)
def test_random_json(tree: Any) -> None:
    _settle(tree)


def test_every_limit_and_twice_its_size() -> None:
    for value in (*AT_LIMITS, *ODD):
        for name in ("quantity", "cas", "categories", "name"):
            _settle(
                {"unit": {"id": "U1", "substances": [{"name": "氯", "quantity": 5, name: deepcopy(value)}]}}
            )


def test_the_document_of_a_spoilt_site_is_written() -> None:
    for part in _parts()[::16]:
        site = deepcopy(part)
        site["enterprise"]["wrong_name"] = "约5"
        assert "facts.unknown-key" in _engine().assess(site).to_json()
