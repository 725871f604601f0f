"""Grading asked for by hand: a method and factors by name, as `dualprev grade lec L=3 E=6 C=15` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dualprev_rules.evaluate import Reference
from dualprev_rules.evaluate.values import decided
from dualprev_rules.facts.possible import Value
from dualprev_rules.facts.quantity import MOST_DIGITS, parse_number, too_long
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Entity
from dualprev_rules.pack.model import Bands, GradingMethod
from dualprev_rules.problems import DualprevError, Problem, Words, nearest, problem
from dualprev_rules.risk.grading import Grading, grade_factors
from dualprev_rules.risk.profile import Profile

_ASKED = Entity("risk_point", Words("风险点", "Risk point"), None, {})


def grade(
    reference: Reference,
    profile: Profile,
    method: str,
    factors: Mapping[str, str],
    *,
    bands: str | None = None,
) -> Grading:
    """Grade factors, given as text, by a method and the bands of the profile, or those named.

    A factor that is not given is unknown: the grading says which grades remain. Raises
    DualprevError with every fault: no such method, bands or factor, no number, a score that is not
    on the scale.
    """
    of = _method(reference, method)
    chosen, faults = _bands(profile, of, bands)
    values: dict[str, Value] = {}
    for name, written in factors.items():
        if name not in of.factors:
            faults.append(_no_such("risk.unknown-factor", name, of.factors, name, of.title))
            continue
        number = parse_number(written)
        if number is None:
            code = "facts.too-many-digits" if too_long(written) else "risk.not-a-number"
            faults.append(problem(code, path=name, given=written[:60], limit=MOST_DIGITS))
        else:
            values[name] = decided(number)
    record = Record(_ASKED, "", "", None)
    grading = grade_factors(reference, of, chosen, values, record, given=factors)
    faults += grading.problems
    if faults:
        raise DualprevError(faults)
    return grading


def _method(reference: Reference, name: str) -> GradingMethod:
    methods = reference.ruleset.methods
    found = methods.get(name.strip().lower())
    if found is None:
        raise DualprevError(_no_such("risk.unknown-method", name, methods))
    return found


def _bands(profile: Profile, method: GradingMethod, name: str | None) -> tuple[Bands | None, list[Problem]]:
    if name is None or name in method.bands:
        return (profile.bands_of(method) if name is None else method.bands[name]), []
    fault = _no_such("risk.unknown-bands", name, method.bands, method=method.title)
    return profile.bands_of(method), [fault]


def _no_such(
    code: str, given: str, names: Iterable[str], path: str | None = None, method: Words | None = None
) -> Problem:
    allowed = tuple(names)
    near = nearest(given, allowed) or " / ".join(allowed)
    return problem(code, path=path, given=given, nearest=near, allowed=" ".join(allowed), method=method)
