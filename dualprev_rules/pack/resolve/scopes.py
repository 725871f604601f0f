"""What names mean, by the entity that a condition is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Type
from dualprev_rules.lang import Function, ParameterShape, Scope, TableShape, compile_condition
from dualprev_rules.lang.parse import parse
from dualprev_rules.lang.text import Located
from dualprev_rules.pack.clause_words import in_own_words
from dualprev_rules.pack.model import RULE_KINDS, Expression
from dualprev_rules.pack.resolve import called
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.source import Scalar
from dualprev_rules.pack.spec.scalars import BLANK
from dualprev_rules.pack.spec.words import SPELLINGS
from dualprev_rules.problems import Place, nearest

_NO_WORDS: Mapping[str, str] = {}


@dataclass(slots=True)
class Scopes:
    """Everything that conditions may name on the day; filled while packs are put together."""

    schema: Schema
    functions: Mapping[str, Function]
    faults: Faults
    tables: dict[str, TableShape] = field(default_factory=dict[str, TableShape])
    rules: dict[str, str] = field(default_factory=dict[str, str])
    """Rule of the day → the entity that it is about."""
    other_rules: dict[str, str] = field(default_factory=dict[str, str])
    """The same of the rules of other days."""
    kinds: dict[str, tuple[str, frozenset[str]]] = field(
        default_factory=dict[str, tuple[str, frozenset[str]]]
    )
    """Rule → its kind and tags."""
    definition: Callable[[str, str], Type | None] = lambda entity, name: None
    definition_names: Callable[[str], tuple[str, ...]] = lambda entity: ()
    definition_labels: Callable[[str], Mapping[str, tuple[str, ...]]] = lambda entity: {}

    def of(
        self,
        entity: str | None,
        parameters: Mapping[str, ParameterShape] | None = None,
        data_check: bool = False,
    ) -> Scope:
        """Return the scope of a condition about records of ``entity``."""
        return Scope(
            schema=self.schema,
            entity=entity,
            definition=self.definition,
            definition_names=self.definition_names,
            tables=self.tables,
            rules=self.rules,
            select_rules=self.select_rules,
            parameters=parameters or {},
            functions=self.functions,
            data_check=data_check,
            definition_labels=self.definition_labels,
            other_rules=self.other_rules,
            selectors=self.selectors,
        )

    def select_rules(self, kind: str | None, tag: str | None) -> tuple[str, ...]:
        """Return the rules of a kind, a tag, or both, in checklist order, those of other days too."""
        return tuple(
            name
            for name, (its, tags) in self.kinds.items()
            if (kind is None or its == kind) and (tag is None or tag in tags)
        )

    def selectors(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return the kinds, or the tags, by which rules can be selected, and what else they are called."""
        if key == "kind":
            return {kind: SPELLINGS.get(kind, ()) for kind in RULE_KINDS}
        return {tag: () for _, tags in self.kinds.values() for tag in sorted(tags)}

    def entity(self, given: str, place: Place | None) -> str | None:
        """Return the entity of this name. One that there is not is noted, and the nearest is taken for it.

        So what stands behind a misspelt name is checked too. None where no entity is like it.
        """
        entities = self.schema.entities
        if given in entities:
            return given
        also = called.entities(self.schema)
        self.faults.unknown("pack.unknown-entity", given, entities, place, also)
        return nearest(given, entities, also)

    def check_form(self, *texts: Located | None) -> None:
        """Note what is wrong with conditions whatever their names mean."""
        for text in texts:
            if text is not None and text is not BLANK:
                self.faults.add(parse(text)[1])

    def compile(
        self, text: Located, scope: Scope, expected: Type | None = None, words: Mapping[str, str] = _NO_WORDS
    ) -> Expression | None:
        """Return the condition as written with its checked tree; faults of it are noted.

        ``words`` are those that the instruments cited mean otherwise: what is proposed follows them.
        """
        if text is BLANK:
            return None
        node, problems = compile_condition(text, scope, expected)
        self.faults.add(in_own_words(fault, words) for fault in problems)
        if isinstance(text, Scalar) and (lost := _comment_after(text)):
            self.faults.note(
                "pack.comment-after-condition", text.place(), given=lost, nearest=_quoted(text.text, lost)
            )
        if node is None:
            return None
        return Expression(text.text, node, text.place(0, len(text.text)))


def _quoted(text: str, lost: str) -> str | None:
    """Return the condition in quotes where the number sign stands within a text of it."""
    quote = next((sign for sign in "'\"" if text.count(sign) % 2), None)
    if quote is None or quote not in lost:
        return None
    other = '"' if quote == "'" else "'"
    whole = f"{text} {lost}"
    return f"{other}{whole}{other}" if other not in whole else None


def _comment_after(text: Scalar) -> str:
    """Return the comment that stands behind a condition without quotes: perhaps the rest of it."""
    if text.style != "plain":
        return ""
    rest = text.file.text[text.end :].partition("\n")[0].strip()
    return rest if rest.startswith("#") else ""
