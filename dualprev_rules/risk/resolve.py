"""From profile files to a profile: each overlays the one that it extends, and is checked whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

from dualprev_rules.evaluate.render import number
from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Bool
from dualprev_rules.pack.load import ProfileFiles, read_chain
from dualprev_rules.pack.model import Citation, Ruleset
from dualprev_rules.pack.resolve.instruments import citation
from dualprev_rules.pack.source import Map, Scalar
from dualprev_rules.pack.spec import CarrierSpec, CitationSpec, ListedSpec, ProfileSpec, SwatchSpec
from dualprev_rules.pack.spec.scalars import read_words
from dualprev_rules.problems import DualprevError, Problem, Words, nearest, problem
from dualprev_rules.risk.bands import milder_at
from dualprev_rules.risk.deadlines import Deadlines, deadlines_of
from dualprev_rules.risk.grades import GRADES
from dualprev_rules.risk.level import ControlLevel, read_level
from dualprev_rules.risk.load import shipped_profiles
from dualprev_rules.risk.point import ENTITY
from dualprev_rules.risk.profile import (
    Aggregate,
    Basis,
    Carrier,
    CarrierField,
    Listed,
    Profile,
    Pruned,
    Sector,
    Sectors,
    Swatch,
)
from dualprev_rules.risk.raising import Raising, raising_of
from dualprev_rules.risk.swatches import NOT_ASSESSED, against_swatches

T = TypeVar("T")
_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
_OF_GRADES = {"red": 1, "orange": 2, "yellow": 3, "blue": 4, "红": 1, "橙": 2, "黄": 3, "蓝": 4}
_UNDECIDED = re.compile(r"[^{}]*\{best\}[^{}]*\{worst\}[^{}]*")
"""The four colours stand for their own grades alone."""


def load_profile(name: str, ruleset: Ruleset, among: ProfileFiles | None = None) -> Profile:
    """Read a profile and those that it extends, among the shipped ones or ``among``.

    Raises DualprevError with every fault of them: no such profile, a grade without a name, bands or
    a level that do not exist.
    """
    chain = read_chain(name, among if among is not None else shipped_profiles())[::-1]
    problems = [fault for source in chain for fault in source.problems if fault.severity == "error"]
    specs = [source.spec for source in chain if source.spec is not None]
    if problems:
        raise DualprevError(problems)
    profile = _Resolver(specs, ruleset, problems).profile(tuple(source.hash for source in chain))
    if profile is None or problems:
        raise DualprevError(problems)
    return profile


def _joined(hashes: tuple[str, ...]) -> str:
    return f"sha256:{sha256(' '.join(hashes).encode()).hexdigest()}"


def _levels_of(schema: Schema) -> dict[str, ControlLevel]:
    """Return every spelling of a level: as the facts read the control level of a risk point."""
    attribute = schema.entities[ENTITY].attributes["control_level"]
    spelled = {level.member: level for level in ControlLevel}
    for member, label in attribute.member_labels.items():
        level = read_level(member)
        if level is not None:
            spelled |= {label.zh: level, label.en: level}
    for alias, member in attribute.member_aliases.items():
        level = read_level(member)
        if level is not None:
            spelled[alias] = level
    return spelled


def _says_both(undecided: Words) -> bool:
    """Return whether what is said of an open grade names the mildest and then the worst that it may be."""
    return all(_UNDECIDED.fullmatch(undecided.get(lang)) for lang in ("zh", "en"))


def _weakened(choose: Map) -> bool:
    """Return whether a choice of bands says why, and by whose authority, it may be milder."""
    weakens = choose.get("weakens")
    if not isinstance(weakens, Map):
        return False
    reason, authority = (weakens.get(part) for part in ("reason", "authority"))
    words = read_words(reason) if reason is not None else None
    named = isinstance(authority, Scalar) and bool(authority.text.strip())
    return named and words is not None and bool(words.zh.strip())


class _Resolver:
    """Puts a chain of profiles together; what the nearest says counts."""

    def __init__(self, chain: list[ProfileSpec], ruleset: Ruleset, problems: list[Problem]) -> None:
        self.chain = chain
        self.ruleset = ruleset
        self.problems = problems

    def profile(self, hashes: tuple[str, ...]) -> Profile | None:
        """Return the profile, or None where something that every profile must say is said nowhere."""
        grades = self._grades()
        not_assessed = self._first("not_assessed", lambda spec: spec.not_assessed)
        undecided = self._first("undecided", lambda spec: spec.undecided)
        basis: Basis | None = self._first("basis", lambda spec: spec.basis)
        aggregate: Aggregate | None = self._first("aggregate", lambda spec: spec.aggregate)
        if not_assessed is not None and not_assessed.colour in (*_OF_GRADES, "white"):
            self._reversed(not_assessed, not_assessed.colour)
        control_levels = self._levels()
        if list(control_levels.values()) != sorted(control_levels.values()):
            given = " ".join(f"{grade}: {level.member}" for grade, level in control_levels.items())
            source = next(spec for spec in self.chain if spec.control_levels)
            self._reversed(source, given, "control_levels")
        levels = self._all_levels()
        identify, kinds, triggers = (
            self._listed(key) for key in ("identify", "measure_kinds", "change_triggers")
        )
        registers, cards = self._carriers("registers"), self._carriers("cards")
        negative_lists, direct_major = self._negative_lists(), self._direct_major()
        graded_by = self._cited(next((spec.graded_by for spec in self.chain if spec.graded_by), ()))
        choose, because = self._choose()
        hazard_deadlines, warnings_raise = self._hazard_deadlines(), self._warnings_raise()
        shown = self._swatch("not_assessed", not_assessed) if not_assessed is not None else None
        if shown is not None and not_assessed is not None and not self.problems:
            specs = {str(grade): spec for grade, spec in self._by_grade("grades", lambda s: s.grades).items()}
            every = {str(grade): swatch for grade, swatch in grades.items()} | {NOT_ASSESSED: shown}
            specs[NOT_ASSESSED] = not_assessed
            self.problems += against_swatches(every, specs, self.chain)
        if undecided is not None and not _says_both(undecided):
            source = next(spec for spec in self.chain if spec.undecided is not None)
            place, given = source.at("undecided"), f"{undecided.zh} / {undecided.en}"
            self.problems.append(problem("risk.profile-undecided", place=place, given=given))
        if shown is None or undecided is None or basis is None or aggregate is None or self.problems:
            return None
        of = self.chain[0]
        return Profile(
            id=of.profile,
            version=of.version,
            title=of.title,
            grades=grades,
            graded_by=graded_by,
            not_assessed=shown,
            undecided=undecided,
            basis=basis,
            aggregate=aggregate,
            choose=choose,
            choose_because=because,
            control_levels=control_levels,
            levels=levels,
            identify=identify,
            measure_kinds=kinds,
            change_triggers=triggers,
            registers=registers,
            cards=cards,
            pruned=tuple(Pruned(p.rule, p.reason, p.authority) for spec in self.chain for p in spec.prune),
            negative_lists=negative_lists,
            direct_major=direct_major,
            hazard_deadlines=hazard_deadlines,
            warnings_raise=warnings_raise,
            hash=hashes[0] if len(hashes) == 1 else _joined(hashes),
        )

    def _first(self, key: str, get: Callable[[ProfileSpec], T | None]) -> T | None:
        for spec in self.chain:
            found = get(spec)
            if found is not None:
                return found
        self._lacking(key)
        return None

    def _lacking(self, key: str) -> None:
        self.problems.append(problem("risk.profile-lacks", place=self.chain[0].at(), given=key))

    def _by_grade(self, key: str, get: Callable[[ProfileSpec], Mapping[str, T]]) -> dict[int, T]:
        """Return what the chain says for each grade; every grade must have something."""
        found: dict[int, T] = {}
        for spec in reversed(self.chain):
            for written, item in get(spec).items():
                if written in map(str, GRADES):
                    found[int(written)] = item
                else:
                    place = spec.at(key)
                    self.problems.append(problem("risk.profile-grade", place=place, given=written))
        for grade in GRADES:
            if grade not in found:
                self._lacking(f"{key}.{grade}")
        return dict(sorted(found.items()))

    def _grades(self) -> dict[int, Swatch]:
        found: dict[int, Swatch] = {}
        for grade, spec in self._by_grade("grades", lambda spec: spec.grades).items():
            swatch = self._swatch(f"grades.{grade}", spec)
            if swatch is not None:
                found[grade] = swatch
            if _OF_GRADES.get(spec.colour, grade) != grade:
                self._reversed(spec, f"{grade}: {spec.colour}")
        return found

    def _reversed(self, spec: ProfileSpec | SwatchSpec, given: str, key: str = "colour") -> None:
        self.problems.append(problem("risk.profile-reversed", place=spec.at(key), given=given))

    def _swatch(self, key: str, spec: SwatchSpec) -> Swatch | None:
        """Return a name with its colour; the values of a colour stand once in the chain."""
        named = [
            swatch
            for profile in self.chain
            for swatch in (*profile.grades.values(), profile.not_assessed)
            if swatch is not None and swatch.colour == spec.colour
        ]
        found = next((swatch for swatch in [spec, *named] if swatch.hex and swatch.ink), None)
        if found is None or not found.hex or not found.ink:
            self._lacking(f"{key}.hex, {key}.ink")
            return None
        for value in (found.hex, found.ink):
            if not _COLOUR.fullmatch(value):
                self.problems.append(problem("risk.profile-colour", place=found.at(), given=value))
        return Swatch(spec.name, spec.colour, found.hex, found.ink)

    def _levels(self) -> dict[int, ControlLevel]:
        spelled = _levels_of(self.ruleset.schema)
        found: dict[int, ControlLevel] = {}
        for grade, written in self._by_grade("control_levels", lambda spec: spec.control_levels).items():
            level = spelled.get(written)
            if level is not None:
                found[grade] = level
                continue
            near = nearest(written, spelled) or " / ".join(spelled)
            place = next(s.at("control_levels") for s in self.chain if str(grade) in s.control_levels)
            self.problems.append(problem("risk.profile-level", place=place, given=written, nearest=near))
        return found

    def _all_levels(self) -> tuple[ControlLevel, ...]:
        """Return the levels of control that the nearest document knows; all where none lists them."""
        spec = next((profile.levels for profile in self.chain if profile.levels is not None), None)
        if spec is None:
            return tuple(ControlLevel)
        self._cited(spec.cite)
        spelled = _levels_of(self.ruleset.schema)
        for written in spec.items:
            if written not in spelled:
                near = nearest(written, spelled) or " / ".join(spelled)
                place = spec.at("items")
                self.problems.append(problem("risk.profile-level", place=place, given=written, nearest=near))
        return tuple(sorted(spelled[written] for written in spec.items if written in spelled))

    def _listed(self, key: str) -> Listed:
        """Return what the nearest document lists; nothing where none does."""
        specs: list[ListedSpec | None] = [getattr(profile, key) for profile in self.chain]
        spec = next((spec for spec in specs if spec is not None), None)
        return Listed((), ()) if spec is None else Listed(spec.items, self._cited(spec.cite))

    def _negative_lists(self) -> Sectors:
        """Return the sectors that the nearest document names; none where none does."""
        spec = next((spec.negative_lists for spec in self.chain if spec.negative_lists is not None), None)
        if spec is None:
            return Sectors()
        return Sectors(tuple(Sector(s.label, s.pack) for s in spec.items), self._cited(spec.cite))

    def _hazard_deadlines(self) -> Deadlines:
        """Return the days of the whole chain, with the clauses of the nearest that sets any."""
        specs = [spec.hazard_deadlines for spec in reversed(self.chain) if spec.hazard_deadlines is not None]
        return deadlines_of(specs, self._cited(specs[-1].cite if specs else ()), self.problems)

    def _warnings_raise(self) -> Raising:
        """Return what the whole chain says, with the clauses of the nearest that says anything."""
        specs = [spec.warnings_raise for spec in reversed(self.chain) if spec.warnings_raise is not None]
        return raising_of(specs, self._cited(specs[-1].cite if specs else ()), self.problems)

    def _direct_major(self) -> tuple[str, ...]:
        """Return the names of the whole chain; each must be a yes-or-no definition of a risk point."""
        defined = self.ruleset.definitions
        # Those of an instrument that is not in force on the day decide nothing.
        dormant = {d.define for spec in self.chain for d in spec.definitions} - {
            f"{of}.{name}" for of, name in defined
        }
        known = [name for (of, name), d in defined.items() if of == ENTITY and isinstance(d.type, Bool)]
        names = dict.fromkeys(name for spec in reversed(self.chain) for name in spec.direct_major)
        names = {name: None for name in names if f"{ENTITY}.{name}" not in dormant}
        for name in names:
            if name not in known:
                place = next(spec.at("direct_major") for spec in self.chain if name in spec.direct_major)
                near = nearest(name, known) or " / ".join(known) or "—"
                self.problems.append(problem("risk.profile-direct", place=place, given=name, nearest=near))
        return tuple(names)

    def _carriers(self, key: str) -> dict[str, Carrier]:
        """Return the papers of the whole chain; the nearest says what one of them is.

        A document that names a paper and not its fields leaves those of the profile it extends.
        """
        found: dict[str, Carrier] = {}
        for profile in reversed(self.chain):
            specs: tuple[CarrierSpec, ...] = getattr(profile, key)
            for spec in specs:
                own = tuple(CarrierField(field.label, field.shows) for field in spec.fields)
                base = found.get(spec.id)
                found[spec.id] = Carrier(
                    id=spec.id,
                    title=spec.title,
                    fields=own or (base.fields if base is not None else ()),
                    place=spec.place,
                    citations=self._cited(spec.cite),
                    status=spec.status,
                    note=spec.note,
                )
        return dict(sorted(found.items()))

    def _cited(self, cited: Sequence[CitationSpec]) -> tuple[Citation, ...]:
        known = self.ruleset.instruments
        for spec in cited:
            if spec.instrument not in known:
                near = nearest(spec.instrument, known) or " / ".join(known) or "—"
                place = spec.at("instrument")
                self.problems.append(
                    problem("pack.unknown-instrument", place=place, given=spec.instrument, nearest=near)
                )
        return tuple(citation(spec, known[spec.instrument]) for spec in cited if spec.instrument in known)

    def _choose(self) -> tuple[dict[str, str], Words | None]:
        """Return the bands of each method; milder ones than those of the profile extended take authority."""
        choose: dict[str, str] = {}
        because: Words | None = None
        for written in [spec.choose for spec in reversed(self.chain) if spec.choose is not None]:
            weakened = _weakened(written)
            for method, chosen in written.items():
                if method == "because":
                    because = read_words(chosen)
                elif method != "weakens" and isinstance(chosen, Scalar) and self._bands_exist(method, chosen):
                    name = chosen.text.strip()
                    if method in choose and not weakened:
                        self._not_milder(method, name, choose[method], chosen)
                    choose[method] = name
        return choose, because

    def _not_milder(self, method: str, chosen: str, before: str, written: Scalar) -> None:
        bands = self.ruleset.methods[method].bands
        at = milder_at(bands[chosen], bands[before])
        if at is not None:
            place, result = written.place(), self.ruleset.methods[method].result
            self.problems.append(
                problem(
                    "risk.profile-milder",
                    place=place,
                    given=chosen,
                    nearest=before,
                    at=f"{result} = {number(at)}",
                    method=self.ruleset.methods[method].title,
                )
            )

    def _bands_exist(self, method: str, chosen: Scalar) -> bool:
        methods = self.ruleset.methods
        if method not in methods:
            near = nearest(method, methods) or " / ".join(methods)
            allowed = " ".join(methods)
            place = chosen.place()
            self.problems.append(
                problem("risk.unknown-method", place=place, given=method, nearest=near, allowed=allowed)
            )
            return False
        bands = methods[method].bands
        written = chosen.text.strip()
        if written in bands:
            return True
        near = nearest(written, bands) or " / ".join(bands)
        allowed = " ".join(bands)
        self.problems.append(
            problem(
                "risk.unknown-bands",
                place=chosen.place(),
                given=written,
                nearest=near,
                allowed=allowed,
                method=methods[method].title,
            )
        )
        return False
