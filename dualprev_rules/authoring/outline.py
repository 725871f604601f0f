"""A rule as a numbered list of conditions, where one sentence would be too long to follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dualprev_rules.authoring.say import Teller, say, say_by, sentence
from dualprev_rules.lang.tree import Call, Choose, Compare, IsIn, Logic, Node, Not, Quantify
from dualprev_rules.pack.model import Rule, Ruleset
from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.phrases import phrase

LONG = 80
"""The Chinese letters that a sentence has at most; both languages have the same form."""
_PART = 40
"""The letters that a part of a list has at most before it is taken apart itself."""


@dataclass(frozen=True, slots=True)
class Item:
    """A condition in words, or what is said of its parts."""

    said: Words
    parts: tuple[Item, ...] = ()


def told(rule: Rule, ruleset: Ruleset) -> Words:
    """Return what a rule says: in one sentence, or where that is long as a list, in lines."""
    if len(sentence(rule, ruleset).zh) <= LONG:
        return say(rule, ruleset)
    return Words(_written(rule, ruleset, "zh"), _written(rule, ruleset, "en"))


def _written(rule: Rule, ruleset: Ruleset, lang: Lang) -> str:
    teller, colon = Teller(ruleset, rule.parameters), phrase("colon").get(lang)
    entity, kind = ruleset.schema.entities[rule.entity].label, phrase(f"say_kind_{rule.kind}")
    lines = [phrase("say_outline", entity=entity, kind=kind).get(lang)]
    for name, part in (("applies", rule.applies), ("violated", rule.violated), ("unless", rule.unless)):
        if part is not None:
            item = outline(part.node, teller)
            lines.append(f"  {phrase(f'say_outline_{name}').get(lang)}{colon}{item.said.get(lang)}")
            lines += _lines(item.parts, lang, "    ", "")
    return "\n".join([*lines, f"  {say_by(rule, ruleset).get(lang)}"])


def _lines(items: Sequence[Item], lang: Lang, indent: str, number: str) -> Iterator[str]:
    for at, item in enumerate(items, start=1):
        own = f"{number}{at}"
        yield f"{indent}{own} {item.said.get(lang)}"
        yield from _lines(item.parts, lang, f"{indent}  ", f"{own}.")


def outline(node: Node, teller: Teller) -> Item:
    """Return a condition as an item; it has parts where it would be long in one line."""
    plain = teller.tell(node)
    if len(plain.zh) <= _PART:
        return Item(plain)
    match node:
        case Logic(op=op, operands=operands):
            return Item(phrase(f"say_outline_{op}"), _each(operands, teller))
        case Not(of=Logic(op=op, operands=operands)):
            return Item(phrase(f"say_outline_not_{op}"), _each(operands, teller))
        case Call(function="at_least", args=(first, *rest)):
            return Item(phrase("say_outline_at_least", first=teller.named(first)), _each(rest, teller))
        case Compare(op=op, left=Call(function="count_true", args=args), right=right):
            said = phrase(f"say_op_{op}", left=phrase("say_outline_count"), right=teller.named(right))
            return Item(said, _each(args, teller))
        case Compare(op=op, left=left, right=Choose() as right):
            said = phrase(f"say_op_{op}", left=teller.named(left), right=phrase("say_outline_value"))
            return Item(said, tuple(_choices(right, teller)))
        case Choose():
            return Item(phrase("say_outline_value"), tuple(_choices(node, teller)))
        case IsIn(item=item, options=options):
            return Item(phrase("say_outline_in", item=teller.named(item)), _each(options, teller))
        case Not(of=IsIn(item=item, options=options)):
            return Item(phrase("say_outline_not_in", item=teller.named(item)), _each(options, teller))
        case Quantify(kind=kind, over=over, where=where, body=body):
            inner = outline(body, teller)
            parts = {"over": teller.named(over), "where": teller.where(where), "body": inner.said}
            return Item(phrase(f"say_outline_{kind}", **parts), inner.parts) if inner.parts else Item(plain)
        case _:
            return Item(plain)


def _choices(node: Choose, teller: Teller) -> Iterator[Item]:
    """Yield each value with the condition under which it counts, then what counts in all other cases."""
    yield Item(phrase("say_outline_if", condition=teller.tell(node.condition), then=teller.tell(node.then)))
    if isinstance(node.otherwise, Choose):
        yield from _choices(node.otherwise, teller)
    else:
        yield Item(phrase("say_outline_else", otherwise=teller.tell(node.otherwise)))


def _each(nodes: Sequence[Node], teller: Teller) -> tuple[Item, ...]:
    return tuple(outline(node, teller) for node in nodes)
