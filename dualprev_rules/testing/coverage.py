"""How much of what its instruments state a pack encodes, and who can decide it.

What is stated comes from ``coverage.yaml``, a list made apart from the rules; it is never counted from
the rules themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dualprev_rules.pack.read import PackSource
from dualprev_rules.pack.spec import InstrumentSpec, StatedSpec
from dualprev_rules.problems import DualprevError, Problem, Words, nearest, problem

DecidedBy = Literal["facts", "mixed", "inspector"]
_ALONE: dict[str, DecidedBy] = {"facts": "facts", "inspector": "inspector"}


@dataclass(frozen=True, slots=True)
class Determination:
    """One determination of an instrument, and what became of it."""

    id: str
    clause: str
    recalled: bool
    uncertain: bool
    """May be wrong: decides nothing, and counts for nothing."""
    by: tuple[str, ...]
    """Ids of the rules, definitions, tables and grading methods that encode it."""
    declared: bool
    """It is how the instrument itself is declared."""
    no_determination: Words | None
    """Why it states nothing that could be decided: then it counts for nothing."""
    left_out: Words | None
    """Why it is not encoded."""
    decided_by: DecidedBy | None
    """Who decides what encodes it; None where nothing does."""
    in_part: Words | None
    """What of it no rule finds, where a rule that encodes it may report too little."""

    @property
    def encoded(self) -> bool:
        """True where a rule, definition, table or method encodes it, whole or in part."""
        return bool(self.by)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of one instrument is encoded."""

    pack: str
    instrument: str
    number: str
    title: Words
    determinations: tuple[Determination, ...]
    """Those that the instrument states, and what of it is uncertain or no determination."""

    @property
    def stated(self) -> tuple[Determination, ...]:
        """The determinations that count: neither uncertain nor no determination at all."""
        return tuple(one for one in self.determinations if not one.uncertain and one.no_determination is None)

    @property
    def encoded(self) -> int:
        """How many are encoded."""
        return sum(one.encoded for one in self.stated)

    @property
    def declared(self) -> int:
        """How many are only how the instrument itself is declared: nothing decides them."""
        return sum(one.declared for one in self.stated)

    @property
    def in_part(self) -> tuple[Determination, ...]:
        """Those that are encoded in part, each with what is missing."""
        return tuple(one for one in self.stated if one.in_part is not None)

    @property
    def left_out(self) -> tuple[Determination, ...]:
        """Those that are neither encoded nor declared, each with its reason."""
        return tuple(one for one in self.stated if not one.encoded and not one.declared)

    @property
    def no_determination(self) -> tuple[Determination, ...]:
        """What the instrument says that decides nothing, each with the reason."""
        return tuple(one for one in self.determinations if one.no_determination is not None)

    @property
    def uncertain(self) -> tuple[Determination, ...]:
        """Those that decide nothing."""
        return tuple(one for one in self.determinations if one.uncertain)

    def decided(self, by: DecidedBy) -> int:
        """Return how many are decided by facts, by an inspector alone, or by both."""
        return sum(one.decided_by == by for one in self.stated)

    @property
    def recalled(self) -> int:
        """How many rest on memory; the others were checked against a public text."""
        return sum(one.recalled for one in self.stated)


def coverage(source: PackSource) -> tuple[Coverage, ...]:
    """Return the coverage of each instrument of a pack that its ``coverage.yaml`` lists.

    Raises DualprevError where that file is missing, names what the pack has not, or leaves a
    determination without rule and without reason.
    """
    if not source.coverage:
        raise DualprevError(problem("testing.no-coverage", given=source.id))
    deciders: dict[str, str] = {rule.rule: rule.decided_by for rule in source.rules}
    deciders |= {definition.define: "facts" for definition in source.definitions}
    deciders |= {table.table: "facts" for table, _ in source.tables}
    deciders |= {method.method: "facts" for method in source.methods}
    narrower = {
        rule.rule: Words(rule.because.zh, rule.because.en)
        for rule in source.rules
        if rule.may == "under_report" and rule.because is not None
    }
    spec = source.spec
    instruments = {i.id: i for i in spec.instruments} if spec is not None else {}
    faults = [fault for of in source.coverage for one in of.stated for fault in _faults(one, deciders)]
    if faults:
        raise DualprevError(faults)
    return tuple(
        _of_instrument(
            source.id, of.instrument, instruments.get(of.instrument), of.stated, deciders, narrower
        )
        for of in source.coverage
    )


def _faults(one: StatedSpec, deciders: dict[str, str]) -> Iterable[Problem]:
    for name in one.by:
        if name not in deciders:
            near = nearest(name, deciders) or "…"
            yield problem("testing.unknown-part", place=one.item_at("by", name), given=name, nearest=near)
    said = (bool(one.by), one.declared, one.no_determination is not None, one.left_out is not None)
    if sum(said) != (0 if one.status == "uncertain" else 1):
        yield problem("testing.coverage-open", place=one.at("item"), given=one.item)


def _of_instrument(
    pack: str,
    name: str,
    instrument: InstrumentSpec | None,
    stated: Iterable[StatedSpec],
    deciders: dict[str, str],
    narrower: dict[str, Words],
) -> Coverage:
    """Return what became of one instrument; one that the pack does not declare goes by its id."""
    return Coverage(
        pack=pack,
        instrument=name,
        number=instrument.number if instrument is not None else name,
        title=instrument.title if instrument is not None else Words(name, name),
        determinations=tuple(
            Determination(
                id=one.item,
                clause=one.clause,
                recalled=one.status == "recalled",
                uncertain=one.status == "uncertain",
                by=one.by,
                declared=one.declared,
                no_determination=one.no_determination,
                left_out=one.left_out,
                decided_by=_decided([deciders[part] for part in one.by]),
                in_part=next((narrower[part] for part in one.by if part in narrower), None),
            )
            for one in stated
        ),
    )


def _decided(by: list[str]) -> DecidedBy | None:
    if not by:
        return None
    return _ALONE.get(by[0], "mixed") if len(set(by)) == 1 else "mixed"
