"""The core's grading methods as the evaluators see them, compiled from its own file."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from importlib.resources import files
from typing import Any

import yaml

from dualprev_rules.evaluate import Reference
from dualprev_rules.facts.possible import Numbers, interval
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Enum, Number
from dualprev_rules.lang import (
    DecisionSource,
    Inline,
    InputSource,
    RowSource,
    Scope,
    compile_condition,
    compile_decision,
)
from dualprev_rules.pack.model import Bands, Expression, Factor, GradingMethod, Ruleset
from dualprev_rules.problems import Words

GRADE = Enum(("1", "2", "3", "4"), ordered=True)


def method(given: dict[str, Any]) -> GradingMethod:
    """Compile one method."""
    factors = {
        name: Factor(
            name,
            Words(**item["label"]),
            tuple((Fraction(s["score"]), Words(**s["meaning"])) for s in item["scores"]),
            bool(item.get("continuous")),
        )
        for name, item in given["factors"].items()
    }
    scope = Scope(Schema({}), None, variables={name: Number() for name in factors})
    node, problems = compile_condition(Inline(given["formula"]), scope, Number())
    assert node is not None, problems
    bands = {item["variant"]: _bands(item, given["result"]) for item in given["bands"]}
    return GradingMethod(
        given["method"],
        Words(**given["title"]),
        factors,
        given["result"],
        Expression(given["formula"], node),
        bands,
        given["default"],
        (),
        "core",
    )


def _bands(item: dict[str, Any], result: str) -> Bands:
    table = item["decide"]
    source = DecisionSource(
        Inline(table["hit"]),
        tuple(InputSource(Inline(i["name"]), Inline(i["name"]), _within(i)) for i in table["inputs"]),
        tuple(RowSource({result: Inline(row[result])}, Inline(str(row["then"]))) for row in table["rows"]),
    )
    scope = Scope(Schema({}), None, variables={result: Number()})
    node, problems = compile_decision(source, scope, GRADE)
    assert node is not None, problems
    return Bands(item["variant"], Words(**item["title"]), Expression("", node), ())


def _within(column: dict[str, Any]) -> Numbers:
    ends = [Fraction(column[end]) if end in column else None for end in ("min", "max")]
    found = interval(ends[0], ends[1])
    assert found is not None
    return found


def read_methods() -> dict[str, GradingMethod]:
    """Compile every method of the core."""
    text = (files("dualprev_rules.risk") / "core" / "grading.yaml").read_text("utf-8")
    return {item["method"]: method(item) for item in yaml.safe_load(text)}


METHODS = read_methods()
RULESET = Ruleset(date(2026, 11, 21), Schema({}), (), {}, {}, {}, {}, METHODS, {}, {})


def reference() -> Reference:
    """Return the reference evaluator over the core's methods and nothing else."""
    return Reference(RULESET)
