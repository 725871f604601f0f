"""Instruments and days: which edition holds, and what stands in for one that is not encoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Literal

from dualprev_rules.facts.schema import Schema
from dualprev_rules.facts.types import Date
from dualprev_rules.pack.model import Citation, Instrument, Standing
from dualprev_rules.pack.resolve import called
from dualprev_rules.pack.resolve.faults import Faults
from dualprev_rules.pack.source import Map
from dualprev_rules.pack.spec import CitationSpec, InstrumentSpec
from dualprev_rules.problems import Place

State = Literal["in_force", "stand_in", "dormant"]
"""In force; of an edition shown in the place of one that is not encoded; of another day."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What the instruments that a part cites make of it on the day."""

    citations: tuple[Citation, ...]
    standing: Standing = "decides"
    binding: bool = True
    not_encoded: str | None = None
    """The instrument in force that is not encoded, where this part is of another edition of it."""
    dated: tuple[Instrument, ...] = ()
    """The instruments that bind by a date fact; empty: it holds for all."""
    scopes: tuple[str, ...] = ()
    """What says whom the instruments bind, any of these; empty: everyone."""
    state: State = "in_force"
    yields: bool = False
    """Decides only what no rule of a deciding instrument covers."""


class Editions:
    """The instruments of all packs, and what holds of what cites them on the day."""

    def __init__(self, instruments: Mapping[str, Instrument], places: Mapping[str, Place], day: date) -> None:
        self.instruments = instruments
        self.places = places
        self.day = day
        self.unread_scopes = set[str]()
        """What is named as the scope of an instrument and is no yes-or-no."""
        self._stand_ins = self._find_stand_ins()

    def holds(self, instrument: Instrument) -> bool:
        """Tell whether the instrument is in force on the day, for something at least.

        One that binds by a date fact holds for what is of its own time, until its successor says that
        what is older must follow too.
        """
        if instrument.dated_by == "assessment":
            return instrument.in_force(self.day)
        if instrument.start is not None and self.day < instrument.start:
            return False
        return not any(
            instrument.id in other.supersedes
            and other.existing_until is not None
            and other.existing_until <= self.day
            for other in self.instruments.values()
        )

    def holding(self, cited: Sequence[CitationSpec]) -> Holding | None:
        """Return what holds of a part with these citations, or None where it does not hold on the day."""
        known = [(self.instruments[c.instrument], c) for c in cited if c.instrument in self.instruments]
        if not known:
            return Holding(())
        now = [(instrument, c) for instrument, c in known if self.holds(instrument)]
        if now:
            held = [instrument for instrument, _ in now]
            dated = tuple(held) if all(i.dated_by != "assessment" for i in held) else ()
            scopes = tuple(dict.fromkeys(i.scope for i in held if i.scope is not None))
            citations = tuple(citation(c, instrument) for instrument, c in now)
            decides = {i.decides for i in held}
            return Holding(
                citations,
                standing="guidance" if decides == {"guidance"} else "decides",
                binding=any(i.binding for i in held),
                dated=dated,
                scopes=scopes if all(i.scope is not None for i in held) else (),
                yields="true" not in decides and "where_not_covered" in decides,
            )
        for instrument, _ in known:
            if instrument.id in self._stand_ins:
                return self._aside(known, self._stand_ins[instrument.id], "stand_in")
        return None

    def dormant(self, cited: Sequence[CitationSpec]) -> Holding | None:
        """Return what holds of a part of another day that something of this day refers to: no value."""
        known = [(self.instruments[c.instrument], c) for c in cited if c.instrument in self.instruments]
        return self._aside(known, known[0][0].id, "dormant") if known else None

    def overlap(self, a: Sequence[CitationSpec], b: Sequence[CitationSpec]) -> bool:
        """Tell whether two parts may hold on one day, by the instruments that they cite (none: every day)."""
        first = [self.instruments[c.instrument] for c in a if c.instrument in self.instruments]
        second = [self.instruments[c.instrument] for c in b if c.instrument in self.instruments]
        if not first or not second:
            # What cites an instrument that there is not may be of any edition.
            return not a or not b
        return any(_begins_before_end(i, j) and _begins_before_end(j, i) for i in first for j in second)

    def check(self, cited: Iterable[CitationSpec], faults: Faults) -> None:
        """Check that every citation names an instrument."""
        also = {i.id: (i.number, i.title.zh, i.title.en) for i in self.instruments.values()}
        for spec in cited:
            if spec.instrument not in self.instruments:
                place = spec.at("instrument")
                faults.unknown("pack.unknown-instrument", spec.instrument, self.instruments, place, also)

    def _aside(self, known: Sequence[tuple[Instrument, CitationSpec]], instead: str, state: State) -> Holding:
        citations = tuple(citation(c, instrument) for instrument, c in known)
        return Holding(citations, "guidance", any(i.binding for i, _ in known), instead, state=state)

    def _find_stand_ins(self) -> dict[str, str]:
        """Map each edition shown in the place of one in force that is not encoded to that one.

        The nearest encoded edition along ``supersedes`` stands in, a later one before an earlier.
        """
        found: dict[str, str] = {}
        for instrument in self.instruments.values():
            if instrument.encoded != "none" or not self.holds(instrument):
                continue
            nearest = self._nearest_encoded(instrument)
            if nearest is not None and not self.holds(nearest):
                found[nearest.id] = instrument.id
        return found

    def _nearest_encoded(self, instrument: Instrument) -> Instrument | None:
        later, earlier = [instrument], [instrument]
        seen = {instrument.id}
        while later or earlier:
            later = self._step(later, seen, self._successors)
            earlier = self._step(earlier, seen, self._predecessors)
            for candidate in (*later, *earlier):
                if candidate.encoded != "none":
                    return candidate
        return None

    def _step(
        self, of: Iterable[Instrument], seen: set[str], way: Callable[[Instrument], list[Instrument]]
    ) -> list[Instrument]:
        found: list[Instrument] = []
        for instrument in of:
            for other in way(instrument):
                if other.id not in seen:
                    seen.add(other.id)
                    found.append(other)
        return found

    def _successors(self, of: Instrument) -> list[Instrument]:
        return [other for other in self.instruments.values() if of.id in other.supersedes]

    def _predecessors(self, of: Instrument) -> list[Instrument]:
        return [self.instruments[name] for name in of.supersedes if name in self.instruments]


