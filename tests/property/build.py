"""Build a ruleset straight from the head of a spec file, with none of the loader's comforts.

The heads use the forms of pack files, so that any implementation can read them with what it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, cast

from dualprev_rules.evaluate.lookup import normalise
from dualprev_rules.facts import Attribute, Entity, Schema, find_unit, parse_number
from dualprev_rules.facts.possible import EVERY_NUMBER, Interval, Numbers
from dualprev_rules.facts.schema import every
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, SetOf, Text, Type
from dualprev_rules.facts.units import NUMBER
from dualprev_rules.lang import (
    DecisionSource,
    Inline,
    InputSource,
    ParameterShape,
    RowSource,
    Scope,
    TableShape,
    compile_condition,
    compile_decision,
)
from dualprev_rules.pack.model import Definition, Expression, Parameter, Rule, Ruleset, Table, TableRow
from dualprev_rules.problems import DualprevError, Problem, Words

Head = Mapping[str, Any]
_NAMED = {"bool": Bool(), "text": Text(), "date": Date(), "grade": Enum(("1", "2", "3", "4"), ordered=True)}


@dataclass
class Built:
    """A ruleset, and the scope in which conditions about it are read."""

    schema: Schema
    definitions: dict[tuple[str, str], Definition] = field(default_factory=dict[Any, Definition])
    tables: dict[str, Table] = field(default_factory=dict[str, Table])
    rules: dict[str, Rule] = field(default_factory=dict[str, Rule])
    shapes: dict[str, TableShape] = field(default_factory=dict[str, TableShape])

    def scope(
        self,
        entity: str,
        parameters: Mapping[str, ParameterShape] | None = None,
        *,
        data_check: bool = False,
    ) -> Scope:
        """Return what names may mean in a condition about ``entity``."""

        def kind(of: str, name: str) -> Type | None:
            found = self.definitions.get((of, name))
            return found.type if found else None

        def chosen(wanted: str | None, tag: str | None) -> tuple[str, ...]:
            rules = self.rules.values()
            return tuple(r.id for r in rules if wanted in (None, r.kind) and (tag is None or tag in r.tags))

        return Scope(
            self.schema,
            entity,
            kind,
            lambda of: tuple(name for (owner, name) in self.definitions if owner == of),
            self.shapes,
            {rule.id: rule.entity for rule in self.rules.values()},
            chosen,
            parameters or {},
            data_check=data_check,
            selectors=self.selectors,
        )

    def selectors(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return the kinds, or the tags, of the rules."""
        rules = self.rules.values()
        names = {rule.kind for rule in rules} if key == "kind" else {t for rule in rules for t in rule.tags}
        return dict.fromkeys(sorted(names), ())

    def ruleset(self, as_of: date) -> Ruleset:
        """Return the ruleset of a day."""
        return Ruleset(as_of, self.schema, (), {}, self.definitions, self.tables, self.rules, {}, {}, {})


def build(head: Head) -> Built:
    """Return what a head declares; raises DualprevError with the problems of its conditions."""
    built = Built(Schema({name: _entity(name, spec) for name, spec in head["facts"].items()}))
    for spec in head.get("tables", ()):
        built.shapes[spec["table"]] = _shape(spec)
    for spec in head.get("definitions", ()):
        _definition(built, spec)
    for spec in head.get("tables", ()):
        _table(built, spec)
    for spec in head.get("rules", ()):
        _rule(built, spec)
    return built


def condition(
    built: Built, text: str, scope: Scope, expected: Type | None = None
) -> tuple[Expression | None, list[Problem]]:
    """Compile a condition."""
    node, problems = compile_condition(Inline(text), scope, expected)
    return (Expression(text, node) if node is not None else None), problems


def decision(
    spec: Mapping[str, Any], scope: Scope, expected: Type | None
) -> tuple[Expression | None, list[Problem]]:
    """Compile a decision table."""
    inputs = tuple(
        InputSource(Inline(str(i["name"])), Inline(str(i.get("is", i["name"]))), limits(i), i.get("monotone"))
        for i in spec["inputs"]
    )
    rows = tuple(
        RowSource({k: Inline(str(v)) for k, v in row.items() if k != "then"}, Inline(str(row["then"])))
        for row in spec["rows"]
    )
    default = Inline(str(spec["default"])) if "default" in spec else None
    priority = tuple(str(p) for p in spec.get("priority", ()))
    source = DecisionSource(Inline(spec["hit"]), inputs, rows, default, priority)
    node, problems = compile_decision(source, scope, expected)
    return (Expression("", node) if node is not None else None), problems


def limits(spec: Mapping[str, Any], kind: Type | None = None) -> Numbers:
    """Return a declared range."""
    low, low_open = (spec["above"], True) if "above" in spec else (spec.get("min"), False)
    high, high_open = (spec["below"], True) if "below" in spec else (spec.get("max"), False)
    if low is None and high is None:
        return EVERY_NUMBER
    ends = [None if end is None else figure(end) for end in (low, high)]
    return Interval(ends[0], ends[1], low_open or low is None, high_open or high is None)


def figure(of: Any) -> Fraction:
    """Return a figure, or a day as its ordinal."""
    text = str(of)
    if len(text) == 10 and text[4] == "-":
        return Fraction(date.fromisoformat(text).toordinal())
    value = parse_number(text)
    assert value is not None, text
    return value


