"""An inspection sheet: what to look at, in walking order, and what each answer would settle."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from dualprev_rules.control.choosing import Bundle, choose, covered
from dualprev_rules.control.rounds import Duty
from dualprev_rules.control.who import Inspector, above_of, called, named_level
from dualprev_rules.evaluate.reference import Outcome
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Bool, Date, Enum, ListOf, Number, SetOf
from dualprev_rules.pack.model import ChecklistItem, Instrument, Ruleset
from dualprev_rules.problems import Words
from dualprev_rules.report.phrases import joined, phrase
from dualprev_rules.risk.reading import text

if TYPE_CHECKING:
    from dualprev_rules.result import Question, Result

MINUTES = Fraction(5)
"""What one look takes where nothing else is said: an assumption of ours, from no document."""
Form = Literal["bool", "choice", "several", "number", "text", "date"]
Choices = tuple[tuple[str, Words], ...]
_PLACES = frozenset(("site", "area", "unit"))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to look at: where, the question, how to look, and the form of the answer."""

    record: str
    called: str
    """What the record is called: by it the answer is known to be about the same one."""
    fact: str | None
    item: str | None
    place: str
    subject: Words
    ask: Words
    """The question of the fact itself: the answer is the fact."""
    look: tuple[Words, ...]
    """What a checklist says about looking: its own question, the method, what is accepted."""
    if_found: Words | None
    evidence: tuple[str, ...]
    form: Form
    choices: Choices
    unit: str
    major: int
    """How many open major outcomes it can decide by itself."""
    decides: int
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of one round."""

    enterprise: str
    day: str
    title: Words
    lines: tuple[Line, ...]
    minutes: Fraction
    """What one line takes."""
    open: int
    """The open major outcomes; where the list is made for others, these."""
    can_decide: int
    """How many of them the list can decide."""
    major: bool
    by: str = ""

    @property
    def id(self) -> str:
        """A name that is the same for the same sheet, and another for another."""
        keys = [self.enterprise, self.day, self.title.zh, [(x.record, x.fact, x.item) for x in self.lines]]
        return sha256(json.dumps(keys, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()[:10]

    @property
    def duration(self) -> str:
        """The minutes that the whole list takes."""
        return figure(self.minutes * len(self.lines))

    @property
    def places(self) -> list[tuple[str, list[tuple[int, Line]]]]:
        """The lines by place, numbered, as one walks past them."""
        found: list[tuple[str, list[tuple[int, Line]]]] = []
        for number, line in enumerate(self.lines, 1):
            if not found or found[-1][0] != line.place:
                found.append((line.place, []))
            found[-1][1].append((number, line))
        return found


def figure(number: Fraction) -> str:
    """Return a number as people write it, to two decimals."""
    return str(number) if number.denominator == 1 else f"{float(number):.2f}".rstrip("0")


def shortest(
    result: Result,
    inspector: Inspector,
    hours: Fraction,
    minutes: Fraction = MINUTES,
    *,
    zones: Sequence[Sequence[str]] = (),
    by: str = "",
) -> Sheet:
    """Return a short list of facts that can decide the most open major outcomes in the hours there are.

    Asked are facts that an inspector may settle, of the records that are this one's, and of checklists
    of this one's level or of none. The choice is that of ``choose``; where it can decide no open major
    outcome, the other open ones count. The order is that of the facts, or of ``zones``: paths of places.
    """
    asked = _asked_at(result.ruleset, result)
    seen = {q.path: q for q in result.questions if _can_look(q, inspector, asked)}
    still_open = [o for o in result.outcomes if o.code == "undetermined" and not o.harmless]
    majors = [o for o in still_open if o.rule.kind == "major_hidden_hazard"]
    cost = dict.fromkeys(seen, minutes)
    bundles: list[Bundle] = []
    chosen: frozenset[str] = frozenset()
    counted: list[Outcome] = []
    for counted in (majors, still_open):
        bundles = list(_bundles(seen, counted))
        chosen = choose(bundles, cost, hours * 60)
        if chosen:
            break
    instruments = result.ruleset.instruments
    lines = [
        _line(q.record, q.attribute, _item(result, q, inspector), q, instruments)
        for q in seen.values()
        if q.path in chosen
    ]
    return _sheet(
        result,
        phrase("inspection_for", who=inspector.name),
        lines,
        minutes,
        zones,
        by,
        open=len(counted),
        can_decide=len(covered(bundles, chosen)),
        major=counted is majors,
    )


def whole(
    result: Result,
    title: Words,
    of: Iterable[Duty],
    minutes: Fraction = MINUTES,
    *,
    zones: Sequence[Sequence[str]] = (),
    by: str = "",
) -> Sheet:
    """Return the sheet of a checklist as it is: each of its items at everything that it looks at."""
    records = {record.path: record for record in result.facts.records()}
    questions = {q.path: q for q in result.questions}
    lines: dict[tuple[str, str | None, str], Line] = {}
    for duty in of:
        for item in duty.checklist.items:
            for path, name in duty.targets.get(item.id, ()):
                record = records[path]
                attribute = record.entity.attributes[name] if name is not None else None
                question = questions.get(f"{path}.{name}")
                line = _line(record, attribute, item, question, result.ruleset.instruments)
                lines.setdefault((path, name, item.id), line)
    majors = [o for o in result.outcomes if o.code == "undetermined" and not o.harmless]
    majors = [o for o in majors if o.rule.kind == "major_hidden_hazard"]
    chosen = frozenset(f"{path}.{name}" for path, name, _ in lines)
    bundles = list(_bundles({p: q for p, q in questions.items() if p in chosen}, majors))
    return _sheet(
        result,
        title,
        list(lines.values()),
        minutes,
        zones,
        by,
        open=len(majors),
        can_decide=len(covered(bundles, chosen)),
        major=True,
    )


def _sheet(
    result: Result,
    title: Words,
    lines: list[Line],
    minutes: Fraction,
    zones: Sequence[Sequence[str]],
    by: str,
    *,
    open: int,  # noqa: A002 - the field of the sheet is called so
    can_decide: int,
    major: bool,
) -> Sheet:
    order = _walk(result, zones)
    ordered = tuple(sorted(lines, key=lambda line: order[line.record]))
    names = [text(r, "name") for r in result.facts.roots if r.entity.name == "enterprise"]
    enterprise = (names[0] if names else None) or ""
    day = result.ruleset.as_of.isoformat()
    return Sheet(enterprise, day, title, ordered, minutes, open, can_decide, major, by)


def _walk(result: Result, zones: Sequence[Sequence[str]]) -> dict[str, tuple[int, int]]:
    """Return for each record when one comes past it: by zone, then as the facts list it."""
    zone_of = {path: index for index, paths in enumerate(zones) for path in reversed(paths)}
    found: dict[str, tuple[int, int]] = {}
    for number, record in enumerate(result.facts.records()):
        held = [zone_of[above.path] for above in above_of(record) if above.path in zone_of]
        found[record.path] = (held[0] if held else len(zones), number)
    return found


def _bundles(questions: Mapping[str, Question], counted: Sequence[Outcome]) -> Iterator[Bundle]:
    """Yield what can be looked at: single facts, and all that an outcome waits for where none suffices."""
    keys = {(o.rule.id, o.record.path): f"{o.rule.id} {o.record.path}" for o in counted}
    alone: set[str] = set()
    for path, question in questions.items():
        decides = frozenset(
            keys[key] for o in question.decided if (key := (o.rule.id, o.record.path)) in keys
        )
        alone |= decides
        if decides:
            yield Bundle(frozenset((path,)), decides)
    for outcome in counted:
        name = keys[outcome.rule.id, outcome.record.path]
        facts = frozenset(cause.path for cause in outcome.causes)
        mended = all(cause.reason in ("missing", "data_problem") for cause in outcome.causes)
        if name not in alone and facts and mended and facts <= questions.keys():
            yield Bundle(facts, frozenset((name,)))


def _can_look(question: Question, inspector: Inspector, asked: Mapping[str, frozenset[int]]) -> bool:
    record, attribute = question.record, question.attribute
    if record.phantom or isinstance(attribute.type, ListOf) or not inspector.sees(record):
        return False
    if attribute.accept_from and "inspector" not in attribute.accept_from:
        return False
    levels = asked.get(f"{record.entity.name}.{attribute.name}")
    return levels is None or inspector.level in levels


def _asked_at(ruleset: Ruleset, result: Result) -> dict[str, frozenset[int]]:
    """Return the levels at which checklists ask for a fact."""
    found: dict[str, frozenset[int]] = {}
    for checklist in ruleset.checklists.values():
        level = named_level(checklist.level, result.facts.schema)
        for item in checklist.items:
            if item.settles is not None:
                levels = found.get(item.settles, frozenset())
                found[item.settles] = levels | {level} if level is not None else levels
    return found


def _item(result: Result, question: Question, inspector: Inspector) -> ChecklistItem | None:
    """Return the item that asks for the fact: of the inspector's level before others."""
    settles = f"{question.record.entity.name}.{question.attribute.name}"
    found: ChecklistItem | None = None
    for checklist in result.ruleset.checklists.values():
        for item in checklist.items:
            if item.settles == settles:
                if named_level(checklist.level, result.facts.schema) is inspector.level:
                    return item
                found = found or item
    return found


