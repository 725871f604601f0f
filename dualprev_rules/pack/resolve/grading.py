"""Grading methods: factors, the formula over them, and the bands that a profile chooses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dualprev_rules.facts.possible import EVERY_NUMBER, Numbers, finite, interval
from dualprev_rules.facts.types import Enum, Number
from dualprev_rules.pack.model import Bands, Citation, Factor, GradingMethod, Level
from dualprev_rules.pack.resolve.decisions import compile_table
from dualprev_rules.pack.resolve.instruments import Editions, citation
from dualprev_rules.pack.resolve.scopes import Scopes
from dualprev_rules.pack.resolve.types import GRADE
from dualprev_rules.pack.spec import BandsSpec, CitationSpec, FactorSpec, MethodSpec
from dualprev_rules.pack.spec.scalars import name_fault


def build_methods(
    declared: Iterable[tuple[str, MethodSpec]], editions: Editions, scopes: Scopes
) -> dict[str, GradingMethod]:
    """Return the grading methods by id; those at fault are left out."""
    specs: dict[str, MethodSpec] = {}
    found: dict[str, GradingMethod] = {}
    for pack, spec in declared:
        if spec.method in specs:
            first = specs[spec.method].at("method")
            scopes.faults.note("pack.duplicate-id", spec.at("method"), given=spec.method, nearest=str(first))
            continue
        specs[spec.method] = spec
        made = _method(pack, spec, editions, scopes)
        if made is None:
            scopes.faults.mark_broken(spec.method)
        else:
            found[spec.method] = made
    return found


def _method(pack: str, spec: MethodSpec, editions: Editions, scopes: Scopes) -> GradingMethod | None:
    factors: dict[str, Factor] = {}
    names: list[str] = []
    for name, factor in spec.factors.items():
        refused, within = name_fault(name), _scale(factor, scopes)
        context = (refused.context or {}) if refused is not None else {}
        if refused is not None:
            scopes.faults.note(refused.type, factor.at(), **context)
        names += [name, str(context.get("nearest", name))]
        if refused is None and within is not None:
            scores = tuple((s.score, s.meaning) for s in factor.scores)
            factors[name] = Factor(name, factor.label, scores, within, factor.if_absent, factor.monotone)
    # What is at fault is known by name all the same.
    scope = replace(scopes.of(None), variables={name: Number() for name in names})
    formula = scopes.compile(spec.formula, scope, Number())
    bands: dict[str, Bands] = {}
    for variant in spec.bands:
        if variant.variant in bands:
            scopes.faults.note(
                "pack.duplicate-id", variant.at("variant"), given=variant.variant, nearest=spec.method
            )
        made = _bands(spec, variant, editions, scopes)
        if made is not None:
            bands[variant.variant] = made
    variants = [variant.variant for variant in spec.bands]
    if variants and spec.default is None:
        scopes.faults.note("pack.missing-key", spec.at(), given="default", nearest=f"default: {variants[0]}")
    elif spec.default is not None and spec.default not in variants:
        scopes.faults.unknown("pack.unknown-variant", spec.default, variants, spec.at("default"))
    whole = len(factors) == len(spec.factors) and len(bands) == len(spec.bands)
    if formula is None or not whole or (variants and spec.default not in bands):
        return None
    return GradingMethod(
        id=spec.method,
        title=spec.title,
        factors=factors,
        result=spec.result,
        formula=formula,
        bands=bands,
        default_bands=spec.default,
        citations=_citations(spec.cite, editions),
        pack=pack,
        source=spec.source,
        status=spec.status,
    )


def _bands(method: MethodSpec, spec: BandsSpec, editions: Editions, scopes: Scopes) -> Bands | None:
    scope = replace(scopes.of(None), variables={method.result: Number()})
    levels: dict[str, Level] = {}
    for level in spec.levels:
        grade = None if level.grade is None else str(level.grade)
        if level.level in levels:
            scopes.faults.note(
                "pack.duplicate-id", level.at("level"), given=level.level, nearest=spec.variant
            )
        if grade is not None and grade not in GRADE.members:
            scopes.faults.unknown("pack.unknown-grade", grade, GRADE.members, level.at("grade"))
            return None
        levels[level.level] = Level(level.level, level.label, int(grade) if grade else None)
    given = Enum(tuple(levels), ordered=True) if levels else GRADE
    table = compile_table(spec.decide, scope, given, lambda entity, name: EVERY_NUMBER, scopes.faults)
    if table is None:
        return None
    cited = _citations(spec.cite, editions)
    return Bands(spec.variant, spec.title, table, cited, levels, spec.source, spec.status)


def _scale(factor: FactorSpec, scopes: Scopes) -> Numbers | None:
    """Return what a factor may be; one without scores is measured, and has a range."""
    low = [s.score for s in factor.scores] + ([factor.min_] if factor.min_ is not None else [])
    high = [s.score for s in factor.scores] + ([factor.max_] if factor.max_ is not None else [])
    if factor.scores and not factor.continuous:
        return finite(s.score for s in factor.scores)
    if factor.above is not None and not low:
        return interval(factor.above, max(high, default=None), True, False, factor.whole)
    if not low:
        scopes.faults.note("pack.missing-key", factor.at(), given="scores", nearest="scores: […]  /  min: 0")
        return None
    return interval(min(low), max(high, default=None), False, False, factor.whole)


def _citations(cited: Sequence[CitationSpec], editions: Editions) -> tuple[Citation, ...]:
    known = editions.instruments
    return tuple(citation(c, known[c.instrument]) for c in cited if c.instrument in known)