def citation(spec: CitationSpec, instrument: Instrument) -> Citation:
    """Return a citation; where it does not say how well its figure is confirmed, the instrument does."""
    return Citation(spec.instrument, spec.clause, spec.status or instrument.status, spec.note)


def _begins_before_end(one: Instrument, other: Instrument) -> bool:
    """Tell whether ``one`` begins before ``other`` ends; what binds by a date fact goes on after its end."""
    end = other.end if other.dated_by == "assessment" else None
    return end is None or one.start is None or one.start < end


def gather(
    declared: Iterable[tuple[str, InstrumentSpec]], day: date, schema: Schema, faults: Faults
) -> Editions:
    """Return the instruments of all packs and profiles, checked against one another."""
    specs: dict[str, InstrumentSpec] = {}
    instruments: dict[str, Instrument] = {}
    for pack, spec in declared:
        made = _instrument(spec, pack)
        other = instruments.get(spec.id)
        if other is not None:
            if not _same(made, other):
                first = specs[spec.id].at("id")
                faults.note("pack.duplicate-id", spec.at("id"), given=spec.id, nearest=str(first))
            continue
        specs[spec.id], instruments[spec.id] = spec, made
    for spec in specs.values():
        _check(spec, instruments, faults)
        if spec.dated_by != "assessment" and not _names_a_date(spec, schema, faults):
            instruments[spec.id] = replace(instruments[spec.id], dated_by="assessment")
    return Editions(instruments, {name: spec.at("id") for name, spec in specs.items()}, day)


def _instrument(spec: InstrumentSpec, pack: str) -> Instrument:
    confirmed = spec.in_force.confirmed
    return Instrument(
        id=spec.id,
        number=spec.number,
        title=spec.title,
        issuer=spec.issuer,
        force=spec.force,
        binding=spec.binding,
        start=spec.in_force.from_,
        end=spec.in_force.replaced_on,
        confirmed=spec.status != "recalled" if confirmed is None else confirmed,
        note=spec.in_force.note or spec.note,
        decides=spec.decides,
        dated_by=spec.dated_by,
        encoded=spec.encoded,
        missing=spec.missing,
        supersedes=tuple(spec.supersedes),
        clauses=spec.clauses,
        pack=pack,
        existing_until=spec.transition.existing_until if spec.transition is not None else None,
        status=spec.status,
        scope=spec.scope,
        words=dict(spec.words),
    )


def _same(a: Instrument, b: Instrument) -> bool:
    return all(getattr(a, f.name) == getattr(b, f.name) for f in fields(Instrument) if f.name != "pack")


def _check(spec: InstrumentSpec, instruments: Mapping[str, Instrument], faults: Faults) -> None:
    start, end = spec.in_force.from_, spec.in_force.replaced_on
    if start is not None and end is not None and end <= start:
        place = spec.in_force.at("replaced_on")
        faults.note("pack.dates-out-of-order", place, given=str(end), nearest=str(start), id=spec.id)
    unsaid = isinstance(spec.written("in_force"), Map) and not spec.in_force.says("from", "note")
    if start is None and unsaid and spec.encoded != "none":
        faults.note("pack.no-start", spec.at("in_force"), given=spec.id)
    if spec.encoded == "partial" and not spec.says("missing"):
        faults.note(
            "pack.missing-key", spec.at("encoded"), given="missing", nearest="missing: {zh: …, en: …}"
        )
    for name in spec.supersedes:
        older = instruments.get(name)
        if older is None:
            faults.unknown("pack.unknown-instrument", name, instruments, spec.at("supersedes"))
        elif start is not None and older.start is not None and older.start >= start:
            place = spec.at("supersedes")
            faults.note("pack.supersedes-later", place, given=name, nearest=str(older.start), id=spec.id)


def _names_a_date(spec: InstrumentSpec, schema: Schema, faults: Faults) -> bool:
    """Tell whether ``dated_by`` names an attribute that is a date; note where it does not."""
    entity, _, name = spec.dated_by.partition(".")
    known = schema.entities.get(entity)
    attribute = known.attributes.get(name) if known is not None else None
    if attribute is not None and isinstance(attribute.type, Date):
        return True
    if attribute is not None:
        faults.note("pack.no-date-fact", spec.at("dated_by"), given=spec.dated_by)
        return False
    also = called.attributes(schema)
    dates = [
        f"{e.name}.{a.name}"
        for e in schema.entities.values()
        for a in e.attributes.values()
        if isinstance(a.type, Date)
    ]
    faults.unknown("pack.unknown-date", spec.dated_by, ["assessment", *dates], spec.at("dated_by"), also)
    return False
