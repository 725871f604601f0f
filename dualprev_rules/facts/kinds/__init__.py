"""Readers of values, one for each type of attribute."""

from __future__ import annotations

from dualprev_rules.facts.kinds.amount import Amount
from dualprev_rules.facts.kinds.choice import Choice, choice_of
from dualprev_rules.facts.kinds.day import day_point, read_day
from dualprev_rules.facts.kinds.number import number_in
from dualprev_rules.facts.kinds.reading import Kind, Reading, Refused
from dualprev_rules.facts.kinds.several import Several
from dualprev_rules.facts.kinds.text import Texts, normal, text_of
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, Date, Enum, Number, Rec, SetOf, Text

__all__ = ["Choice", "Kind", "Reading", "Refused", "Several", "kind_of", "normal", "read_day", "text_of"]


def kind_of(attribute: Attribute) -> Kind | None:
    """Return the reader of an attribute's values; None for a list of records."""
    match attribute.type:
        case Bool():
            return choice_of(attribute, None)
        case Enum() as of:
            return choice_of(attribute, of)
        case Number(unit=unit, whole=whole):
            return Amount(number_in(unit), attribute.range, whole)
        case Date():
            return Amount(day_point, attribute.range, whole=True)
        case Text() | Rec():
            # A reference is read as the key of the record that it means.
            return Texts(attribute.check)
        case SetOf(of=Enum() as of):
            return Several(choice_of(attribute, of), frozenset(of.members))
        case SetOf():
            return Several(Texts(attribute.check), None)
        case _:
            return None
