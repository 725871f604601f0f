"""The kinds of file: where each stands in a pack, and what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dualprev_rules.pack.spec.cases import CaseSpec
from dualprev_rules.pack.spec.coverage import CoverageSpec
from dualprev_rules.pack.spec.definitions import DefinitionSpec
from dualprev_rules.pack.spec.facts import EntitySpec
from dualprev_rules.pack.spec.grading import MethodSpec
from dualprev_rules.pack.spec.instruments import PackSpec
from dualprev_rules.pack.spec.located import Spec
from dualprev_rules.pack.spec.prevention import ChecklistSpec, MeasureSpec, WarningSpec
from dualprev_rules.pack.spec.profiles import ProfileSpec
from dualprev_rules.pack.spec.rules import RuleSpec
from dualprev_rules.pack.spec.tables import TableSpec

Shape = Literal["one", "list", "one_or_list", "by_name"]


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file. ``where`` is its path, or its folder with a ``/`` at the end."""

    name: str
    where: str
    shape: Shape
    model: type[Spec]
    id_key: str
    """The key that names an item: that of one at fault is known by it."""


KINDS: tuple[FileKind, ...] = (
    FileKind("pack", "pack.yaml", "one", PackSpec, "pack"),
    FileKind("facts", "facts.yaml", "by_name", EntitySpec, ""),
    FileKind("definitions", "definitions.yaml", "list", DefinitionSpec, "define"),
    FileKind("grading", "grading.yaml", "list", MethodSpec, "method"),
    FileKind("tables", "tables/", "one_or_list", TableSpec, "table"),
    FileKind("rules", "rules/", "list", RuleSpec, "rule"),
    FileKind("checklists", "checklists/", "one_or_list", ChecklistSpec, "checklist"),
    FileKind("measures", "measures/", "list", MeasureSpec, "measure"),
    FileKind("monitoring", "monitoring/", "list", WarningSpec, "warning"),
    FileKind("cases", "cases/", "list", CaseSpec, "case"),
    FileKind("coverage", "coverage.yaml", "list", CoverageSpec, "instrument"),
)
PROFILE = FileKind("profile", "profile.yaml", "one", ProfileSpec, "profile")


def kind_of(path: str) -> FileKind | None:
    """Return the kind of the file at ``path`` (with ``/``, relative to the pack), or None."""
    for kind in KINDS:
        if path == kind.where or (kind.where.endswith("/") and path.startswith(kind.where)):
            return kind
    return None
