"""What every model of a file kind has: it knows its place, and names every key that it lacks or has not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from dualprev_rules.pack.source import Map, Scalar, Seq, Tree
from dualprev_rules.pack.spec.scalars import LocatedWords, day_after, fault
from dualprev_rules.problems import Place, Problem, Words, nearest, problem


class Spec(BaseModel):
    """A part of a file as its author wrote it, checked by itself and not yet against anything else."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)
    _at: Map = PrivateAttr()

    def at(self, key: str | None = None) -> Place:
        """Return where the value of ``key`` stands (the key as written in the file), or the whole part."""
        return self._at.place(key)

    def at_key(self, key: str) -> Place:
        """Return where ``key`` itself stands, or the whole part where it is not there."""
        return self._at.at_key(key) if key in self._at else self._at.place()

    def item_at(self, key: str, text: str) -> Place:
        """Return where the item ``text`` of the list under ``key`` stands."""
        listed = self._at.get(key)
        for item in listed if isinstance(listed, Seq) else ():
            if isinstance(item, Scalar) and item.text.strip() == text:
                return item.place()
        return self.at(key)

    def written(self, key: str) -> Tree | None:
        """Return what stands under ``key`` in the file."""
        return self._at.get(key)

    def without_english(self) -> Iterator[Place]:
        """Yield where words of this part, and of the parts in it, stand in Chinese alone."""
        for name, field in type(self).model_fields.items():
            for part in _parts(getattr(self, name)):
                if isinstance(part, Spec):
                    yield from part.without_english()
                elif part.zh and not part.en:
                    yield self.at(field.alias or name)

    @model_validator(mode="wrap")
    @classmethod
    def _keep_place(cls, data: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Self:
        if not isinstance(data, Map):
            raise fault("pack.mapping-wanted")
        if not data.keys() <= _keys(cls):
            data = _without_unknown(cls, data, info.context)
        spec = handler(data)
        spec._at = data
        return spec


S = TypeVar("S", bound=Spec)


def read_spec(model: type[S], tree: Tree | None, problems: list[Problem]) -> S | None:
    """Return the part of the file as ``model``, or None; every fault of it joins ``problems``.

    A key that the model lacks is a fault and does not keep the rest from being read.
    """
    try:
        return model.model_validate(tree, context=problems)
    except ValidationError as error:
        problems += [_translated(item) for item in error.errors(include_url=False)]
        return None


def _parts(value: Any) -> Iterator[Spec | Words | LocatedWords]:
    match value:
        case Spec() | Words() | LocatedWords():
            yield value
        case {**items}:
            for item in items.values():
                yield from _parts(item)
        case (*items,):
            for item in items:
                yield from _parts(item)
        case _:
            return


@dataclass(frozen=True, slots=True)
class OneOrMany:
    """Annotation of a list that may be written as its only item."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_as_list, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        found = handler(schema)
        listed = handler.resolve_ref_schema(found)
        return {"anyOf": [listed["items"], listed]}


def _as_list(tree: Tree) -> Tree:
    if isinstance(tree, Seq):
        return tree
    listed = Seq(tree.file, tree.start)
    listed.end = tree.end
    listed.append(tree)
    return listed


@cache
def _keys(model: type[Spec]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


def _without_unknown(model: type[Spec], data: Map, problems: list[Problem] | None) -> Map:
    """Report each unknown key; one that is a known key misspelt is read as that."""
    known = _keys(model)
    names: dict[str, str | None] = {}
    for key in data:
        if key in known:
            continue
        place = data.keys_at[key].place()
        if key == "until" and "replaced_on" in known:
            found = _until(data, place)
            names[key] = None
        else:
            near = nearest(key, sorted(known))
            found = problem(
                "pack.unknown-key", place=place, given=key, nearest=near or " / ".join(sorted(known))
            )
            names[key] = near if near is not None and near not in data else None
        if problems is not None:
            problems.append(found)
    return data.renamed(names)


def _until(data: Map, place: Place) -> Problem:
    """Refuse ``until``, which leaves open whether the day itself is meant."""
    last = data.text("until") or ""
    after = day_after(last)
    mended = f"replaced_on: {after}" if after else "replaced_on: …"
    return problem("pack.until", place=place, given=last, mended=mended)


def _translated(error: Mapping[str, Any]) -> Problem:
    """Return our problem for a fault that pydantic found; the value refused knows its place."""
    args = dict(error.get("ctx") or {})
    place = args.pop("place", None)
    value = error["input"]
    key = str(error["loc"][-1]) if error["loc"] else ""
    if place is None and isinstance(value, Scalar | Seq | Map):
        place = value.place()
    match error["type"]:
        case "missing":
            return problem("pack.missing-key", place=place, given=key, nearest=f"{key}: …")
        case "list_type" | "tuple_type":
            return problem("pack.list-wanted", place=place, given=_shown(value))
        case "dict_type" | "model_type" | "mapping_type":
            return problem("pack.mapping-wanted", place=place, given=_shown(value))
        case code if str(code).startswith("pack."):
            args.setdefault("given", _shown(value))
            return problem(str(code), place=place, **args)
        case _:
            return problem("pack.not-readable", place=place, given=_shown(value), detail=str(error["msg"]))


def _shown(value: Any) -> str:
    return value.text[:40] if isinstance(value, Scalar) else ""
