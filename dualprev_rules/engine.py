"""Load once, assess many: the engine that other systems embed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from dualprev_rules.evaluate.compiled import FEW, Program, judge, with_rows
from dualprev_rules.facts.json_schema import facts_schema
from dualprev_rules.facts.plan import Plans
from dualprev_rules.facts.reading import Lists, Reader
from dualprev_rules.facts.record import Facts
from dualprev_rules.facts.schema import ROOT
from dualprev_rules.lang.scope import Function
from dualprev_rules.pack.model import Rule, RuleKind, Ruleset
from dualprev_rules.pack.registry import find_pack, functions, installed_profiles, plugins
from dualprev_rules.pack.signature import check
from dualprev_rules.problems import DualprevError, nearest, problem
from dualprev_rules.result import Judging, Result
from dualprev_rules.risk import Profile
from dualprev_rules.risk.load import load, shipped_profiles

if TYPE_CHECKING:
    from pluggy import PluginManager

    from dualprev_rules.evaluate.columns import FrameResult
    from dualprev_rules.evaluate.columns.spark import SparkResult

Source = Mapping[str, Any] | str | Path
"""Facts: a mapping, or the path of a JSON, YAML, CSV or XLSX file. A pydantic model will do too."""

FrameLayout = Literal["nested", "flat"]
OPEN = ("violated", "presumed", "undetermined")
"""The outcomes that somebody has to look at."""


class Engine:
    """Packs and a profile as they hold on one day. Immutable; safe to share between threads.

    >>> engine = Engine.load(packs=["chemicals"], as_of="2026-11-21")
    >>> engine.assess({"enterprise": {"units": []}}).count("violated")
    0
    """

    def __init__(
        self, ruleset: Ruleset, profile: Profile, brought: Mapping[str, Function], lists: Lists
    ) -> None:
        self.ruleset = ruleset
        self.profile = profile
        self._lists: Lists = lists
        self._reader = Reader(ruleset.schema)
        self._program = Program(ruleset, brought, FEW)
        self._judging = Judging(self._program, profile, self._read)
        self._plainly = self._program.plainly
        self._judge_plain = self._program.assess if lists == "assumed" else _never
        """Judges plain input; None of anything else, and wherever lists are complete only if it says so."""

    @classmethod
    def load(
        cls,
        packs: Sequence[str | Path] | str | Path,
        profile: str = "national",
        *,
        as_of: date | str,
        lists: Lists = "assumed",
        cache: bool = True,
        keys: Sequence[str | Path] = (),
    ) -> Engine:
        """Load packs, by id where they are installed or by directory, and a profile, for one day.

        With ``lists="stated"`` a list in the facts is complete only where the input says so. What was
        loaded is kept for the next process, in the user's cache folder or the one that the environment's
        ``DUALPREV_CACHE`` names, unless this is ``off`` or ``cache`` is false. With ``keys``, public
        Ed25519 keys in PEM or their files, a pack that none of them signed, or that was changed since, is
        refused. Raises DualprevError with every problem of every file.
        """
        day = _day(as_of)
        if lists not in ("assumed", "stated"):
            raise DualprevError(problem("engine.lists", given=str(lists)))
        wanted = [packs] if isinstance(packs, str | Path) else list(packs)
        manager = plugins()
        if keys:
            faults = [fault for pack in wanted for fault in check(find_pack(pack, manager)[0], keys)]
            if faults:
                raise DualprevError(faults)
        ruleset, resolved = load(
            wanted,
            profile,
            day,
            core=core_pack(),
            profiles=profile_files(manager),
            manager=manager,
            cached=cache,
        )
        return cls(ruleset, resolved, functions(manager), lists)

    @property
    def as_of(self) -> date:
        """The day whose rules hold."""
        return self.ruleset.as_of

    def read(self, facts: Source | object) -> Facts:
        """Read facts without judging them; raises DualprevError where the source cannot be used."""
        return with_rows(self._program, self._read(facts))

    def _read(self, facts: Source | object) -> Facts:
        return self._reader.read(facts, as_of=self.as_of, lists=self._lists)

    def assess(self, facts: Source | object, *, strict: bool = False) -> Result:
        """Judge the facts of one enterprise.

        Faults of the data are in the result, and what rests on them is undetermined; with ``strict``
        they are raised instead, all at once, as DualprevError. So is a source that cannot be read.
        """
        case = self._plainly.judge(facts) or self._judge_plain(facts)
        if case is None:
            read = self._read(facts)
            result = Result(self._judging, judge(self._program, read), read)
        else:
            result = Result(self._judging, case)
        if strict and result.data_problems:
            raise DualprevError(result.data_problems)
        return result

    def result_of(self, facts: Facts) -> Result:
        """Return the result of facts that were read, judged only as far as it is asked."""
        return Result(self._judging, None, facts)

    def assess_many(self, many: Iterable[Source | object], *, strict: bool = False) -> Iterator[Result]:
        """Judge one set of facts after the other, as they come."""
        for facts in many:
            yield self.assess(facts, strict=strict)

    def assess_frame(
        self,
        frame: Any,
        *,
        entity: str = ROOT,
        layout: FrameLayout = "nested",
        outcomes: Collection[str] = OPEN,
        rows: int = 100_000,
    ) -> FrameResult:
        """Judge each row of a frame of Polars, Arrow or pandas as one enterprise, column by column.

        A column is an attribute, by any of its names; a list of records is a column of lists of structs. With
        ``layout="flat"`` ``frame`` maps each entity to its own frame, in which a column named after the
        entity above holds the key of the record there. ``entity`` is what a row is; ``outcomes`` those that
        ``tidy`` lists. So many ``rows`` are judged at once, which bounds the memory; nothing is judged before
        the result is asked. Raises DualprevError where a column means nothing or cannot hold its attribute.
        """
        columns = _columns()
        plans = Plans(self.ruleset.schema)
        unknown = [name for name in outcomes if name not in columns.NAMES]
        if unknown or layout not in ("nested", "flat") or rows < 1:
            given = str(unknown[0] if unknown else layout if rows > 0 else rows)
            raise DualprevError(problem("evaluate.frame-option", given=given))
        strays = columns.no_faults()
        if layout == "flat":
            nested, strays = columns.nested(frame, plans, entity)
        else:
            nested = columns.lazy(frame)

        def exactly(document: dict[str, Any], cells: Any) -> Any:
            given = {entity: document}
            rows = self._program.read(given) if self._lists == "assumed" else None
            return columns.cell_codes(self._program, self._read(given) if rows is None else rows, cells)

        return columns.FrameResult(
            nested,
            entity,
            tuple(outcomes),
            columns.shape(nested, entity, plans),
            self.ruleset,
            self._program.by_entity,
            plans,
            rows,
            self._lists == "stated",
            exactly,
            self.assess,
            strays,
        )

    def assess_spark(
        self,
        frame: Any,
        *,
        entity: str = ROOT,
        outcomes: Collection[str] = OPEN,
        rows: int = 100_000,
    ) -> SparkResult:
        """Judge each row of a Spark DataFrame as ``assess_frame`` does, in the executors.

        A list of records is an array of structs. This engine is sent to each executor once; the library is
        installed there. Raises DualprevError where a column means nothing or cannot hold its attribute, and
        where none names the enterprises.
        """
        _columns()
        spark = _extra("dualprev_rules.evaluate.columns.spark", "evaluate.no-spark")
        return spark.spark_result(self, frame, {"entity": entity, "outcomes": tuple(outcomes), "rows": rows})

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what it was made of: another process compiles for itself."""
        return Engine, (self.ruleset, self.profile, self._program.functions, self._lists)

    def facts_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the facts that ``assess`` takes."""
        return facts_schema(self.ruleset.schema)

    def rules(self, kind: RuleKind | None = None, tag: str | None = None) -> tuple[Rule, ...]:
        """Return the rules that hold on the day, in checklist order, of one kind or tag where named.

        A filter that matches nothing is an error: raises DualprevError.
        """
        rules = tuple(self.ruleset.rules.values())
        for name, wanted, have in (
            ("kind", kind, {rule.kind for rule in rules}),
            ("tag", tag, {each for rule in rules for each in rule.tags}),
        ):
            if wanted is not None and wanted not in have:
                near = nearest(wanted, sorted(have)) or "、".join(sorted(have)) or "—"
                raise DualprevError(problem("engine.no-match", given=f"{name}={wanted}", nearest=near))
        return tuple(r for r in rules if kind in (None, r.kind) and (tag is None or tag in r.tags))


def _never(_: object) -> None:
    return None


def _columns() -> ModuleType:
    return _extra("dualprev_rules.evaluate.columns", "evaluate.no-columns")


def _extra(module: str, lacking: str) -> ModuleType:
    """Return a module; raises DualprevError where what it needs is not installed."""
    try:
        return import_module(module)
    except ImportError as fault:
        raise DualprevError(problem(lacking, given=fault.name or module)) from fault


def core_pack() -> Traversable:
    """Return the directory of the core's own pack: the one vocabulary of facts, and grading methods."""
    return files("dualprev_rules.risk") / "core"


def profile_files(manager: PluginManager | None = None) -> dict[str, Path | Traversable]:
    """Return the files of all profiles, shipped and installed, by name."""
    return {**shipped_profiles(), **installed_profiles(manager)}


def _day(as_of: date | str) -> date:
    if isinstance(as_of, date):
        return as_of
    try:
        return date.fromisoformat(as_of)
    except (TypeError, ValueError):
        raise DualprevError(problem("engine.as-of", given=str(as_of))) from None
