"""A rule as a sentence, in Chinese and English, for those who read neither YAML nor conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from dualprev_rules.evaluate.render import number
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, Rec, SetOf
from dualprev_rules.facts.units import NUMBER
from dualprev_rules.lang.tree import (
    Aggregate,
    Arith,
    AsOf,
    Call,
    Choose,
    Climb,
    Column,
    Compare,
    Const,
    Decide,
    Derived,
    Get,
    Has,
    IsIn,
    Logic,
    Lookup,
    Node,
    Not,
    Param,
    Quantify,
    RuleState,
    Scale,
    Var,
)
from dualprev_rules.pack.model import Parameter, Rule, Ruleset
from dualprev_rules.problems import Words
from dualprev_rules.report.phrases import has_phrase, joined, phrase

_NOTHING = Words("", "")
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_CALLS = {
    "abs": "say_abs",
    "add_months": "say_months",
    "add_years": "say_years",
    "at_least": "say_at_least",
    "coalesce": "say_coalesce",
    "count_true": "say_count_true",
    "days_between": "say_days",
    "known": "say_known",
    "max": "say_greatest",
    "min": "say_least",
}


def say(rule: Rule, ruleset: Ruleset) -> Words:
    """Return what a rule says, in one sentence of each language, and whose duty it is by which clause."""
    said, by = sentence(rule, ruleset), say_by(rule, ruleset)
    return Words(said.zh + by.zh, said.get("en") + by.get("en"))


def sentence(rule: Rule, ruleset: Ruleset) -> Words:
    """Return of whom, when and what a rule says, in one sentence of each language."""
    teller = Teller(ruleset, rule.parameters)
    applies = phrase("say_applies", condition=teller.tell(rule.applies.node)) if rule.applies else _NOTHING
    unless = phrase("say_unless", condition=teller.tell(rule.unless.node)) if rule.unless else _NOTHING
    return phrase(
        "say_rule",
        entity=ruleset.schema.entities[rule.entity].label,
        applies=applies,
        violated=teller.tell(rule.violated.node),
        kind=phrase(f"say_kind_{rule.kind}"),
        unless=unless,
    )


def say_by(rule: Rule, ruleset: Ruleset) -> Words:
    """Return whose duty it is, by which clauses."""
    instruments = ruleset.instruments
    clauses = [
        f"{instruments[c.instrument].number if c.instrument in instruments else c.instrument} {c.clause}"
        for c in rule.citations
    ]
    written = joined([Words(clause, clause) for clause in clauses])
    return phrase("say_by", duty_of=rule.duty_of, clauses=written)


class Teller:
    """Tells conditions of one ruleset; ``parameters`` are those of the rule."""

    def __init__(self, ruleset: Ruleset, parameters: Mapping[str, Parameter] | None = None) -> None:
        self._ruleset = ruleset
        self._parameters = parameters or {}
        self._members = _members(ruleset)

    def tell(self, node: Node) -> Words:
        """Return a condition or value in words."""
        match node:
            case Not(of=of):
                return self._denied(of)
            case Logic() | Compare() | IsIn() | Has() | Choose() | Quantify() | Aggregate() | RuleState():
                return self._compound(node)
            case Get() | Derived() if isinstance(node.type, Bool):
                return phrase("say_yes", of=self.named(node))
            case _:
                return self._value(node)

    def _denied(self, of: Node) -> Words:
        match of:
            case IsIn(item=item, options=options):
                return phrase("say_not_in", item=self.tell(item), options=self._listed(options))
            case Has(item=item, of=group):
                return phrase("say_has_not", item=self.tell(item), of=self.named(group))
            case Get() | Derived():
                return phrase("say_no", of=self.named(of))
            case _:
                return phrase("say_not", of=self.tell(of))

    def _compound(self, node: Node) -> Words:
        match node:
            case Logic(op=op, operands=operands):
                return joined([self._grouped(each, op) for each in operands], f"say_{op}")
            case Compare(op=op, left=left, right=right):
                kind = "say_day" if isinstance(left.type, Date) else "say_op"
                return phrase(f"{kind}_{op}", left=self.named(left), right=self.named(right))
            case IsIn(item=item, options=options):
                return phrase("say_in", item=self.named(item), options=self._listed(options))
            case Has(item=item, of=of):
                return phrase("say_has", item=self.named(item), of=self.named(of))
            case Choose(condition=condition, then=then, otherwise=otherwise):
                parts = (condition, then, otherwise)
                said = dict(zip(("condition", "then", "otherwise"), map(self.tell, parts), strict=True))
                return phrase("say_choose", **said)
            case Quantify(kind=kind, over=over, where=where, body=body):
                said = {"over": self.named(over), "where": self.where(where), "body": self.tell(body)}
                return phrase(f"say_{kind}", **said)
            case Aggregate(kind=kind, over=over, where=where, body=body):
                value = self.named(body) if body is not None else _NOTHING
                return phrase(f"say_{kind}", over=self.named(over), where=self.where(where), body=value)
            case RuleState(rule=rule):
                known = self._ruleset.rules.get(rule)
                return phrase("say_rule_state", rule=known.title if known is not None else rule)
            case _:
                return self._value(node)

    def _value(self, node: Node) -> Words:
        match node:
            case Const():
                return self._const(node)
            case Param(name=name):
                parameter = self._parameters.get(name)
                if parameter is None or parameter.label is None:
                    return Words(name, name) if parameter is None else _measured(parameter.shown)
                return phrase("say_param", label=parameter.label, shown=_measured(parameter.shown))
            case AsOf():
                return phrase("say_as_of")
            case Scale(of=of):
                return self._value(of)
            case Arith(op=op, left=left, right=right):
                one, other = self._operand(left), self._operand(right)
                return Words(f"{one.zh} {_SIGNS[op]} {other.zh}", f"{one.en} {_SIGNS[op]} {other.en}")
            case Call():
                return self._call(node)
            case Column(row=row, name=name):
                label = self._ruleset.tables[row.table].labels.get(name) if isinstance(row, Lookup) else None
                return phrase("say_of", of=self.named(row), name=label or _both(name))
            case Lookup(table=table, keys=keys):
                title = self._ruleset.tables[table].title
                named_by = joined([self.named(key) for _, key in keys])
                return phrase("say_row", table=title if title.zh else table, keys=named_by)
            case Decide():
                return phrase("say_decide")
            case _:
                return self.named(node)

    def _call(self, node: Call) -> Words:
        first, *rest = node.args
        said = {"first": self.named(first), "rest": self._listed(rest), "all": self._listed(node.args)}
        if node.function == "at_least":
            said["rest"] = joined([self.tell(each) for each in rest], "semicolon")
        elif node.function == "count_true":
            said["all"] = joined([self.tell(each) for each in node.args], "semicolon")
        if node.function not in _CALLS:
            return phrase("say_function", name=node.function, **said)
        return phrase(_CALLS[node.function], **said)

    def named(self, node: Node) -> Words:
        """Return what a value is called, and not what is said of it."""
        match node:
            case Get(of=of, name=name) if isinstance(of.type, Rec):
                entity = self._ruleset.schema.entities[of.type.entity]
                return self._of(of, entity.attributes[name].label)
            case Derived(of=of, entity=entity, name=name):
                definition = self._ruleset.definitions.get((entity, name))
                return self._of(of, definition.label if definition is not None else _both(name))
            case Var(type=Rec(entity=entity)):
                return phrase("say_self", entity=self._ruleset.schema.entities[entity].label)
            case Var():
                return phrase("say_member")
            case Climb(entity=None):
                return phrase("say_holder")
            case Climb(entity=str(entity)):
                return phrase("say_above", entity=self._ruleset.schema.entities[entity].label)
            case _:
                return self.tell(node)

    def _of(self, of: Node, label: Words) -> Words:
        """Return an attribute, with the record that it is taken of where that is another."""
        return label if isinstance(of, Var) else phrase("say_of", of=self.named(of), name=label)

    def _const(self, node: Const) -> Words:
        match node.type, node.value:
            case Enum() as kind, str(member):
                return self._members.get(kind, {}).get(member) or _both(member)
            case Bool(), bool(value):
                return phrase("yes" if value else "no")
            case Date(), Fraction() as day:
                return _both(date.fromordinal(int(day)).isoformat())
            case Number(unit=unit), Fraction() as figure:
                own = unit != NUMBER and not unit.symbol.startswith("=")
                return _measured(f"{number(figure)} {unit.symbol}" if own else number(figure))
            case _:
                return _both(f"“{node.value}”")

    def where(self, where: Node | None) -> Words:
        """Return which entries of a list are meant, in brackets; nothing where all are."""
        return phrase("say_where", condition=self.tell(where)) if where is not None else _NOTHING

    def _grouped(self, node: Node, within: str) -> Words:
        said = self.tell(node)
        return phrase("say_group", of=said) if isinstance(node, Logic) and node.op != within else said

    def _operand(self, node: Node) -> Words:
        inner = node.of if isinstance(node, Scale) else node
        said = self.named(node)
        return phrase("say_group", of=said) if isinstance(inner, Arith) else said

    def _listed(self, nodes: Sequence[Node]) -> Words:
        return joined([self.named(each) for each in nodes])


def _both(text: str) -> Words:
    return Words(text, text)


def _measured(text: str) -> Words:
    """Return a figure with its unit; one that is declared in Chinese has its own word in English."""
    figure, _, unit = text.partition(" ")
    one = f"say_one_{unit}"
    name = one if figure == "1" and has_phrase(one) else f"say_unit_{unit}"
    return Words(text, f"{figure} {phrase(name).en}") if has_phrase(name) else _both(text)


def _members(ruleset: Ruleset) -> dict[Enum, dict[str, Words]]:
    """Return what the members of each enum are called, as attributes call them before definitions."""
    attributes = (each for entity in ruleset.schema.entities.values() for each in entity.attributes.values())
    declared = [(each.type, each.member_labels) for each in (*ruleset.definitions.values(), *attributes)]
    found: dict[Enum, dict[str, Words]] = {}
    for kind, labels in declared:
        of = kind.of if isinstance(kind, SetOf | ListOf) else kind
        if isinstance(of, Enum):
            found.setdefault(of, {}).update(labels)
    return found
