"""The same rules in other engines, and the conditions of a pack written in their grammars."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, ClassVar

Conditions = Mapping[str, str]
"""Rule → when it is violated, as one condition (what makes it apply included), in its grammar."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another engine with the rules loaded: from the facts of one record to the rules violated."""

    name: str
    judge: Callable[[dict[str, Any]], frozenset[str]]
    """Everything that the engine's user must do to have the answer, this checked against ours."""
    run: Callable[[dict[str, Any]], Any]
    """The engine's part of it alone, which is what is timed."""


def installed(distribution: str) -> str | None:
    """Return the version of a peer, None where it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def zen(conditions: Conditions) -> Peer:
    """Load zen-engine in its fastest form: one decision of one expression node, through a loader."""
    import zen as library

    expressions = [
        {"id": rule, "key": rule.replace(".", "_"), "value": text} for rule, text in conditions.items()
    ]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode"},
        {"id": "rules", "name": "rules", "type": "expressionNode", "content": {"expressions": expressions}},
        {"id": "out", "name": "out", "type": "outputNode"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "rules", "type": "edge"},
        {"id": "2", "sourceId": "rules", "targetId": "out", "type": "edge"},
    ]
    placed = [{**node, "position": {"x": 0, "y": 0}} for node in nodes]
    content = library.ZenDecisionContent(json.dumps({"nodes": placed, "edges": edges}))
    engine = library.ZenEngine({"loader": lambda _: content})
    names = {rule.replace(".", "_"): rule for rule in conditions}

    def run(facts: dict[str, Any]) -> Any:
        return engine.evaluate("rules", facts)

    def judge(facts: dict[str, Any]) -> frozenset[str]:
        return frozenset(names[key] for key, value in run(facts)["result"].items() if value is True)

    return Peer("zen-engine", judge, run)


def rule_engine(conditions: Conditions) -> Peer:
    """Load rule-engine: a compiled rule each, asked one after the other."""
    import rule_engine as library

    rules = [(name, library.Rule(text)) for name, text in conditions.items()]

    def run(facts: dict[str, Any]) -> list[bool]:
        return [rule.matches(facts) for _, rule in rules]

    def judge(facts: dict[str, Any]) -> frozenset[str]:
        answers = zip(rules, run(facts), strict=True)
        return frozenset(name for (name, _), violated in answers if violated)

    return Peer("rule-engine", judge, run)


def durable(conditions: Conditions, *, ruleset: str) -> Peer:
    """Load durable-rules: a rule each in one rule set; a fact is asserted, and retracted again."""
    from durable import engine, lang

    fired: list[str] = []
    with lang.ruleset(ruleset):
        for name, text in conditions.items():
            lang.when_all(eval(text, {"m": lang.m}))(_noting(name, fired))

    def run(facts: dict[str, Any]) -> list[str]:
        fired.clear()
        # A fact that fits no rule is an error there, and is kept all the same.
        with suppress(engine.MessageNotHandledException):
            lang.assert_fact(ruleset, facts)
        lang.retract_fact(ruleset, facts)
        return fired

    return Peer("durable-rules", lambda facts: frozenset(run(facts)), run)


def _noting(name: str, fired: list[str]) -> Callable[[Any], None]:
    # An action of durable-rules takes one argument; with two it counts as asynchronous.
    def note(_: Any) -> None:
        fired.append(name)

    return note


class Grammar:
    """Writes a condition anew, as zen-engine and rule-engine want it: no chains, no sets."""

    words: ClassVar[dict[type[ast.boolop], str]] = {ast.And: "and", ast.Or: "or"}
    signs: ClassVar[dict[type[ast.cmpop], str]] = {
        ast.Lt: "<",
        ast.LtE: "<=",
        ast.Gt: ">",
        ast.GtE: ">=",
        ast.Eq: "==",
        ast.NotEq: "!=",
    }

    def write(self, conditions: Mapping[str, str]) -> dict[str, str]:
        """Return the conditions of a pack in the peer's grammar."""
        return {
            rule: self.part(ast.parse(text.strip(), mode="eval").body) for rule, text in conditions.items()
        }

    def part(self, node: ast.expr) -> str:
        """Return one part of it."""
        match node:
            case ast.BoolOp(op, values):
                return self.joined(self.words[type(op)], [self.part(value) for value in values])
            case ast.UnaryOp(ast.Not(), operand):
                return self.negated(operand)
            case ast.UnaryOp(ast.USub(), ast.Constant(value)):
                return f"-{value}"
            case ast.Compare(left, ops, rights):
                sides = [left, *rights]
                pairs = zip(sides, ops, rights, strict=False)
                return self.joined(self.words[ast.And], [self.compared(*pair) for pair in pairs])
            case ast.Name(name):
                return self.name(name)
            case ast.Constant(value):
                return json.dumps(value)
            case _:
                raise ValueError(ast.unparse(node))

    def joined(self, word: str, parts: Sequence[str]) -> str:
        """Return several parts joined by ``word``."""
        return parts[0] if len(parts) == 1 else "(" + f" {word} ".join(parts) + ")"

    def negated(self, operand: ast.expr) -> str:
        """Return the negation of a part."""
        return f"not {self.part(operand)}"

    def compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> str:
        """Return one comparison."""
        if isinstance(op, ast.In) and isinstance(right, ast.Set):
            return self.among(self.part(left), [self.part(each) for each in right.elts])
        return f"{self.part(left)} {self.signs[type(op)]} {self.part(right)}"

    def among(self, left: str, members: list[str]) -> str:
        """Return a membership."""
        return f"{left} in [{', '.join(members)}]"

    def name(self, name: str) -> str:
        """Return an attribute."""
        return name


class Durable(Grammar):
    """Writes a condition as the Python expression that durable-rules overloads."""

    words: ClassVar[dict[type[ast.boolop], str]] = {ast.And: "&", ast.Or: "|"}

    def part(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return f"({super().part(node)} == True)"
        return super().part(node)

    def negated(self, operand: ast.expr) -> str:
        assert isinstance(operand, ast.Name)
        return f"(m.{operand.id} == False)"

    def compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> str:
        if isinstance(left, ast.Constant) and isinstance(right, ast.Name):
            mirrored = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
            return self.compared(right, mirrored[type(op)](), left)
        if isinstance(op, ast.In) and isinstance(right, ast.Set):
            return self.among(self._side(left), [self._side(each) for each in right.elts])
        return f"({self._side(left)} {self.signs[type(op)]} {self._side(right)})"

    def among(self, left: str, members: list[str]) -> str:
        return self.joined("|", [f"({left} == {member})" for member in members])

    def name(self, name: str) -> str:
        return f"m.{name}"

    def _side(self, node: ast.expr) -> str:
        return self.name(node.id) if isinstance(node, ast.Name) else self.part(node)
