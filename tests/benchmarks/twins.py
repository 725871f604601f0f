"""What an engineer would write by hand: plain functions, floats, no checks, an outcome for every rule.

They were written before there was a compiled evaluator, and stay as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

V, C, N = "violated", "compliant", "not_applicable"


def judge_flat(
    quantity: float, pressure: float, temperature: float, distance: float, hazard: str, has_alarm: bool
) -> tuple[str, ...]:
    """Judge the 40 rules of packs/flat, in their order, on facts already read."""
    return (
        V if quantity > 50 and not has_alarm else C,
        V if quantity > 200 and distance < 50 else C,
        V if quantity > 500 and distance < 100 else C,
        V if quantity > 1000 and distance < 150 else C,
        V if pressure > 1.6 and not has_alarm else C,
        V if pressure > 4 and distance < 30 else C,
        V if pressure >= 10 else C,
        V if pressure < 0.1 and temperature > 60 else C,
        V if temperature > 120 and quantity > 10 else C,
        V if temperature > 200 else C,
        V if temperature < -40 and pressure > 0.8 else C,
        V if distance < 10 else C,
        V if distance < 25 and quantity > 20 else C,
        V if distance < 25 and pressure > 0.4 else C,
        V if distance < 40 and temperature > 80 else C,
        V if quantity > 5 and pressure > 2.5 and distance < 60 else C,
        V if quantity > 100 and temperature > 45 and not has_alarm else C,
        V if quantity > 300 or pressure > 6.4 else C,
        V if temperature > 90 or pressure > 8 else C,
        V if 0.1 <= pressure < 1.6 and quantity > 400 else C,
        (V if quantity > 5 else C) if hazard == "toxic" else N,
        (V if distance < 150 else C) if hazard == "toxic" else N,
        (V if not has_alarm else C) if hazard == "toxic" else N,
        (V if pressure > 0.6 and distance < 300 else C) if hazard == "toxic" else N,
        (V if temperature > 40 and quantity > 1 else C) if hazard == "toxic" else N,
        (V if quantity > 50 else C) if hazard == "flammable" else N,
        (V if distance < 60 else C) if hazard == "flammable" else N,
        (V if temperature > 55 else C) if hazard == "flammable" else N,
        (V if pressure > 1.2 and not has_alarm else C) if hazard == "flammable" else N,
        (V if quantity > 120 and temperature > 30 else C) if hazard == "flammable" else N,
        (V if quantity > 1 else C) if hazard == "explosive" else N,
        (V if distance < 200 else C) if hazard == "explosive" else N,
        (V if temperature > 35 else C) if hazard == "explosive" else N,
        (V if pressure > 0.3 else C) if hazard == "explosive" else N,
        (V if quantity > 0.5 and not has_alarm else C) if hazard == "explosive" else N,
        (V if quantity > 80 and distance < 20 else C) if hazard == "corrosive" else N,
        (V if temperature > 70 and pressure > 0.5 else C) if hazard == "corrosive" else N,
        (V if distance < 15 else C) if hazard in ("corrosive", "flammable") else N,
        (V if quantity > 10 and distance < 80 else C) if hazard in ("toxic", "explosive") else N,
        (V if temperature < 0 and pressure > 1 else C) if hazard != "corrosive" else N,
    )


def judge_flat_dict(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Judge the same from a dict as an ERP would send it, trusting every key and type."""
    tank = facts["enterprise"]
    return judge_flat(
        tank["quantity"],
        tank["pressure"],
        tank["temperature"],
        tank["distance"],
        tank["hazard"],
        tank["has_alarm"],
    )


@dataclass(slots=True)
class Substance:
    """A substance of a unit, as read."""

    cas: str
    quantity: float


@dataclass(slots=True)
class Unit:
    """A unit with its substances, as read."""

    substances: list[Substance]
    is_filed: bool
    has_assessment: bool
    has_monitoring: bool
    has_warning_sign: bool


def judge_unit(unit: Unit, critical: Mapping[str, float]) -> tuple[str, ...]:
    """Judge the rules of packs/installation for one unit, on facts already read: S = sum(q / Q)."""
    s = sum(substance.quantity / critical[substance.cas] for substance in unit.substances)
    is_major = s >= 1
    return (
        (C if unit.is_filed else V) if is_major else N,
        (C if unit.has_assessment else V) if is_major else N,
        (C if unit.has_monitoring else V) if s >= 0.5 else N,
        (C if unit.has_warning_sign else V) if unit.substances else N,
    )


def judge_units_dict(facts: Mapping[str, Any], critical: Mapping[str, float]) -> list[tuple[str, ...]]:
    """Judge the same for every unit of a dict, trusting every key and type."""
    outcomes: list[tuple[str, ...]] = []
    for unit in facts["enterprise"]["units"]:
        substances = unit["substances"]
        s = sum(substance["quantity"] / critical[substance["cas"]] for substance in substances)
        is_major = s >= 1
        outcomes.append(
            (
                (C if unit["is_filed"] else V) if is_major else N,
                (C if unit["has_assessment"] else V) if is_major else N,
                (C if unit["has_monitoring"] else V) if s >= 0.5 else N,
                (C if unit["has_warning_sign"] else V) if substances else N,
            )
        )
    return outcomes