def _line(
    record: Record,
    attribute: Attribute | None,
    item: ChecklistItem | None,
    question: Question | None,
    instruments: Mapping[str, Instrument],
) -> Line:
    form, choices, unit = _form(attribute)
    asked = [item.ask, item.method, item.accept] if item is not None else []
    if attribute is not None:
        plain = phrase("is_it", what=attribute.label) if form == "bool" else attribute.label
        ask = attribute.ask or plain
    else:
        assert item is not None
        ask = item.ask
    return Line(
        record=record.path,
        called=called(record),
        fact=attribute.name if attribute is not None else None,
        item=item.id if item is not None else None,
        place=place_of(record),
        subject=subject_of(record),
        ask=ask,
        look=tuple(said for said in asked if said is not None and said != ask),
        if_found=item.if_found if item is not None else None,
        evidence=item.evidence if item is not None else (),
        form=form,
        choices=choices,
        unit=unit,
        major=(question.major or 0) if question is not None else 0,
        decides=len(question.decided) if question is not None else 0,
        clauses=tuple(f"{instruments[c.instrument].number} {c.clause}" for c in item.citations)
        if item is not None
        else (),
    )


def _form(attribute: Attribute | None) -> tuple[Form, Choices, str]:
    match attribute.type if attribute is not None else Bool():
        case Bool():
            return "bool", (("true", phrase("yes")), ("false", phrase("no"))), ""
        case Enum(members=members) | SetOf(of=Enum(members=members)):
            assert attribute is not None
            labels = attribute.member_labels
            several = isinstance(attribute.type, SetOf)
            choices = tuple((m, labels.get(m) or Words(m)) for m in members)
            return "several" if several else "choice", choices, ""
        case Number(unit=unit):
            return "number", (), unit.symbol
        case Date():
            return "date", (), ""
        case _:
            return "text", (), ""


def place_of(record: Record) -> str:
    """Return the site, area and unit in which a record lies, by their names."""
    held = [r for r in above_of(record) if r.entity.name in _PLACES]
    return " › ".join(called(r) for r in reversed(held))


def subject_of(record: Record) -> Words:
    """Return what is looked at: the kind of record and its name, as *储罐 T-2102 液化气球罐2*.

    A record without a name of its own is told by that which holds it.
    """
    own, kind = called(record), record.entity.label
    said = Words(f"{kind.zh} {own}".strip(), f"{kind.get('en')} {own}".strip())
    if own or record.parent is None:
        return said
    return joined([subject_of(record.parent), said], "space")
