"""The models of every kind of file, checked by themselves; what they refer to is resolved later."""

from dualprev_rules.pack.spec.cases import CaseSpec
from dualprev_rules.pack.spec.coverage import CoverageSpec, StatedSpec
from dualprev_rules.pack.spec.definitions import DecisionSpec, DefinitionSpec, InputSpec
from dualprev_rules.pack.spec.facts import AttributeSpec, EntitySpec, RangeSpec, TypedSpec
from dualprev_rules.pack.spec.grading import BandsSpec, FactorSpec, MethodSpec
from dualprev_rules.pack.spec.instruments import CitationSpec, HolderSpec, InstrumentSpec, PackSpec
from dualprev_rules.pack.spec.kinds import KINDS, PROFILE, FileKind, kind_of
from dualprev_rules.pack.spec.located import Spec, read_spec
from dualprev_rules.pack.spec.prevention import (
    ChecklistSpec,
    CountSpec,
    DisagreementSpec,
    EverySpec,
    ItemSpec,
    MeasureSpec,
    RateSpec,
    WarningSpec,
)
from dualprev_rules.pack.spec.profiles import (
    CarrierSpec,
    FieldSpec,
    LevelsSpec,
    ListedSpec,
    ProfileSpec,
    SwatchSpec,
    TailorSpec,
)
from dualprev_rules.pack.spec.rules import ParameterSpec, RuleSpec
from dualprev_rules.pack.spec.tables import TableSpec

__all__ = [
    "KINDS",
    "PROFILE",
    "AttributeSpec",
    "BandsSpec",
    "CarrierSpec",
    "CaseSpec",
    "ChecklistSpec",
    "CitationSpec",
    "CountSpec",
    "CoverageSpec",
    "DecisionSpec",
    "DefinitionSpec",
    "DisagreementSpec",
    "EntitySpec",
    "EverySpec",
    "FactorSpec",
    "FieldSpec",
    "FileKind",
    "HolderSpec",
    "InputSpec",
    "InstrumentSpec",
    "ItemSpec",
    "LevelsSpec",
    "ListedSpec",
    "MeasureSpec",
    "MethodSpec",
    "PackSpec",
    "ParameterSpec",
    "ProfileSpec",
    "RangeSpec",
    "RateSpec",
    "RuleSpec",
    "Spec",
    "StatedSpec",
    "SwatchSpec",
    "TableSpec",
    "TailorSpec",
    "TypedSpec",
    "WarningSpec",
    "kind_of",
    "read_spec",
]
