"""The sheets of the workbook: which part of a pack each holds, one row an item, one column a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from dualprev_rules.pack.spec import (
    AttributeSpec,
    CaseSpec,
    ChecklistSpec,
    CoverageSpec,
    DefinitionSpec,
    EntitySpec,
    InstrumentSpec,
    ItemSpec,
    MeasureSpec,
    MethodSpec,
    PackSpec,
    ParameterSpec,
    RuleSpec,
    Spec,
    StatedSpec,
    TableSpec,
    WarningSpec,
)
from dualprev_rules.pack.spec.keys import ENGLISH, KEYS

ROWS = "行·"
"""Begins the name of a sheet with the rows of one look-up table."""

NOTES = frozenset(("note", "说明"))
"""How the note of a table's row is called, which may be words in two languages."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sheet: the file that its items make, or the sheet of the items that its own belong to.

    ``of`` is the key under which an item holds these; ``names`` are columns that are no keys: to what
    the row belongs, and what it is called where it is an entry of a mapping.
    """

    sheet: str
    model: type[Spec]
    file: str = ""
    above: str = ""
    of: str = ""
    names: tuple[str, ...] = ()
    key: str = ""
    """The key by which an item is called, where it is not its name."""


PARTS: tuple[Part, ...] = (
    Part("规则包", PackSpec, file="pack.yaml", key="pack"),
    Part("文件", InstrumentSpec, above="规则包", of="instruments"),
    Part("对象", EntitySpec, file="facts.yaml", names=("对象",)),
    Part("事实", AttributeSpec, above="对象", of="attributes", names=("对象", "事实")),
    Part("定义", DefinitionSpec, file="definitions.yaml", key="define"),
    Part("查找表", TableSpec, file="tables/all.yaml", key="table"),
    Part("规则", RuleSpec, file="rules/all.yaml", key="rule"),
    Part("参数", ParameterSpec, above="规则", of="parameters", names=("规则", "参数")),
    Part("分级方法", MethodSpec, file="grading.yaml", key="method"),
    Part("管控措施", MeasureSpec, file="measures/all.yaml", key="measure"),
    Part("检查表", ChecklistSpec, file="checklists/all.yaml", key="checklist"),
    Part("检查条目", ItemSpec, above="检查表", of="items", names=("检查表",)),
    Part("预警", WarningSpec, file="monitoring/all.yaml", key="warning"),
    Part("用例", CaseSpec, file="cases/all.yaml", key="case"),
    Part("覆盖", CoverageSpec, file="coverage.yaml", key="instrument"),
    Part("覆盖条目", StatedSpec, above="覆盖", of="stated", names=("所属文件",)),
)
BY_SHEET: Mapping[str, Part] = {part.sheet: part for part in PARTS}


def below(part: Part) -> tuple[Part, ...]:
    """Return the sheets whose rows belong to the rows of this one."""
    return tuple(each for each in PARTS if each.above == part.sheet)


def header(path: str) -> str:
    """Return the heading of a column: the key in Chinese, and what of it where it has parts."""
    first, *rest = path.split(".")
    return ".".join([KEYS.get(first, first), *(KEYS.get(each, each) for each in rest)])


def path_of(heading: str) -> str:
    """Return the key that a heading means, in either language.

    >>> path_of("标题.zh"), path_of("cite.条款")
    ('title.zh', 'cite.clause')
    """
    return ".".join(ENGLISH.get(each.strip(), each.strip()) for each in heading.strip().split("."))


def fields(model: type[Spec]) -> dict[str, Any]:
    """Return the annotation of each key of a model, without ``None``."""
    return {field.alias or name: _bare(field.annotation) for name, field in model.model_fields.items()}


def is_list(annotation: Any) -> bool:
    """Tell whether a key holds a list."""
    return get_origin(_bare(annotation)) is tuple


def part_model(annotation: Any) -> type[Spec] | None:
    """Return the model of a key that holds one part, or a list of parts that may be written as one."""
    kind = _bare(annotation)
    if get_origin(kind) is tuple:
        kind = _bare(get_args(kind)[0])
    return kind if isinstance(kind, type) and issubclass(kind, Spec) else None


def _bare(annotation: Any) -> Any:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _bare(args[0])
    if origin in (Union, UnionType):
        wanted = [each for each in args if each is not NoneType]
        return _bare(wanted[0]) if len(wanted) == 1 else annotation
    return annotation
