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
    """Return the code where nothing is open. Choosing is several times as fast as reckoning with codes."""
    if applies.holds is False:
        return constant(NOT_APPLICABLE)
    if isinstance(violated.holds, bool):
        code = constant(VIOLATED if violated.holds else COMPLIANT)
    else:
        code = pl.when(expression(violated)).then(constant(VIOLATED)).otherwise(constant(COMPLIANT))
    if unless.holds is not False:
        excused = expression(violated) & expression(unless)
        code = pl.when(excused).then(constant(NOT_APPLICABLE)).otherwise(code)
    if applies.holds is True:
        return code
    return pl.when(expression(applies)).then(code).otherwise(constant(NOT_APPLICABLE))


def _open(applies: Truth, violated: Truth, unless: Truth) -> pl.Expr:
    if applies.holds is False:
        return constant(NOT_APPLICABLE)
    v, x = expression(violated), expression(unless)
    n, c, u, h = (constant(code) for code in (NOT_APPLICABLE, COMPLIANT, UNDETERMINED, HARMLESS))
    if unless.holds is False:
        # A condition that is open chooses what stands last.
        sure = pl.when(v).then(constant(VIOLATED)).when(~v).then(c).otherwise(u)
        # Where it may not apply either, only what is not violated is harmless.
        maybe = pl.when(~v).then(h).otherwise(u)
    else:
        of_violated = pl.when(x).then(n).when(~x).then(constant(VIOLATED)).otherwise(constant(PRESUMED))
        of_open = pl.when(x).then(h).otherwise(u)
        sure = pl.when(v).then(of_violated).when(~v).then(c).otherwise(of_open)
        maybe = pl.when(v).then(pl.when(x).then(n).otherwise(u)).when(~v).then(h).otherwise(of_open)
    if applies.holds is True:
        return sure
    if applies.holds is None:
        return maybe
    a = expression(applies)
    if not applies.nulls:
        return pl.when(a).then(sure).otherwise(n)
    return pl.when(a).then(sure).when(~a).then(n).otherwise(maybe)


def state(code: pl.Expr, asks: bool) -> Truth:
    """Return whether the rule of a code is violated."""
    holds = pl.when(code >= UNDETERMINED).then(None).otherwise(code == VIOLATED)
    holds = pl.when(code == HARMLESS).then(pl.lit(False)).otherwise(holds)
    loose: Flag = (code == ASK) if asks else None
    return Truth(holds, nulls=True, loose=loose)
