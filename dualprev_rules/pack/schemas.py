"""JSON Schema of every kind of file, so that an editor completes and checks while one writes."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from typing import Any, cast

from dualprev_rules.pack.spec import KINDS, PROFILE, AttributeSpec, FileKind, Spec
from dualprev_rules.pack.spec.keys import FORMS, KEYS

_SPELT: Mapping[str, str] = {**KEYS, **FORMS}
_BY_NAME = frozenset(("properties", "$defs"))
_NAMING = frozenset((*_BY_NAME, "required", "default"))
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each kind of file, by its name."""
    return {kind.name: _schema(kind) for kind in (*KINDS, PROFILE)}


def _schema(kind: FileKind) -> dict[str, Any]:
    model = kind.model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
    definitions: dict[str, Any] = model.pop("$defs", {})
    if kind.shape == "by_name":
        attribute = AttributeSpec.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
        definitions |= attribute.pop("$defs", {})
        definitions["AttributeSpec"] = attribute
    name = kind.model.__name__
    definitions[name] = model
    described = {n: _described(n, d) for n, d in definitions.items()}
    whole: dict[str, Any]
    item = {"$ref": f"#/$defs/{name}"}
    match kind.shape:
        case "one":
            whole = item
        case "list":
            whole = {"type": "array", "items": item}
        case "one_or_list":
            whole = {"anyOf": [item, {"type": "array", "items": item}]}
        case "by_name":
            whole = {"type": "object", "additionalProperties": item}
    both = {"title": kind.where, **whole, "$defs": dict(sorted(described.items()))}
    return {"$schema": _DIALECT, **_in_both_languages(both)}


def _in_both_languages(node: Any) -> Any:
    """Return a schema that takes each key in its Chinese spelling, too."""
    if isinstance(node, list):
        return [_in_both_languages(part) for part in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    schema = cast("dict[str, Any]", node)
    made = {key: _in_both_languages(part) for key, part in schema.items() if key not in _NAMING}
    for key in _BY_NAME & schema.keys():
        made[key] = {name: _in_both_languages(part) for name, part in schema[key].items()}
    if "properties" in made:
        chinese = {_SPELT[name]: part for name, part in made["properties"].items() if name in _SPELT}
        made["properties"] = {**made["properties"], **chinese}
    if "required" in schema:
        names: list[str] = schema["required"]
        alone = [name for name in names if name not in _SPELT]
        either = [{"anyOf": [{"required": [n]}, {"required": [_SPELT[n]]}]} for n in names if n in _SPELT]
        made |= {"required": alone} if alone else {}
        made |= {"allOf": [*made.get("allOf", ()), *either]} if either else {}
    return made


def _described(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a model with what its docstrings say of each key."""
    model = _models().get(name)
    texts = dict(_docs(model)) if model is not None else {}
    properties = {
        key: {**value, "description": texts[key]} if key in texts else dict(value)
        for key, value in schema.get("properties", {}).items()
    }
    plain = {key: value for key, value in schema.items() if key not in ("properties", "title")}
    for value in properties.values():
        value.pop("title", None)
        value.pop("default", None)
    return {**plain, "properties": properties} if properties else plain


def _models() -> dict[str, type[Spec]]:
    found: dict[str, type[Spec]] = {}
    waiting = [Spec]
    while waiting:
        for model in waiting.pop().__subclasses__():
            found[model.__name__] = model
            waiting.append(model)
    return found


def _docs(model: type[Spec]) -> Iterator[tuple[str, str]]:
    """Yield the key and text of each field that a docstring stands under."""
    for base in model.__mro__:
        if not issubclass(base, Spec):
            continue
        (body,) = ast.parse(inspect.getsource(base)).body
        assert isinstance(body, ast.ClassDef)
        for line, below in zip(body.body, body.body[1:], strict=False):
            match line, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    field = model.model_fields[name]
                    yield field.alias or name, text
                case _:
                    pass
