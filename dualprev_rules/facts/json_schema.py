"""The JSON Schema of accepted input: what an editor or a caller can check before it is read."""

from __future__ import annotations

from typing import Any

from dualprev_rules.facts.given import PARTS, SOURCES
from dualprev_rules.facts.kinds import normal
from dualprev_rules.facts.plan import Plan, Plans, Slot
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Bool, Date, Enum, Number, SetOf

JsonSchema = dict[str, Any]

# Loose on purpose: a figure, perhaps with a bound before and a unit behind it. The reading is stricter.
_QUANTITY = r"^\s*(?:[<>≤≥＜＞≦≧]\s*=?)?\s*[+\-−＋－]?\s*[0-9０-９.．]"
_DAY = r"^\s*[0-9]{4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}"
_NUMBER: JsonSchema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _QUANTITY}]}
_DATE: JsonSchema = {"type": "string", "pattern": _DAY}
_TEXT: JsonSchema = {"type": ["string", "number"]}


def facts_schema(schema: Schema) -> JsonSchema:
    """Return the JSON Schema (2020-12) of facts in JSON or YAML for ``schema``.

    Keys may be names, labels or aliases, as in reading; a misspelt key is refused. ``x-unit`` of an attribute
    is the unit in which a bare figure is read.
    """
    plans = Plans(schema)
    defs: JsonSchema = {
        "_origin": _origin(),
        "_number": _fact(_NUMBER, "at_least", "at_most", "between", "one_of"),
        "_date": _fact(_DATE, "at_least", "at_most", "between", "one_of"),
        "_text": _fact(_TEXT, "one_of"),
    }
    for name in sorted(schema.entities):
        plan = plans[name]
        defs[name] = _entity(plan)
        defs |= {f"{name}.{slot.name}": _attribute(slot) for slot in plan.slots.values()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dualprev-rules facts",
        "type": "object",
        "properties": {s: _records(e.name) for s, e in sorted(plans.entities.exact.items())},
        "additionalProperties": False,
        "minProperties": 1,
        "$defs": defs,
    }


def _entity(plan: Plan) -> JsonSchema:
    named = sorted(plan.names.exact.items())
    return {
        "type": "object",
        "title": plan.entity.label.get("zh"),
        "properties": {spelling: _ref(f"{plan.entity.name}.{slot.name}") for spelling, slot in named},
        "additionalProperties": False,
    }


def _attribute(slot: Slot) -> JsonSchema:
    described: JsonSchema = {"title": slot.attribute.label.get("zh"), **_value(slot)}
    of = slot.attribute.type
    if isinstance(of, Number) and of.unit.symbol:
        described["x-unit"] = of.unit.symbol
    if slot.attribute.ask is not None:
        described["description"] = slot.attribute.ask.get("zh")
    return described


def _value(slot: Slot) -> JsonSchema:
    aliases = [normal(spelling) for spelling in slot.attribute.member_aliases]
    match slot.attribute.type:
        case Bool():
            return _fact({"enum": [True, False, "true", "false", *aliases]}, "one_of")
        case Number():
            return _ref("_number")
        case Date():
            return _ref("_date")
        case Enum() as of:
            return _fact(_members(slot, of, aliases), "one_of")
        case SetOf(of=of):
            return _set(_members(slot, of, aliases) if isinstance(of, Enum) else _TEXT)
        case _ if slot.child is not None:
            return _records(slot.child)
        case _:
            return _ref("_text")


def _members(slot: Slot, of: Enum, aliases: list[str]) -> JsonSchema:
    labels = [w for words in slot.attribute.member_labels.values() for w in (words.zh, words.en) if w]
    figures = [int(member) for member in of.members if member.isascii() and member.isdigit()]
    return {"enum": [*dict.fromkeys((*of.members, *labels, *aliases)), *figures]}


def _records(entity: str) -> JsonSchema:
    some = {"type": "array", "items": _ref(entity)}
    return {"anyOf": [{"type": "null"}, _ref(entity), some, _long({"items": some})]}


def _set(member: JsonSchema) -> JsonSchema:
    some = {"type": "array", "items": member}
    held = {"anyOf": [some, {"type": "string"}]}
    return {"anyOf": [{"type": "null"}, held, _long({"items": held}), _long({"value": held})]}


def _fact(point: JsonSchema, *limits: str) -> JsonSchema:
    """Return the schema of a fact: a plain value, what is partly known, or either with its origin."""
    forms: JsonSchema = {
        "at_least": point,
        "at_most": point,
        "between": {"type": "array", "items": point, "minItems": 2, "maxItems": 2},
        "one_of": {"type": "array", "items": point, "minItems": 1},
    }
    partly = [_long({limit: forms[limit]}) for limit in limits if limit not in ("at_least", "at_most")]
    if "at_least" in limits:
        bounds = {limit: forms[limit] for limit in ("at_least", "at_most")}
        partly.append(_long(bounds))
    value = {"anyOf": [{"type": "null"}, point, *partly]}
    return {"anyOf": [{"type": "null"}, point, *partly, _long({"value": value})]}


def _long(parts: JsonSchema) -> JsonSchema:
    """Return the schema of a mapping with at least one of certain parts, beside the origin."""
    properties = {spelling: value for part, value in parts.items() for spelling in _spellings(part)}
    return {
        "type": "object",
        "$ref": "#/$defs/_origin",
        "properties": properties,
        "anyOf": [{"required": [spelling]} for spelling in properties],
        "unevaluatedProperties": False,
    }


def _origin() -> JsonSchema:
    text, day = {"type": ["string", "null"]}, {"anyOf": [{"type": "null"}, _DATE]}
    parts: JsonSchema = {
        "unit": text,
        "at": day,
        "by": text,
        "source": {"enum": [None, *SOURCES]},
        "evidence": text,
        "valid_until": day,
        "complete": {"type": ["boolean", "null"]},
    }
    return {"properties": {s: value for part, value in parts.items() for s in _spellings(part)}}


def _spellings(part: str) -> list[str]:
    return [spelling for spelling, meant in PARTS.items() if meant == part]


def _ref(name: str) -> JsonSchema:
    return {"$ref": f"#/$defs/{name}"}
