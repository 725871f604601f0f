"""The specification's cases: what a file holds, how a case is run, and how its result is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dualprev_rules.evaluate import Outcome, Reference
from dualprev_rules.evaluate.render import number
from dualprev_rules.facts import Facts, Record, read_facts
from dualprev_rules.facts.possible import EVERY_TEXT, Absent, Cause, Finite, Interval, Items, Members, Value
from dualprev_rules.facts.types import Date, Type
from dualprev_rules.lang import Inline, compile_condition
from dualprev_rules.pack.model import Expression, Ruleset
from tests.spec import pack

FOLDER = Path(__file__).parent / "cases"
AS_OF = "2026-11-21"


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a file: facts, what is asked, and what must come out."""

    id: str
    file: str
    spec: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What a case gave: in the words of the file, and what left it open."""

    shown: Any
    causes: list[str]
    reasons: list[str]
    value: Value | None = None
    outcome: Outcome | None = None


class _Loader(yaml.SafeLoader):
    """YAML with exact decimals, days as text, and no truth values but true and false."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if "timestamp" not in tag and "bool" not in tag]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Loader.add_constructor(
    "tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node))
)


@cache
def load(file: Path) -> dict[str, Any]:
    """Return a file of cases."""
    return yaml.load(file.read_text("utf-8"), _Loader)


@cache
def ruleset(file: str, as_of: str) -> Ruleset:
    """Return the ruleset of a file's head on a day."""
    return pack.load(load(FOLDER / file), date.fromisoformat(as_of))


def cases() -> Iterator[Case]:
    """Yield every case of every file."""
    for file in sorted(FOLDER.glob("*.yaml")):
        topic = file.stem
        for spec in load(file)["cases"]:
            yield Case(f"{topic}.{spec['id']}", file.name, spec)


def read(case: Case, rules: Ruleset) -> Facts:
    """Return the facts of a case; they are those of the enterprise."""
    facts = {"enterprise": case.spec.get("facts") or {}}
    return read_facts(facts, rules.schema, as_of=rules.as_of, lists=case.spec.get("lists", "assumed"))


def run(case: Case) -> Found:
    """Return what the reference evaluator makes of a case."""
    spec = case.spec
    rules = ruleset(case.file, spec.get("as_of", AS_OF))
    record = _record(read(case, rules), spec.get("of", ""))
    reference = Reference(rules)
    if "rule" in spec:
        outcome = reference.outcome(rules.rules[spec["rule"]], record)
        return Found(_outcome(outcome), *_causes(outcome.causes), outcome=outcome)
    scope = pack.scope(rules, record.entity.name, data_check=spec.get("data_check", False))
    node, problems = compile_condition(Inline(spec["ask"]), scope)
    if node is None:
        return Found({"error": [problem.code for problem in problems]}, [], [])
    value = reference.run(Expression(spec["ask"], node), {"self": Value((record,))})
    return Found(shown(value, node.type), *_causes(value.causes), value=value)


def expected(spec: Mapping[str, Any]) -> Any:
    """Return what a case expects, in the long form."""
    wanted = spec["expect"]
    if wanted == "none":
        return {"none": "surely"}
    if wanted == "unknown":
        return {"values": ["false", "true"]}
    if not isinstance(wanted, Mapping):
        if "rule" in spec:
            return {"outcome": wanted}
        return {"value": _text(wanted)}
    long = dict(wanted)
    for key in ("values", "possible", "error"):
        if isinstance(long.get(key), list):
            long[key] = [_text(each) for each in long[key]]
    if "values" in long and long["values"] != "any":
        long["values"] = sorted(long["values"])
    if "value" in long:
        long["value"] = _text(long["value"])
    return long


def shown(value: Value, kind: Type) -> dict[str, Any]:
    """Return a value in the words of the files."""
    if value.absent is Absent.SURELY:
        return {"none": "surely"}
    found = _possible(value.possible, kind)
    return found | ({"none": "possibly"} if value.absent else {})


def _possible(possible: Any, kind: Type) -> dict[str, Any]:
    def one(v: Any) -> str:
        return date.fromordinal(int(v)).isoformat() if isinstance(kind, Date) else number(v)

    match possible:
        case Finite(values):
            texts = [one(v) for v in values]
            return {"value": texts[0]} if len(texts) == 1 else {"values": sorted(texts)}
        case Interval():
            return _range(possible, one) | (
                {"whole": True} if possible.whole and not isinstance(kind, Date) else {}
            )
        case Members(sure, may):
            if sure == may:
                return {"value": "{" + ", ".join(sorted(sure)) + "}"}
            return {"sure": sorted(sure), "possible": "any" if may is EVERY_TEXT else sorted(may)}
        case Items():
            paths = [_short(record.path) for record in possible.records]
            return {"records": paths, "complete": possible.complete}
        case frozenset():
            texts = sorted(_text(v) for v in possible)
            return {"value": texts[0]} if len(texts) == 1 else {"values": texts}
        case tuple():
            texts = [_short(thing.path) if isinstance(thing, Record) else thing.no for thing in possible]
            return {"value": texts[0]} if len(texts) == 1 else {"values": sorted(texts) or "any"}
        case _:
            return {"values": "any"}


def _range(of: Interval, one: Any) -> dict[str, Any]:
    low = None if of.low is None else one(of.low)
    high = None if of.high is None else one(of.high)
    if low is None and high is None:
        text = "any"
    elif low is None:
        text = f"{'<' if of.high_open else '<='} {high}"
    elif high is None:
        text = f"{'>' if of.low_open else '>='} {low}"
    else:
        text = f"{'(' if of.low_open else '['}{low}..{high}{')' if of.high_open else ']'}"
    return {"range": text}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    if outcome.code != "undetermined":
        return {"outcome": outcome.code}
    marks = {"presumed": outcome.presumed, "harmless": outcome.harmless}
    return {
        "outcome": "undetermined",
        "possible": sorted(outcome.possible),
        **{name: True for name, holds in marks.items() if holds},
        "reason": outcome.reason,
    }


def _causes(causes: frozenset[Cause]) -> tuple[list[str], list[str]]:
    return sorted({_short(cause.path) for cause in causes}), sorted({cause.reason for cause in causes})


def _record(facts: Facts, path: str) -> Record:
    wanted = f"enterprise.{path}" if path else "enterprise"
    return next(record for record in facts.records() if record.path == wanted)


def _short(path: str) -> str:
    return path.removeprefix("enterprise.")


def _text(of: Any) -> str:
    return str(of).lower() if isinstance(of, bool) else str(of)
