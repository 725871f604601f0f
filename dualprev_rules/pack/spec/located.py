"""What every model of a file kind has: it knows its place, and names every key that it lacks or has not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self, TypeVar, cast, get_origin

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
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from dualprev_rules.pack.source import Map, Scalar, Seq, Tree
from dualprev_rules.pack.spec.keys import in_english
from dualprev_rules.pack.spec.scalars import BLANK, NOTHING, LocatedWords, day_after
from dualprev_rules.problems import Place, Problem, Words, nearest, problem

_COMMAS = re.compile(r"[,，、;；]")


class Spec(BaseModel):
    """A part of a file as its author wrote it, checked by itself and not yet against anything else."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)
    _at: Map = PrivateAttr()
    _astray: bool = PrivateAttr(default=False)

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

    @property
    def tree(self) -> Map:
        """What stands in the file, by the English names of keys; unknown keys are left out."""
        return self._at

    def written(self, key: str) -> Tree | None:
        """Return what stands under ``key`` in the file."""
        return self._at.get(key)

    @property
    def astray(self) -> bool:
        """True where a key of the part was unknown: what seems to be missing may stand there."""
        return self._astray

    def says(self, *keys: str) -> bool:
        """Tell whether the author wrote one of the keys, however well."""
        return any(key in self._at for key in keys)

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
        problems = cast("list[Problem]", info.context)
        written = _known(cls, data, problems)
        whole = _with_blanks(cls, written)
        before = len(problems)
        try:
            spec = handler(whole)
        except ValidationError as error:
            # Only a list or mapping that is none gets so far: every other part reads on by itself.
            del problems[before:]
            refused = [_translated(item) for item in error.errors(include_url=False)]
            spec = handler(_straightened(cls, whole, [str(item["loc"][0]) for item in error.errors()]))
            places = {fault.place for fault in refused}
            problems[before:] = [
                *(fault for fault in problems[before:] if fault.place not in places),
                *(fault for fault in refused if fault.place is not None),
            ]
        spec._at = written
        spec._astray = isinstance(data, Map) and len(written) < len(data)
        return spec


S = TypeVar("S", bound=Spec)


def read_spec(model: type[S], tree: Tree, problems: list[Problem]) -> S:
    """Return the part of the file as ``model``; every fault of it joins ``problems``.

    What is at fault is read as what was plainly meant, or is blank: a fault of one key keeps no other
    part of the file from being checked.
    """
    return model.model_validate(tree, context=problems)


def _known(model: type[Spec], data: Tree, problems: list[Problem]) -> Map:
    """Return the mapping without keys that the model lacks; what is missing or no mapping is told."""
    if not isinstance(data, Map):
        empty = Map(data.file, data.start)
        empty.end = data.end
        if data is not BLANK:
            required = [f.alias or name for name, f in model.model_fields.items() if f.is_required()]
            shape = f"{{{', '.join(f'{key}: …' for key in required)}}}" if len(required) < 4 else None
            near = shape if required else None
            found = problem("pack.mapping-wanted", place=data.place(), given=_shown(data), nearest=near)
            problems.append(found)
        return empty
    if not data.keys() <= _keys(model):
        data = in_english(data, _keys(model))
    known = data if data.keys() <= _keys(model) else _without_unknown(model, data, problems)
    missing = [key for key in _blanks(model) if key not in known]
    if missing:
        given, near = ", ".join(missing), "; ".join(f"{key}: …" for key in missing)
        problems.append(problem("pack.missing-key", place=data.place(), given=given, nearest=near))
    return known


def _with_blanks(model: type[Spec], data: Map) -> dict[str, Tree]:
    """Return the mapping with something that says nothing under each key that must be there."""
    return {**_blanks(model), **data}


def _straightened(model: type[Spec], data: Mapping[str, Tree], keys: Iterable[str]) -> dict[str, Tree]:
    """Return the mapping with what is no list, or no mapping, under ``keys`` made one, or empty."""
    straight = dict(data)
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for key in keys:
        value, blank = data[key], _blank(fields[key])
        alone = isinstance(blank, Seq) and not isinstance(value, Seq)
        straight[key] = _items(value) if alone else blank
    return straight


def _items(tree: Tree) -> Seq:
    """Return what was meant as a list: the parts of a text, whatever brackets and commas it has."""
    listed = _as_list(tree)
    if isinstance(tree, Scalar):
        texts = [text.strip() for text in _COMMAS.split(tree.text.strip("[]【】［］（）"))]
        listed[:] = [Scalar(tree.file, text, tree.start, tree.end, tree.style) for text in texts if text]
    return listed


def _blank(field: FieldInfo) -> Tree:
    """Return what stands for a value of the field; of a list that must have items, one that says nothing."""
    match get_origin(field.annotation):
        case kind if kind is tuple:
            return _as_list(BLANK) if field.metadata else Seq(NOTHING, 0)
        case kind if kind is dict:
            return Map(NOTHING, 0)
        case _:
            return BLANK


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


def _as_list(tree: Tree) -> Seq:
    if isinstance(tree, Seq):
        return tree
    listed = Seq(tree.file, tree.start)
    listed.end = tree.end
    listed.append(tree)
    return listed


@cache
def _blanks(model: type[Spec]) -> Mapping[str, Tree]:
    """Return the keys that must be there, and for each what says nothing."""
    fields = model.model_fields.items()
    return {field.alias or name: _blank(field) for name, field in fields if field.is_required()}


@cache
def _keys(model: type[Spec]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


def _without_unknown(model: type[Spec], data: Map, problems: list[Problem]) -> Map:
    """Report each unknown key; one that is a known key misspelt is read as that."""
    known = _keys(model)
    names: dict[str, str | None] = {}
    for key in data:
        if key in known:
            continue
        place = data.keys_at[key].place()
        if key == "until" and known & {"replaced_on", "grace_until"}:
            # In a rule too it would be the day on which the instrument ceases; grace is the opposite.
            found = _until(data, place, of_instrument="replaced_on" not in known)
            names[key] = None
        else:
            near = nearest(key, sorted(known))
            found = problem(
                "pack.unknown-key", place=place, given=key, nearest=near or " / ".join(sorted(known))
            )
            names[key] = near if near is not None and near not in data else None
        problems.append(found)
    return data.renamed(names)


def _until(data: Map, place: Place, *, of_instrument: bool) -> Problem:
    """Refuse ``until``, which leaves open whether the day itself is meant."""
    last = data.text("until") or ""
    after = day_after(last)
    mended = f"replaced_on: {after}" if after else "replaced_on: …"
    if of_instrument:
        mended = f"in_force: {{{mended}}} (instruments/)"
    return problem("pack.until", place=place, given=last, mended=mended)


def _translated(error: Mapping[str, Any]) -> Problem:
    """Return our problem for a list or mapping that pydantic found to be none; the value knows its place."""
    value: Tree = error["input"]
    place = value.place() if value.file is not NOTHING else None
    texts = [item.text for item in _items(value) if isinstance(item, Scalar)]
    near = f"[{', '.join(texts)}]" if texts and not isinstance(value, Seq) else None
    code = {"too_short": "pack.empty-list", "dict_type": "pack.mapping-wanted"}.get(
        str(error["type"]), "pack.list-wanted"
    )
    return problem(code, place=place, given=_shown(value), nearest=near, key=str(error["loc"][0]))


def _shown(value: Any) -> str:
    return value.text[:40] if isinstance(value, Scalar) else ""
