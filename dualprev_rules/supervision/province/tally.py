"""What a run comes to, counted: a tally of each part, and the sum of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from dualprev_rules.facts.types import Bool, Enum, Rec
from dualprev_rules.lang.tree import Get, walk
from dualprev_rules.pack.model import Ruleset

if TYPE_CHECKING:
    from dualprev_rules.evaluate.columns import FrameResult, Judged

CLASSES = ("major", "violated", "presumed", "undetermined", "clear")
"""Enterprises by the gravest that was found of them: ``clear`` has nothing violated and nothing open.

A list that is not known, of whose records rules say something, leaves its enterprise undetermined.
"""
EXAMPLES = 5
"""So many enterprises are named of each clause."""
_CODES = {"violated": 1, "undetermined": 3, "presumed": 4}


@dataclass(slots=True)
class Tally:
    """Counts. Of a rule: records and enterprises with each outcome."""

    enterprises: int = 0
    cells: int = 0
    asked: int = 0
    """Cells that columns left to the exact evaluator."""
    classes: Counter[str] = field(default_factory=Counter[str])
    rules: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    violating: Counter[str] = field(default_factory=Counter[str])
    """Rule → enterprises that violate it."""
    examples: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Rule → keys of some of them."""
    districts: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    industries: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    """By name: enterprises of each class; one of several industries counts under each."""
    missing: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """``entity.attribute`` that rules ask → records of which it is not known, and records."""
    classified: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    """Classification → records of each class: ``true``, ``false``, a member, or ``open``."""
    problems: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    """``place.attribute: code`` → how many cells, and the first rows."""

    def add(self, other: Tally) -> None:
        """Count what another part came to as well."""
        self.enterprises += other.enterprises
        self.cells += other.cells
        self.asked += other.asked
        self.classes.update(other.classes)
        self.violating.update(other.violating)
        for mine, more in (
            (self.rules, other.rules),
            (self.districts, other.districts),
            (self.industries, other.industries),
            (self.classified, other.classified),
        ):
            for name, counted in more.items():
                mine.setdefault(name, Counter()).update(counted)
        for rule, keys in other.examples.items():
            self.examples[rule] = (self.examples.get(rule, []) + keys)[:EXAMPLES]
        for name, (missing, of) in other.missing.items():
            before = self.missing.get(name, [0, 0])
            self.missing[name] = [before[0] + missing, before[1] + of]
        for name, (count, rows) in other.problems.items():
            before = self.problems.get(name, [0, []])
            self.problems[name] = [before[0] + count, (before[1] + rows)[:EXAMPLES]]

    def to_json(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def of_json(cls, given: Mapping[str, Any]) -> Tally:
        """Read what ``to_json`` gave."""
        made = cls(**given)
        made.classes, made.violating = Counter(made.classes), Counter(made.violating)
        for counted in (made.rules, made.districts, made.industries, made.classified):
            counted.update({name: Counter(of) for name, of in counted.items()})
        return made


def asked_facts(ruleset: Ruleset) -> frozenset[tuple[str, str]]:
    """Return the entity and name of every fact that rules or definitions ask, and of lists they are about."""
    from dualprev_rules.evaluate.columns import lists_about

    about = {rule.entity for rule in ruleset.rules.values() if rule.kind != "data_check"}
    nodes = [d.body.node for d in ruleset.definitions.values()]
    for rule in ruleset.rules.values():
        nodes += [each.node for each in (rule.applies, rule.violated, rule.unless) if each is not None]
    return lists_about(ruleset.schema, about) | frozenset(
        (each.of.type.entity, each.name)
        for node in nodes
        for each in walk(node)
        if isinstance(each, Get) and isinstance(each.of.type, Rec)
    )


def enterprises(judged: Judged, frame: pl.DataFrame, result: FrameResult) -> pl.DataFrame:
    """Return a row for each enterprise of a part: what was found of it, and the gravest class."""
    rules = result.ruleset.rules
    counts = [
        pl.DataFrame(
            {"row": pl.int_range(judged.first, judged.first + judged.rows, dtype=pl.UInt32, eager=True)}
        ).with_columns(pl.lit(0, dtype=pl.UInt32).alias(name) for name in ("major", *_CODES))
    ]
    for codes in judged.codes.values():
        found = [name for name in codes.columns[1:] if rules[name].kind != "data_check"]
        major = [name for name in found if rules[name].kind == "major_hidden_hazard"]
        sums = {"major": _sum(major, 1), **{name: _sum(found, code) for name, code in _CODES.items()}}
        counts.append(codes.select("row", **sums).group_by("row").agg(pl.all().sum()))
    of = result.shape.facts
    names = {name: of[name] for name in ("id", "district", "industries") if name in of}
    about = frame.select(pl.col(column).alias(name) for name, column in names.items())
    summed = pl.concat(counts).group_by("row").agg(pl.all().sum()).sort("row")
    unknown = pl.col("row").is_in(judged.undecided().implode())
    gravest = pl.when(unknown).then(pl.lit("undetermined")).otherwise(pl.lit("clear"))
    for name in reversed(CLASSES[:-1]):
        gravest = pl.when(pl.col(name) > 0).then(pl.lit(name)).otherwise(gravest)
    return pl.concat([summed.with_columns(gravest.alias("class")), about], how="horizontal")


def _sum(rules: list[str], code: int) -> pl.Expr:
    if not rules:
        return pl.lit(0, dtype=pl.UInt32)
    return pl.sum_horizontal((pl.col(name) == code).cast(pl.UInt32) for name in rules)


def tally(
    judged: Judged,
    found: pl.DataFrame,
    of: pl.DataFrame,
    asked: frozenset[tuple[str, str]],
    ruleset: Ruleset,
) -> Tally:
    """Count one part: its outcomes as a tidy table ``found`` and its enterprises ``of``."""
    made = Tally(enterprises=judged.rows, cells=judged.asked.of, asked=judged.asked.cells)
    made.classes.update(dict(of["class"].value_counts().rows()))
    for _, rule, outcome, count in judged.counts().rows():
        made.rules.setdefault(rule, Counter())[outcome] += count
    violated = found.filter(pl.col("outcome") == "violated").unique(["row", "rule"], maintain_order=True)
    by_rule = violated.group_by("rule").agg(pl.len(), pl.col("key").drop_nulls().head(EXAMPLES))
    for rule, count, keys in by_rule.sort("rule").rows():
        made.violating[rule] = count
        made.examples[rule] = keys
    _by(made.districts, of, "district")
    _by(made.industries, of, "industries")
    _classify(made.classified, judged, ruleset)
    for entity, attribute, missing, records in judged.missing().rows():
        if (entity, attribute) in asked:
            before = made.missing.get(f"{entity}.{attribute}", [0, 0])
            made.missing[f"{entity}.{attribute}"] = [before[0] + missing, before[1] + records]
    for place, attribute, code, count, rows in judged.problems().rows():
        at = f"{place}.{attribute}" if place else attribute
        made.problems[f"{at}: {code}"] = [count, rows]
    return made


def _classify(counted: dict[str, Counter[str]], judged: Judged, ruleset: Ruleset) -> None:
    """Count the records of each class; where a classification does not apply there is none."""
    for definition in ruleset.definitions.values():
        if not definition.classification or not isinstance(definition.type, Bool | Enum):
            continue
        values = judged.derived(definition.id)
        if not values.height:
            continue
        if "holds" in values.columns:
            said = pl.col("holds").cast(pl.String)
        else:
            said = pl.when(pl.col("possible").list.len() == 1).then(pl.col("possible").list.first())
        sure = pl.when(pl.col("absent") == 0).then(said).fill_null("open")
        classes = values.filter(pl.col("absent") < 2).select(sure.alias("class"))["class"].value_counts()
        counted.setdefault(definition.id, Counter()).update(dict(classes.rows()))


def _by(counted: dict[str, Counter[str]], of: pl.DataFrame, name: str) -> None:
    if name not in of.columns:
        return
    frame = of.explode(name) if isinstance(of.schema[name], pl.List) else of
    rows: Iterable[tuple[Any, str, int]] = frame.group_by(name, "class").len().sort(name, "class").rows()
    for value, gravest, count in rows:
        counted.setdefault("" if value is None else str(value), Counter())[gravest] += count
