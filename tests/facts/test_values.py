"""Every form in which a value may be given, as the table beside this file has it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dualprev_rules.facts.possible import Finite, holds
from tests.facts.asserts import at, codes, fact, is_date, notes, read, said, unit_with

ROWS = yaml.safe_load(Path(__file__).with_name("values.yaml").read_text("utf-8"))
PATH = "enterprise.units[U1]"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['attribute']}={row['given']!r}"[:60])
def test_value(row: dict[str, Any]) -> None:
    name = row["attribute"]
    facts = read(unit_with(**{name: row["given"]}))
    assert codes(facts) == ([row["code"]] if "code" in row else [])
    assert notes(facts) == ([row["note"]] if "note" in row else [])
    record = at(facts, PATH)
    value = record.value(name)
    found = said(value, is_date(record, name))
    if name == "hazards":
        sure = row["is"] if "is" in row else row["sure"]
        assert found == (sure, row["is"] if "is" in row else row["open"])
    elif "is" in row:
        assert found == [row["is"]]
    else:
        assert found == row["open"]
    assert value.known == ("is" in row)
    if "is" not in row:
        reason = "data_problem" if "code" in row else "missing"
        assert [(c.path, c.reason) for c in value.causes] == [(f"{PATH}.{name}", reason)]
    for problem in facts.problems + facts.notes:
        assert problem.path == f"{PATH}.{name}"
        assert "?" not in problem.text("zh") + problem.text("en")
        assert problem.given
        assert problem.effect


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (Decimal("0.10"), "1/10"),
        (Fraction(1, 3), "1/3"),
        (10**39, str(10**39)),
        (True, None),
        (Decimal("NaN"), None),
        (b"5", None),
        (complex(1, 0), None),
        (object(), None),
    ],
)
def test_numbers_of_python(number: Any, value: str | None) -> None:
    facts = read(unit_with(pressure=number))
    if value is None:
        assert codes(facts) == ["facts.not-a-number"]
    else:
        assert fact(facts, f"{PATH}.pressure").value.possible == Finite((Fraction(value),))


@pytest.mark.parametrize("number", [10**40, Decimal("1e400"), Fraction(1, 10**50), 1e300])
def test_a_number_of_too_many_digits_is_told_as_such(number: Any) -> None:
    assert codes(read(unit_with(pressure=number))) == ["facts.too-many-digits"]


def test_a_number_too_large_to_print_is_a_problem_all_the_same() -> None:
    assert codes(read(unit_with(pressure=-(10**100_000)))) == ["facts.too-many-digits"]


class Narrow(float):
    """Like the scalars of array libraries, whose repr is not the figure."""

    def __repr__(self) -> str:
        return f"narrow({float(self)})"


def test_a_subclass_of_float_is_its_shortest_decimal() -> None:
    assert fact(read(unit_with(pressure=Narrow(0.1))), f"{PATH}.pressure").value.possible == Finite(
        (Fraction(1, 10),)
    )


@given(st.floats(min_value=0, max_value=1e15, allow_nan=False))
def test_a_float_is_never_noise(number: float) -> None:
    possible = fact(read(unit_with(pressure=number)), f"{PATH}.pressure").value.possible
    if number == 0 or number > 1e-90:
        assert possible == Finite((Fraction(repr(number)),))


@given(
    st.integers(-5, 40),
    st.integers(-5, 40),
    st.sampled_from(["at_least", "at_most", "between", "one_of", "<", "≥"]),
)
def test_what_is_partly_known_lies_in_the_range_or_doubts_it(a: int, b: int, form: str) -> None:
    given_as: Any = {
        "at_least": {"at_least": a},
        "at_most": {"at_most": a},
        "between": {"between": [a, b]},
        "one_of": {"one_of": [a, b]},
        "<": f"<{a}",
        "≥": f"≥{a}",
    }[form]
    facts = read(unit_with(oxygen=given_as))
    possible = fact(facts, f"{PATH}.oxygen").value.possible
    holding = {
        "at_least": lambda v: v >= a,
        "at_most": lambda v: v <= a,
        "between": lambda v: a <= v <= b,
        "one_of": lambda v: v in (a, b),
        "<": lambda v: v < a,
        "≥": lambda v: v >= a,
    }[form]
    for half in range(-20, 100):
        value = Fraction(half, 2)
        if codes(facts) == []:
            assert holds(possible, value) == (0 <= value <= 30 and holding(value))
        elif codes(facts) == ["facts.out-of-range"]:
            assert holds(possible, value)
        else:
            assert holds(possible, value) == (0 <= value <= 30)
