"""Read events from JSON values, with every fault of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from dualprev_rules.control.events import KINDS, Event
from dualprev_rules.problems import DualprevError, Problem, nearest, problem

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def read_event(written: Mapping[str, Any]) -> Event:
    """Return the event that ``write_event`` wrote, or that a caller's JSON holds.

    Raises DualprevError with every fault: no such event, a field that is missing, unknown or of the
    wrong kind.
    """
    from pydantic import ValidationError

    kind = written.get("event")
    if not isinstance(kind, str) or kind not in KINDS:
        near = nearest(str(kind), KINDS) or "、".join(KINDS)
        raise DualprevError(problem("control.unknown-event", path="event", given=str(kind), nearest=near))
    rest = {name: value for name, value in written.items() if name != "event"}
    try:
        # As JSON and strict: a number is no date, and a word is no truth value.
        return _adapter(kind).validate_json(json.dumps(rest, default=str), strict=True)
    except ValidationError as refused:
        raise DualprevError([field_fault(kind, error) for error in refused.errors()]) from None


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(KINDS[kind])


def field_fault(kind: str, error: Any) -> Problem:
    """Return the problem for what pydantic refuses in a field of ``kind``."""
    path = ".".join((kind, *(str(part) for part in error["loc"])))
    match error["type"]:
        case "missing":
            return problem("control.field-missing", path=path)
        case "unexpected_keyword_argument":
            return problem("control.field-unknown", path=path, given=str(error["loc"][-1]))
        case "literal_error" | "enum":
            allowed = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            return problem(
                "control.field-not-one-of", path=path, given=str(error["input"])[:80], nearest=allowed
            )
        case _:
            return problem("control.field-wrong", path=path, given=str(error["input"])[:80])
