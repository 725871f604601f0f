"""Outcome codes of one byte, and the code of a rule in every row."""

from __future__ import annotations

import polars as pl

from dualprev_rules.evaluate.columns.things import Flag, Truth, any_flag, expression
from dualprev_rules.evaluate.outcome import Outcome

NOT_APPLICABLE, VIOLATED, COMPLIANT, UNDETERMINED, PRESUMED, HARMLESS = range(6)
"""The last three are undetermined: presumed is violated but for an exception, harmless asks nothing."""
NAMES = ("not_applicable", "violated", "compliant", "undetermined", "presumed", "harmless")
ASK = 255
"""Not decided here: the exact evaluator is asked."""


def constant(code: int) -> pl.Expr:
    """Return a code as an expression."""
    return pl.lit(code, dtype=pl.UInt8)


def code_of_outcome(outcome: Outcome) -> int:
    """Return the code of an outcome of the reference evaluator."""
    if outcome.code != "undetermined":
        return NAMES.index(outcome.code)
    return PRESUMED if outcome.presumed else HARMLESS if outcome.harmless else UNDETERMINED


def code_of(applies: Truth, violated: Truth, unless: Truth) -> tuple[pl.Expr, bool]:
    """Return the code in each row (semantics, *Classifications and rules*), and whether some row asks."""
    truths = (applies, violated, unless)
    if not any(each.nulls for each in truths):
        return _plain(applies, violated, unless), False
    open_code = _open(applies, violated, unless)
    loose = any_flag(each.loose for each in truths)
    if loose is None:
        return open_code, False
    return pl.when((open_code >= UNDETERMINED) & loose).then(constant(ASK)).otherwise(open_code), True


def _plain(applies: Truth, violated: Truth, unless: Truth) -> pl.Expr:
    """Return the code where nothing is open, by arithmetic: it is cheaper than choosing."""
    if applies.holds is False:
        return constant(NOT_APPLICABLE)
    if isinstance(violated.holds, bool):
        code = constant(VIOLATED if violated.holds else COMPLIANT)
    else:
        code = constant(COMPLIANT) - expression(violated).cast(pl.UInt8)
    if unless.holds is not False:
        code = code * (~(expression(violated) & expression(unless))).cast(pl.UInt8)
    return code if applies.holds is True else code * expression(applies).cast(pl.UInt8)


def _open(applies: Truth, violated: Truth, unless: Truth) -> pl.Expr:
    if applies.holds is False:
        return constant(NOT_APPLICABLE)
    never = unless.holds is False
    if applies.holds is True and never:
        # 2 - violated, and open where that is.
        return (constant(COMPLIANT) - expression(violated).cast(pl.UInt8)).fill_null(UNDETERMINED)
    a, v, x = expression(applies), expression(violated), expression(unless)
    if never:
        sure = (constant(COMPLIANT) - v.cast(pl.UInt8)).fill_null(UNDETERMINED)
        # It may not apply either: then only what is not violated is harmless.
        maybe = pl.when(v).then(constant(UNDETERMINED)).otherwise(constant(HARMLESS))
        maybe = pl.when(v.is_null()).then(constant(UNDETERMINED)).otherwise(maybe)
    else:
        excused = pl.when(x).then(constant(NOT_APPLICABLE)).otherwise(constant(VIOLATED))
        of_violated = pl.when(x.is_null()).then(constant(PRESUMED)).otherwise(excused)
        of_open = pl.when(x).then(constant(HARMLESS)).otherwise(constant(UNDETERMINED))
        sure = pl.when(v.is_null()).then(of_open).when(v).then(of_violated).otherwise(constant(COMPLIANT))
        not_held = pl.when(x).then(constant(NOT_APPLICABLE)).otherwise(constant(UNDETERMINED))
        maybe = pl.when(v.is_null()).then(of_open).when(v).then(not_held).otherwise(constant(HARMLESS))
    if applies.holds is True:
        return sure
    if applies.holds is None:
        return maybe
    if not applies.nulls:
        return pl.when(a).then(sure).otherwise(constant(NOT_APPLICABLE))
    return pl.when(a.is_null()).then(maybe).when(a).then(sure).otherwise(constant(NOT_APPLICABLE))


def state(code: pl.Expr, asks: bool) -> Truth:
    """Return whether the rule of a code is violated."""
    holds = pl.when(code >= UNDETERMINED).then(None).otherwise(code == VIOLATED)
    holds = pl.when(code == HARMLESS).then(pl.lit(False)).otherwise(holds)
    loose: Flag = (code == ASK) if asks else None
    return Truth(holds, nulls=True, loose=loose)