def kind_of(spec: Mapping[str, Any]) -> Type:
    """Return a declared type."""
    kind = spec["type"]
    if isinstance(kind, Mapping):
        ((name, members),) = cast("Mapping[str, Any]", kind).items()
        return Enum(tuple(str(m) for m in members), ordered=name == "ordered")
    match kind:
        case "number":
            unit = find_unit(spec["unit"]) if "unit" in spec else NUMBER
            assert unit is not None, spec
            return Number(unit, bool(spec.get("whole", False)))
        case "enum" | "ordered":
            return Enum(tuple(str(m) for m in spec["values"]), ordered=kind == "ordered")
        case "list":
            of = spec["of"]
            if isinstance(of, Mapping):
                return SetOf(Enum(tuple(str(m) for m in of["enum"])))
            return SetOf(Text()) if of == "text" else ListOf(Rec(of))
        case "record":
            return Rec(spec["to"])
        case _:
            return _NAMED[kind]


def _entity(name: str, spec: Mapping[str, Any]) -> Entity:
    attributes: dict[str, Attribute] = {}
    for key, each in spec["attributes"].items():
        attributes[key] = Attribute(
            key,
            kind_of(each),
            Words(key, key),
            range=limits(each),
            inherits=each.get("inherits"),
            stated=each.get("completeness") == "stated",
            member_aliases={str(k): str(v) for k, v in each.get("reads", {}).items()},
            accept_from=frozenset(each.get("accept_from", ())),
            valid_for=int(each["valid_for"].split()[0]) if "valid_for" in each else None,
        )
    return Entity(name, Words(name, name), spec.get("key"), attributes)


def _shape(spec: Mapping[str, Any]) -> TableShape:
    columns = {name: kind_of({"type": "text", **each}) for name, each in spec["columns"].items()}
    ranges = {name: limits(each) for name, each in spec["columns"].items()}
    return TableShape(columns, ranges, tuple(spec["key"]), spec.get("row_key"), spec.get("for"))


def _table(built: Built, spec: Mapping[str, Any]) -> None:
    keys = {name: tuple([at] if isinstance(at, str) else at) for name, at in spec["key"].items()}
    columns, ranges = built.shapes[spec["table"]].columns, built.shapes[spec["table"]].ranges
    entity = spec.get("for")
    rows: list[TableRow] = []
    for position, each in enumerate(spec["rows"], 1):
        cells: dict[str, Any] = {}
        for name, kind in columns.items():
            if each.get(name) is not None:
                numeric = isinstance(kind, Number | Date)
                cells[name] = figure(each[name]) if numeric else _member(each[name], kind)
        for column in {column for at in keys.values() for column in at} - columns.keys():
            texts = each.get(column, ())
            cells[column] = tuple([texts] if isinstance(texts, str) else [str(text) for text in texts])
        when = None
        if "when" in each:
            when, problems = condition(built, str(each["when"]), built.scope(entity), Bool())
            if when is None:
                raise DualprevError(problems)
        rows.append(TableRow(cells, when, str(each.get("no", position))))
    index: dict[str, dict[str, tuple[int, ...]]] = {}
    for name, at in keys.items():
        index[name] = {}
        for i, row in enumerate(rows):
            for column in at:
                texts = row.cells.get(column, ())
                for text in [texts] if isinstance(texts, str) else texts:
                    found = index[name].get(normalise(text), ())
                    index[name][normalise(text)] = found if i in found else (*found, i)
    built.tables[spec["table"]] = Table(
        spec["table"],
        Words(spec["table"]),
        (),
        keys,
        spec.get("row_key"),
        columns,
        ranges,
        tuple(rows),
        spec.get("on_tie"),
        entity,
        index,
        "spec",
    )


def _member(given: Any, kind: Type) -> Any:
    return given if isinstance(kind, Bool) else str(given)


def _definition(built: Built, spec: Mapping[str, Any]) -> None:
    entity, _, name = spec["define"].partition(".")
    declared = kind_of(spec) if "type" in spec else None
    scope = built.scope(entity)
    if "decide" in spec:
        body, problems = decision(spec["decide"], scope, declared)
    else:
        body, problems = condition(built, str(spec["is"]), scope, declared)
    when = None
    if "when" in spec:
        when, more = condition(built, spec["when"], scope, Bool())
        problems = problems + more
    if body is None or problems:
        raise DualprevError(problems)
    kind = declared or body.node.type
    built.definitions[entity, name] = Definition(
        entity,
        name,
        kind,
        body,
        when,
        spec.get("classification") is True,
        limits(spec),
        Words(name, name),
        (),
        "spec",
        not_encoded=spec.get("not_encoded"),
    )


def _rule(built: Built, spec: Mapping[str, Any]) -> None:
    entity = spec["for"]
    parameters: dict[str, Parameter] = {}
    for name, each in spec.get("parameters", {}).items():
        kind = kind_of({"type": "number", **each})
        parameters[name] = Parameter(name, figure(each["value"]), kind, None, None, None, str(each["value"]))
    shapes = {name: ParameterShape(p.type, p.value) for name, p in parameters.items()}
    scope = built.scope(entity, shapes, data_check=spec["kind"] == "data_check")
    found: dict[str, Expression | None] = {}
    for part in ("applies", "violated", "unless"):
        found[part] = None
        if part in spec:
            found[part], problems = condition(built, str(spec[part]), scope, Bool())
            if problems:
                raise DualprevError(problems)
    violated = found["violated"]
    assert violated is not None
    built.rules[spec["rule"]] = Rule(
        spec["rule"],
        spec["kind"],
        "spec",
        Words(spec["rule"], spec["rule"]),
        entity,
        (),
        Words(""),
        "facts",
        found["applies"],
        violated,
        found["unless"],
        tags=frozenset(spec.get("tags", ())),
        parameters=parameters,
    )


__all__ = ["Built", "Head", "build", "condition", "decision", "every", "figure"]
