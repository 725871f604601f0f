"""What the names of a condition may mean where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from dualprev_rules.facts.possible import Numbers
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Type


@dataclass(frozen=True, slots=True)
class TableShape:
    """What the checker must know of a look-up table."""

    columns: Mapping[str, Type]
    ranges: Mapping[str, Numbers]
    keys: tuple[str, ...]
    row_key: str | None
    entity: str | None


@dataclass(frozen=True, slots=True)
class Function:
    """A pure function that a pack brings through the hook, over known values.

    ``call`` gets exact values (``Fraction``, ``str``, ``bool``) and returns one; with an argument
    that is not known the result is unknown. Evaluators that need another form refuse the rule.
    """

    name: str
    args: tuple[Type, ...]
    result: Type
    call: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class ParameterShape:
    """A parameter of the rule: its type and value."""

    type: Type
    value: Fraction | str | bool


def _no_definition(entity: str, name: str) -> Type | None:
    return None


def _no_labels(entity: str) -> Mapping[str, tuple[str, ...]]:
    return {}


def _no_rules(kind: str | None, tag: str | None) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Scope:
    """The schema and everything else that a condition may name.

    ``definition(entity, name)`` gives the type of a definition or None where there is none;
    ``definitions(entity)`` names them, for proposals. ``rules`` maps rule ids to their entities.
    """

    schema: Schema
    entity: str | None
    definition: Callable[[str, str], Type | None] = _no_definition
    definition_names: Callable[[str], tuple[str, ...]] = lambda entity: ()
    tables: Mapping[str, TableShape] = field(default_factory=dict[str, TableShape])
    rules: Mapping[str, str] = field(default_factory=dict[str, str])
    select_rules: Callable[[str | None, str | None], tuple[str, ...]] = _no_rules
    parameters: Mapping[str, ParameterShape] = field(default_factory=dict[str, ParameterShape])
    functions: Mapping[str, Function] = field(default_factory=dict[str, Function])
    variables: Mapping[str, Type] = field(default_factory=dict[str, Type])
    """Names with a type and no record: the factors of a grading formula."""
    data_check: bool = False
    """True in a rule of kind ``data_check``, the only place for ``known()``."""
    definition_labels: Callable[[str], Mapping[str, tuple[str, ...]]] = _no_labels
    """Definition → its labels: who writes one of them is led to the name."""
    other_rules: Mapping[str, str] = field(default_factory=dict[str, str])
    """Rules of other days → entity: nobody can break them on this one. ``select_rules`` names them, too."""
    selectors: Callable[[str], Mapping[str, tuple[str, ...]]] = _no_labels
    """``kind`` or ``tag`` → those by which rules can be selected, with what else each is called."""
