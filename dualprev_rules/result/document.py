"""The result as one JSON document, in a fixed order of keys; its schema is published with the reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from dualprev_rules.evaluate.explain import EXCEPTION, Reason
from dualprev_rules.evaluate.render import number, render, unit_name
from dualprev_rules.facts.record import Fact
from dualprev_rules.facts.schema import ROOT
from dualprev_rules.facts.types import Number
from dualprev_rules.pack.model import Citation, Instrument, Ruleset
from dualprev_rules.problems import Words, problem
from dualprev_rules.result.finding import Cited, Finding
from dualprev_rules.risk.grades import RiskGrade
from dualprev_rules.risk.grading import Grading
from dualprev_rules.risk.point import RiskPoint
from dualprev_rules.risk.reading import text

if TYPE_CHECKING:
    from dualprev_rules.result.result import DerivedFact, Result


def document(result: Result, *, explained: bool = True) -> dict[str, Any]:
    """Return the document of a result (``docs/result.md`` describes every field).

    With ``explained=False`` reasons and assumptions are left empty: most of the work, and of the size.
    """
    found = result.findings  # before the statement, which counts what was found
    return {
        "engine": _engine(result),
        "enterprise": _enterprise(result),
        "instruments": [_instrument(i, result.ruleset) for i in result.ruleset.instruments.values()],
        "statement": statement(result),
        "grade": _grade(result),
        "findings": [_finding(result, finding, explained) for finding in found],
        "derived": {key: _derived(result, fact, explained) for key, fact in result.derived.items()},
        "tables": _tables(result.ruleset),
        "risk_points": _risk_points(result),
        "questions": [
            {
                "fact": question.attribute.name,
                "path": question.path,
                "label": question.label.to_json(),
                "ask": question.ask.to_json() if question.ask else None,
                "decides": question.decides,
                "causes": question.causes,
                "major": question.major,
            }
            for question in result.questions
        ],
        "data_problems": [fault.to_json() for fault in result.data_problems],
        "notes": [note.to_json() for note in result.notes],
    }


def excerpt(result: Result, findings: Iterable[Finding], facts: Iterable[DerivedFact] = ()) -> dict[str, Any]:
    """Return of the document what explains findings and derived facts: them, and what they lead to."""
    found = [_finding(result, finding, True) for finding in findings]
    derived = {fact.key: _derived(result, fact, True) for fact in facts}
    waiting: list[dict[str, Any]] = [
        reason for one in (*found, *derived.values()) for reason in one["because"]
    ]
    while waiting:
        reason = waiting.pop()
        waiting += reason.get("because", ())
        key: str = reason.get("see", "")
        if key in result.derived and key not in derived:
            derived[key] = _derived(result, result.derived[key], True)
            waiting += derived[key]["because"]
    return {"findings": found, "derived": derived, "tables": _tables(result.ruleset)}


def engine_version() -> str:
    """Return the version of this library as it is installed."""
    try:
        return version("dualprev-rules")
    except PackageNotFoundError:
        return "0"


def _engine(result: Result) -> dict[str, Any]:
    ruleset, profile = result.ruleset, result.profile
    return {
        "version": engine_version(),
        "as_of": ruleset.as_of.isoformat(),
        "profile": {"id": profile.id, "version": profile.version, "hash": profile.hash},
        "packs": [{"id": p.id, "version": p.version, "hash": p.hash} for p in ruleset.packs],
    }


def _enterprise(result: Result) -> dict[str, Any] | None:
    place = result.place
    if place is not None:
        return {"path": place.path, "name": place.name}
    # A region or a park stands above enterprises: what was judged has a name all the same.
    schema = result.ruleset.schema
    above = [root for root in result.facts.roots if root.entity.name not in {ROOT} | schema.descend(ROOT)]
    if len(above) != 1 or len(result.facts.roots) != 1:
        return None
    return {"path": above[0].path, "name": text(above[0], "name")}


def _instrument(instrument: Instrument, ruleset: Ruleset) -> dict[str, Any]:
    return {
        "id": instrument.id,
        "number": instrument.number,
        "title": instrument.title.to_json(),
        "force": instrument.force,
        "binding": instrument.binding,
        "from": instrument.start.isoformat() if instrument.start else None,
        "replaced_on": instrument.end.isoformat() if instrument.end else None,
        "in_force": instrument.in_force(ruleset.as_of),
        "confirmed": _confirmed(instrument, ruleset),
        "decides": instrument.decides,
        "encoded": instrument.encoded,
        "missing": _words(instrument.missing),
        "status": instrument.status,
        "note": _words(instrument.note),
    }


def statement(result: Result) -> dict[str, Any]:
    """Return what every output is shown with: what was assessed, what is not encoded, what is recalled."""
    records = Counter(record.entity.name for record in result.facts.records() if not record.phantom)
    said = statement_words(result)
    return {
        "assessed": {
            "records": dict(sorted(records.items())),
            "rules": len(result.assessed),
            "outcomes": dict(result.counts),
        },
        "not_assessed": [
            {"path": each.path, "entity": each.entity, "rules": list(each.rules)}
            for each in result.not_assessed
        ],
        "not_encoded": _encoded(result, "none"),
        "partly_encoded": _encoded(result, "partial"),
        "recalled": _recalled(result),
        "words": said.to_json(),
    }


def statement_words(result: Result) -> Words:
    """Return the statement in words, without judging any record."""
    ruleset = result.ruleset
    said = problem(
        "result.statement",
        severity="note",
        as_of=ruleset.as_of.isoformat(),
        records=sum(not record.phantom for record in result.facts.records()),
        rules=len(result.assessed),
        not_encoded=len(_encoded(result, "none")),
        partial=len(_encoded(result, "partial")),
        recalled=len(_recalled(result)),
    )
    return Words(said.text("zh"), said.text("en"))


def _encoded(result: Result, how: str) -> list[str]:
    """Return the instruments in force on the day that are encoded so far."""
    ruleset = result.ruleset
    return [i.id for i in ruleset.instruments.values() if i.in_force(ruleset.as_of) and i.encoded == how]


def _recalled(result: Result) -> list[str]:
    """Return the rules assessed that rest on recalled figures."""
    return [r.id for r in result.assessed if any(c.status == "recalled" for c in r.citations)]


def _grade(result: Result) -> dict[str, Any] | None:
    place, profile = result.place, result.profile
    if place is None:
        return None
    basis = profile.basis
    points = list(place.all_points())
    grade = place.grade(basis)
    methods = sorted({g.method.id for p in points for g in p.gradings(basis) if g.method is not None})
    return {
        **_one_grade(result, grade),
        "method": ", ".join(methods) or None,
        "basis": basis,
        "assessed": place.assessed(basis),
        "of": len(points),
        "because": [
            {"path": point.path, "name": point.name, "grade": _one_grade(result, point.grade(basis))}
            for point in place.because(basis)
        ],
        "missing": sorted({c.path for c in grade.causes if c.reason != "gap"}) if grade else [],
        "assumptions": [path for each in place.all_places() for path in each.assumed],
    }


def _one_grade(result: Result, grade: RiskGrade | None, assessed: bool = True) -> dict[str, Any]:
    shown = result.profile.show(grade, assessed)
    return {
        "level": grade.level if grade else None,
        "possible": list(grade.possible) if grade else [],
        "at_worst": grade.at_worst if grade else None,
        "colour": shown.swatch.colour,
        "colour_hex": shown.swatch.hex,
        "ink_hex": shown.swatch.ink,
        "hatched": shown.hatched,
        "label": shown.label.to_json(),
    }


def _finding(result: Result, finding: Finding, explained: bool) -> dict[str, Any]:
    outcome, rule = finding.outcome, finding.rule
    measures = result.ruleset.measures
    relevant = explained and finding.code != "not_applicable"
    name = outcome.record.facts.get("name")
    because = result.explain(finding) if explained else ()
    return {
        "rule": rule.id,
        "also": list(finding.merged),
        "kind": rule.kind,
        "outcome": outcome.code,
        "possible": sorted(outcome.possible),
        "presumed": outcome.presumed,
        "reason": outcome.reason,
        "entity": rule.entity,
        "path": outcome.record.path,
        "short": outcome.record.short,
        "name": name.given if name else None,
        "title": rule.title.to_json(),
        "message": dict(result.message(finding)),
        "citations": [_cited(cited, result.ruleset) for cited in finding.citations],
        "duty_of": rule.duty_of.to_json(),
        "decided_by": rule.decided_by,
        "binding": rule.binding,
        "exception": _exception(finding, because),
        "may": rule.may,
        "may_because": _words(rule.because) if rule.may is not None else None,
        "missing": list(finding.missing),
        "assumptions": list(result.assumptions(finding)) if relevant else [],
        "measures": [{"id": m, "title": measures[m].title.to_json()} for m in rule.measures if m in measures],
        "evidence": [words.to_json() for words in rule.evidence],
        "confirmation": finding.confirmation,
        "because": reasons(because, result.ruleset),
    }


def _exception(finding: Finding, because: Iterable[Reason]) -> dict[str, str] | None:
    """Return the exception that the duty holder has still to show, or by which the rule does not apply."""
    rule = finding.rule
    if rule.unless is None:
        return None
    excepted = finding.code == "not_applicable" and any(reason.label is EXCEPTION for reason in because)
    if not finding.presumed and not excepted:
        return None
    return (rule.unless_because or Words(rule.unless.text, rule.unless.text)).to_json()


def _cited(cited: Cited, ruleset: Ruleset) -> dict[str, Any]:
    return {
        "instrument": cited.instrument.id,
        "number": cited.instrument.number,
        "title": cited.instrument.title.to_json(),
        "clause": cited.citation.clause,
        "status": cited.citation.status,
        "role": cited.role,
        "confirmed": _confirmed(cited.instrument, ruleset),
    }


def _confirmed(instrument: Instrument, ruleset: Ruleset) -> bool:
    """Return whether it is sure that the instrument holds on the day.

    One that decides only what another leaves is in doubt from the day on which the other holds.
    """
    if instrument.confirmed or instrument.decides != "where_not_covered":
        return instrument.confirmed
    return not any(
        rule.standing in ("covered", "beyond") and rule.citations[0].instrument == instrument.id
        for rule in ruleset.rules.values()
    )


def _citation(citation: Citation, ruleset: Ruleset) -> dict[str, Any]:
    return {
        "instrument": citation.instrument,
        "number": ruleset.instruments[citation.instrument].number,
        "clause": citation.clause,
        "status": citation.status,
    }


def _derived(result: Result, fact: DerivedFact, explained: bool) -> dict[str, Any]:
    definition = fact.definition
    kind = definition.type
    return {
        "value": fact.value,
        "unit": unit_name(kind) if isinstance(kind, Number) else "",
        "called": _called(result.called(fact)),
        "label": definition.label.to_json(),
        "classification": definition.classification,
        "open": fact.open,
        "path": fact.record.path,
        "citations": [_citation(c, result.ruleset) for c in definition.citations],
        "because": reasons(result.explain_derived(fact.key), result.ruleset) if explained else [],
    }


def reasons(given: Iterable[Reason], ruleset: Ruleset) -> list[dict[str, Any]]:
    """Return reasons as JSON values, without empty keys."""
    return [_reason(reason, ruleset) for reason in given]


def _reason(reason: Reason, ruleset: Ruleset) -> dict[str, Any]:
    values: dict[str, Any] = {"what": reason.what, "value": reason.value}
    if reason.unit:
        values["unit"] = reason.unit
    if reason.before is not None:
        values["before"] = {"value": reason.before[0], "unit": reason.before[1]}
    if reason.label is not None:
        values["label"] = reason.label.to_json()
    if reason.called is not None:
        values["called"] = _called(reason.called)
    if reason.path is not None:
        values["path"] = reason.path
    if reason.see is not None:
        values["see"] = reason.see
    if reason.fact is not None:
        values |= _fact(reason.fact)
    if reason.rows:
        values["rows"] = [
            {"table": table, "no": row.no, "cells": {k: _cell(v) for k, v in row.cells.items()}}
            for table, row in reason.rows
        ]
    if reason.citations:
        values["citations"] = [_citation(citation, ruleset) for citation in reason.citations]
    if reason.left_out:
        values["left_out"] = reason.left_out
    if reason.because:
        values["because"] = [_reason(inner, ruleset) for inner in reason.because]
    return values


def _called(labels: Mapping[str, Words] | None) -> dict[str, dict[str, str]]:
    return {member: words.to_json() for member, words in (labels or {}).items()}


def _fact(fact: Fact) -> dict[str, Any]:
    from_where = fact.provenance
    values: dict[str, Any] = {"given": fact.given}
    if from_where is not None:
        values |= {
            "at": from_where.at.isoformat() if from_where.at else None,
            "by": from_where.by,
            "source": from_where.source,
            "evidence": from_where.evidence,
        }
    return {key: value for key, value in values.items() if value is not None}


def _tables(ruleset: Ruleset) -> dict[str, Any]:
    return {
        table.id: {
            "title": table.title.to_json(),
            "columns": {
                name: {
                    "label": _words(table.labels.get(name)),
                    "unit": unit_name(kind) if isinstance(kind, Number) else "",
                }
                for name, kind in table.columns.items()
            },
        }
        for table in ruleset.tables.values()
    }


def _cell(value: Any) -> Any:
    if isinstance(value, tuple | frozenset):
        return [str(part) for part in value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return number(value) if hasattr(value, "denominator") and not isinstance(value, bool) else value


def _risk_points(result: Result) -> list[dict[str, Any]]:
    if result.place is None:
        return []
    return [_risk_point(result, point) for point in result.place.all_points()]


def _risk_point(result: Result, point: RiskPoint) -> dict[str, Any]:
    counted = result.profile.basis
    gradings = point.gradings(counted)
    grade = point.grade(counted)
    return {
        "path": point.path,
        "short": point.short,
        "name": point.name,
        "place": point.place,
        "kind": point.kind,
        "gradings": [_grading(grading) for grading in gradings],
        "grade": _one_grade(result, grade, point.assessed(counted)),
        "inherent": _one_grade(result, point.grade("inherent"), point.assessed("inherent")),
        "assessed": point.assessed(counted),
        "measures": [{"name": measure.name, "kind": measure.kind} for measure in point.measures],
        "department": point.department,
        "owner": point.owner,
        "control_level": point.control_level.member if point.control_level else None,
        "wanted_level": result.profile.control_level(grade).member,
    }


def _grading(grading: Grading) -> dict[str, Any]:
    plain = Number()
    return {
        "method": grading.method.id if grading.method else None,
        "bands": grading.bands.id if grading.bands else None,
        "factors": {name: render(value, plain) for name, value in sorted(grading.factors.items())},
        "result": render(grading.result, plain) if grading.result is not None else None,
        "band": list(grading.band),
    }


def _words(words: Words | None) -> dict[str, str] | None:
    return words.to_json() if words is not None else None


__all__ = ["document", "engine_version", "excerpt", "reasons", "statement"]
