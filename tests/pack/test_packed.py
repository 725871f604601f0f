"""Values as plain data and back."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

import pytest

from dualprev_rules.pack.packed import classes_of, pack, unpack


class Colour(Enum):
    RED = 1


@dataclass(frozen=True, slots=True)
class Leaf:
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    left: Any
    right: Any = None

    def __post_init__(self) -> None:
        Ran.times += 1


class Ran:
    times = 0


@dataclass(frozen=True, slots=True)
class Stranger:
    value: Any


CLASSES = {
    name: cls for name, cls in classes_of([sys.modules[__name__]]).items() if not name.endswith("Stranger")
}


def through(value: object) -> Any:
    return unpack(json.loads(json.dumps(pack(value, CLASSES))), CLASSES)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "氨",
        0,
        1,
        True,
        False,
        (0, False, 1, True, "1", None, Fraction(1), "True"),
        Fraction(1, 3),
        Fraction(10**40, 7),
        date(2026, 11, 21),
        Colour.RED,
        frozenset(),
        frozenset(("a", "b", Fraction(1, 2))),
        ((), ((),), (((),),)),
        {"b": 1, "a": {("x", "y"): (Leaf(1),)}},
        Branch(left=Leaf(Leaf("x")), right=Branch(left=(Leaf(1), Leaf(True)))),
    ],
)
def test_comes_back(value: object) -> None:
    found = through(value)
    assert found == value
    # 1, True and Fraction(1) are equal and not the same; a set has no order.
    assert sorted(repr(found)) == sorted(repr(value))


def test_keeps_the_order_of_a_mapping() -> None:
    assert list(through({"b": 1, "a": 2})) == ["b", "a"]


def test_what_is_the_same_stays_the_same_and_no_more() -> None:
    leaf, branch = Leaf("x"), Branch(left=Leaf("x"))
    first, second, third, fourth, fifth = through((leaf, Leaf("x"), branch, branch, Branch(left=leaf)))
    assert first is second is third.left
    assert third is fourth
    assert third == fifth
    assert third is not fifth


def test_runs_nothing_of_a_class() -> None:
    data = pack(Branch(left=1), CLASSES)
    before = Ran.times
    assert unpack(data, CLASSES).left == 1
    assert Ran.times == before


@pytest.mark.parametrize("value", [1.5, [1], {1, 2}, b"x", object(), Stranger(1), int, {Leaf(1): 2}])
def test_refuses_what_is_no_plain_immutable_value(value: object) -> None:
    with pytest.raises(TypeError):
        pack((value,), CLASSES)


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("objects", [["builtins.object", [], 1]]),
        ("objects", [[f"{__name__}.Stranger", ["value"], 1]]),
        ("objects", [[f"{__name__}.Leaf", ["values"], 1]]),
        ("objects", [[f"{__name__}.Colour", [], 1]]),
        ("members", [[f"{__name__}.Leaf", "value"]]),
        ("members", [[f"{__name__}.Colour", "BLUE"]]),
        ("containers", [["list", [[0]]]]),
        ("fields", []),
        ("fields", [[[0, 0]]]),
        ("root", 99),
        ("days", ["yesterday"]),
    ],
)
def test_refuses_other_data(part: str, other: object) -> None:
    data = pack(Leaf("x"), CLASSES)
    with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
        unpack({**data, part: other}, CLASSES)
