"""The forms in which a list of records may be given, taken apart into the mappings that it holds."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from dualprev_rules.facts.attribute import AttributeReader
from dualprev_rules.facts.document import Reported, Trail, Twice
from dualprev_rules.facts.given import Given, is_list_form, take_apart
from dualprev_rules.facts.kinds import Refused
from dualprev_rules.facts.plan import Plan, Slot
from dualprev_rules.facts.reports import Reports
from dualprev_rules.facts.shown import shown


class Element(NamedTuple):
    """A mapping that is to be a record, its position in the list (from 1), and the trail to it."""

    mapping: dict[str, Any]
    position: int
    trail: Trail


class Elements(NamedTuple):
    """What a list holds. ``sound``: everything in it was a mapping, and it said nothing unreadable."""

    given: Given
    elements: list[Element]
    sound: bool = True


class ListForms:
    """Takes lists apart: a list, its long form ``{items, complete}``, or one record by itself."""

    def __init__(self, reports: Reports, attributes: AttributeReader) -> None:
        self._reports = reports
        self._attributes = attributes

    def take(self, plan: Plan, slot: Slot | None, raw: Any, path: str, trail: Trail) -> Elements | None:
        """Return the mappings of a list of ``plan``'s records; None, and reported, where it is no list."""
        if isinstance(raw, Twice):
            self._reports.fault(Refused("facts.twice", given=shown(trail[-1])), path, trail, "incomplete")
            taken = [self.take(plan, slot, value, path, trail) for value in raw.values]
            return Elements(Given([]), [e for part in taken if part for e in part.elements], sound=False)
        given, sound = Given(raw), True
        if isinstance(raw, dict):
            mapping = cast("dict[str, Any]", raw)
            if "items" in plan.slots or not is_list_form(mapping):
                return Elements(given, [Element(mapping, 1, trail)])
            try:
                given = take_apart(mapping)
            except Refused as refused:
                self._reports.fault(refused, path, trail, "unknown")
                return None
            sound = slot is None or not self._attributes.doubtful(slot, given, path, trail)
            trail = (*trail, given.key or "items")
        if given.empty:
            return Elements(given, [])
        held: Any = given.value
        if not isinstance(held, list):
            self._reports.fault(Refused("facts.not-a-list", given=shown(held)), path, trail, "unknown")
            return None
        values = cast("list[Any]", held)
        elements = self._mappings(values, path, trail)
        return Elements(given, elements, sound and len(elements) == len(values))

    def _mappings(self, values: list[Any], path: str, trail: Trail) -> list[Element]:
        found: list[Element] = []
        for index, value in enumerate(values):
            if isinstance(value, dict):
                found.append(Element(cast("dict[str, Any]", value), index + 1, (*trail, index)))
            elif not isinstance(value, Reported):
                refused = Refused("facts.not-a-record", given=shown(value))
                self._reports.fault(refused, f"{path}[{index + 1}]", (*trail, index), "incomplete")
        return found
