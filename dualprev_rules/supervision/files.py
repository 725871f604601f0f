"""Read the files of a regulator: YAML, JSON or CSV into models, every fault of a file a problem."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from dualprev_rules.problems import DualprevError, Place, Problem, nearest, problem

Model = TypeVar("Model", bound=BaseModel)
MOST_BYTES = 256 * 1024 * 1024


class Strict(BaseModel):
    """A part of a file: immutable, and with no key that means nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def read_model(source: Path | Mapping[str, Any], model: type[Model]) -> Model:
    """Read a YAML or JSON file, or its values, as a model.

    Raises DualprevError with every fault.
    """
    file = "" if isinstance(source, Mapping) else str(source)
    tree: object = source if isinstance(source, Mapping) else read_tree(source)
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        told = error.errors()
        # A list is said to be too short where what stands in it is wrong: that alone is told.
        outer = {each["loc"][:n] for each in told for n in range(len(each["loc"]))}
        raise DualprevError(
            [_fault(each, file, model) for each in told if each["loc"] not in outer]
        ) from error


def read_tree(path: Path) -> object:
    """Return what a YAML or JSON file holds; scalars of YAML stay text, and the model gives their type.

    Raises DualprevError where it cannot be read, or a key stands twice.
    """
    text = read_text(path)
    try:
        if path.suffix.lower() == ".json":
            return cast("object", json.loads(text, object_pairs_hook=lambda pairs: _once(pairs, path)))
        return cast("object", yaml.load(text, Loader=_loader(path)))  # noqa: S506
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        fault = problem("supervision.unreadable", given=str(path), reason=type(error).__name__)
        raise DualprevError(fault) from error


def read_table(path: Path) -> list[Mapping[str, Any]]:
    """Return the rows of a CSV file, or of a list of mappings in JSON or YAML.

    Raises DualprevError where it is no list, and for each row of it that is no mapping.
    """
    if path.suffix.lower() == ".csv":
        return [*read_csv(path)]
    tree = read_tree(path)
    if not isinstance(tree, list):
        raise DualprevError(problem("supervision.no-table", given=str(path)))
    rows = cast("list[object]", tree)
    faults = [
        problem("supervision.no-row", path=f"{path}[{number}]", given=str(row)[:60])
        for number, row in enumerate(rows, 1)
        if not isinstance(row, dict)
    ]
    if faults:
        raise DualprevError(faults)
    return cast("list[Mapping[str, Any]]", rows)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file, cells as they stand, an empty one left out.

    Raises DualprevError where a heading stands twice, a row is longer than the headings, or a cell has none.
    """
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), restkey="")
    heads = [head.strip() for head in reader.fieldnames or () if head.strip()]
    twice = sorted({head for head in heads if heads.count(head) > 1})
    if twice:
        raise DualprevError(
            [problem("supervision.heading-twice", path=str(path), given=head) for head in twice]
        )
    rows = [*reader]
    # Cells beyond the headings: some comma too many has moved what stands before them.
    long = [number for number, row in enumerate(rows, 1) if any(row.get("", ()))]
    # Under a blank heading nobody would see what stands there.
    long += [n for n, row in enumerate(rows, 1) if any(v and not k.strip() for k, v in row.items() if k)]
    if long:
        raise DualprevError([problem("supervision.row-long", path=f"{path}[{number}]") for number in long])
    return [{key: value for key, value in row.items() if key.strip() and value} for row in rows]


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8 or GB 18030; raises DualprevError where it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DualprevError(
                problem("supervision.unreadable", given=str(path), reason=f"> {MOST_BYTES} bytes")
            )
        data = path.read_bytes()
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("gb18030")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise DualprevError(problem("supervision.unreadable", given=str(path), reason=reason)) from error


def _fault(error: Any, file: str, model: type[BaseModel]) -> Problem:
    steps: Sequence[Any] = error["loc"]
    path = ".".join(str(step + 1) if isinstance(step, int) else str(step) for step in steps)
    where = f"{file}: {path}" if file else path
    match error["type"]:
        case "missing":
            return problem("supervision.missing", path=where, given=str(steps[-1]))
        case "extra_forbidden":
            names = model.model_fields if len(steps) == 1 else ()
            near = nearest(str(steps[-1]), names) if names else None
            return problem("supervision.unknown-key", path=where, given=str(steps[-1]), nearest=near)
        case kind:
            given = str(error.get("input"))[:60]
            return problem("supervision.value", path=where, given=given, wanted=str(kind))


def _once(pairs: list[tuple[str, Any]], path: Path) -> dict[str, Any]:
    """Return the values by key; raises DualprevError for every key that stands twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = [key for key, n in Counter(key for key, _ in pairs).items() if n > 1]
        raise DualprevError([problem("supervision.same-name", path=str(path), given=key) for key in twice])
    return made


def _loader(path: Path) -> Any:
    """Return a loader that refuses a key that stands twice.

    Scalars stay text: YAML's own types turn `no` and `1:30` into something else.
    """

    class Loader(_LOADER):
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = Counter(key.value for key, _ in node.value if isinstance(key.value, str))
            marks = {key.value: key.start_mark for key, _ in node.value if isinstance(key.value, str)}
            twice = [
                problem("supervision.same-name", place=_at(path, marks[key]), path=str(path), given=key)
                for key, n in keys.items()
                if n > 1
            ]
            if twice:
                raise DualprevError(twice)
            return cast("dict[Any, Any]", _LOADER.construct_mapping(self, node, deep))

    return Loader


def _at(path: Path, mark: Any) -> Place:
    return Place(str(path), mark.line + 1, mark.column + 1)


_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
