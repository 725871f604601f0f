"""What is known of facts: documents that say it, ways of learning more, and completions.

Knowledge is held apart from the documents that state it, so that a test can narrow it and state it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from dualprev_rules.evaluate.render import number
from dualprev_rules.facts.possible import EVERY_NUMBER, Numbers, holds, interval

Draw = Callable[[st.SearchStrategy[Any]], Any]

FIGURES = tuple(
    Fraction(text)
    for text in (
        "-3",
        "-1",
        "-0.5",
        "0",
        "0.1",
        "0.3",
        "1/3",
        "0.5",
        "2/3",
        "1",
        "1.5",
        "2",
        "3",
        "5",
        "7",
        "10",
        "12",
    )
)
WHOLES = tuple(Fraction(n) for n in (-2, 0, 1, 2, 3, 5, 29, 30, 100))
DAYS = tuple(
    Fraction(date.fromisoformat(text).toordinal())
    for text in (
        "2016-02-29",
        "2019-02-28",
        "2019-03-01",
        "2020-01-31",
        "2020-02-29",
        "2026-11-21",
        "2027-01-01",
    )
)
TEXTS = ("x", "y", "z", "w")
MEMBERS = ("m1", "m2", "m3")
LEVELS = ("1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class Attr:
    """An attribute of a generated schema. ``kind`` is one of bool, number, whole, date, enum, level, text,
    set, words, list, ref."""

    name: str
    kind: str
    range: Numbers = EVERY_NUMBER
    of: str = ""

    @property
    def spec(self) -> dict[str, Any]:
        """Return its form in facts.yaml."""
        label = {"label": {"zh": self.name, "en": self.name}}
        match self.kind:
            case "number" | "whole":
                return {
                    "type": "number",
                    **({"whole": True} if self.kind == "whole" else {}),
                    **self._limits,
                    **label,
                }
            case "enum":
                return {"type": "enum", "values": list(MEMBERS), **label}
            case "level":
                return {"type": "ordered", "values": list(LEVELS), **label}
            case "set":
                return {"type": "list", "of": {"enum": list(MEMBERS)}, **label}
            case "words":
                return {"type": "list", "of": "text", **label}
            case "list":
                return {"type": "list", "of": self.of, **label}
            case "ref":
                return {"type": "record", "to": self.of, **label}
            case kind:
                return {"type": kind, **label}

    @property
    def _limits(self) -> dict[str, str]:
        found: dict[str, str] = {}
        low, high = self.range.low, self.range.high
        if low is not None:
            found["above" if getattr(self.range, "low_open", False) else "min"] = number(low)
        if high is not None:
            found["below" if getattr(self.range, "high_open", False) else "max"] = number(high)
        return found

    @property
    def pool(self) -> tuple[Fraction, ...]:
        """Return figures that are within the range."""
        pool = {"whole": WHOLES, "date": DAYS}.get(self.kind, FIGURES)
        return tuple(v for v in pool if holds(self.range, v))

    @property
    def choices(self) -> tuple[Any, ...]:
        """Return what one of a few may be."""
        return {"bool": (True, False), "enum": MEMBERS, "level": LEVELS, "set": MEMBERS}.get(self.kind, TEXTS)


@dataclass(frozen=True, slots=True)
class Known:
    """Knowledge of one fact: the values still possible among those tried, and the document that says so.

    ``possible`` is None where nothing is known; for lists and sets ``items`` are surely in.
    """

    attr: Attr
    possible: tuple[Any, ...] | None = None
    form: str = "missing"
    items: tuple[Any, ...] = ()
    complete: bool = False

    @property
    def settled(self) -> bool:
        """Tell whether nothing is left to learn."""
        if self.attr.kind in ("set", "words"):
            return self.complete
        if self.attr.kind == "list":
            return self.complete and all(record.settled for record in self.items)
        return self.form == "value"

    def values(self) -> tuple[Any, ...]:
        """Return the values that it may still be shown to have."""
        if self.possible is not None:
            return self.possible
        return self.attr.pool if self.attr.kind in ("number", "whole", "date") else self.attr.choices


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of one record."""

    entity: str
    id: str
    facts: Mapping[str, Known] = field(default_factory=dict[str, Known])

    @property
    def settled(self) -> bool:
        """Tell whether every fact is known."""
        return all(known.settled for known in self.facts.values())

    def document(self) -> dict[str, Any]:
        """Return the facts as given."""
        found: dict[str, Any] = {"id": self.id}
        for name, known in self.facts.items():
            if known.form != "missing":
                found[name] = _form(known)
        return found


def _text(value: Any, kind: str) -> Any:
    if kind == "date":
        return date.fromordinal(int(value)).isoformat()
    return number(value) if isinstance(value, Fraction) else value


def _form(known: Known) -> Any:
    kind = known.attr.kind
    if kind == "list":
        items: Any = [record.document() for record in known.items]
        return items if known.complete else {"items": items, "complete": False}
    if kind in ("set", "words"):
        return list(known.items) if known.complete else {"items": list(known.items), "complete": False}
    values = [_text(v, kind) for v in known.possible or ()]
    match known.form:
        case "value":
            return values[0]
        case "one_of":
            return {"one_of": values}
        case "between":
            return {"between": [values[0], values[-1]]}
        case "at_least" | "at_most" as side:
            return {side: values[0] if side == "at_least" else values[-1]}
        case "unreadable":
            return "约5"
        case "contradicts":
            return "99999" if kind in ("number", "whole") else "zzz"
        case form:
            raise AssertionError(form)


# --- first knowledge, learning, completion ---------------------------------------------------------


def begin(
    draw: Draw, attr: Attr, shapes: Mapping[str, tuple[Attr, ...]], ids: list[str], *, sound: bool = False
) -> Known:
    """Draw first knowledge of an attribute: often nothing; ``sound``: nothing that is wrong."""
    how = draw(st.sampled_from(("missing", "missing", "value", "value", "partly", "partly", "wrong")))
    if sound and how == "wrong":
        how = "missing"
    if attr.kind in ("set", "words"):
        return learn_set(draw, Known(attr)) if how != "missing" else Known(attr)
    if attr.kind == "list":
        if how in ("missing", "wrong"):
            return Known(attr)
        count = draw(st.integers(0, 2))
        records = tuple(begin_record(draw, attr.of, shapes, ids, sound=sound) for _ in range(count))
        return Known(attr, form="list", items=records, complete=how != "partly")
    if how == "missing" or attr.kind == "ref":
        return Known(attr)
    if how == "wrong":
        form = draw(st.sampled_from(("unreadable", "contradicts")))
        bounded = attr.range.high is not None
        wrong = {
            "text": False,
            "number": form == "unreadable" or bounded,
            "whole": form == "unreadable" or bounded,
        }
        return (
            Known(attr, form=form)
            if wrong.get(attr.kind, attr.kind != "date" or form == "unreadable")
            else Known(attr)
        )
    return learn(draw, Known(attr), settle=how == "value")


def begin_record(
    draw: Draw,
    entity: str,
    shapes: Mapping[str, tuple[Attr, ...]],
    ids: list[str],
    *,
    sound: bool = False,
) -> Knowledge:
    """Draw first knowledge of a record."""
    name = f"{entity[0].upper()}{len(ids) + 1}"
    ids.append(name)
    facts = {attr.name: begin(draw, attr, shapes, ids, sound=sound) for attr in shapes[entity]}
    return Knowledge(entity, name, facts)


def learn(draw: Draw, known: Known, *, settle: bool = False) -> Known:
    """Narrow what a plain fact may be."""
    values = known.values()
    if not values or known.settled:
        return known
    value = draw(st.sampled_from(values))
    forms = ["value"] if settle else ["value", "one_of"]
    # An interval says more than the whole range, and less than a few values.
    if not settle and known.form != "one_of" and known.attr.kind in ("number", "whole", "date"):
        forms += ["between", "between"]
        if known.possible is None:
            forms += ["at_least", "at_most"]
    form = draw(st.sampled_from(forms))
    if form == "value":
        return replace(known, possible=(value,), form=form)
    others = draw(st.lists(st.sampled_from(values), max_size=5))
    few = tuple(sorted({value, *others}))
    if form == "one_of":
        return replace(known, possible=few, form=form)
    if form == "between":
        inside = tuple(v for v in values if few[0] <= v <= few[-1])
        return replace(known, possible=inside, form=form)
    inside = tuple(v for v in values if (v >= value if form == "at_least" else v <= value))
    return replace(known, possible=inside, form=form)


def learn_set(draw: Draw, known: Known, *, settle: bool = False) -> Known:
    """Learn of further members, and perhaps that there are no more."""
    if known.complete:
        return known
    more = draw(st.lists(st.sampled_from(known.attr.choices), max_size=2))
    items = tuple(dict.fromkeys((*known.items, *more)))
    return replace(known, form="list", items=items, complete=settle or draw(st.booleans()))


def refine(
    draw: Draw, of: Knowledge, shapes: Mapping[str, tuple[Attr, ...]], ids: list[str], *, settle: bool = False
) -> Knowledge:
    """Learn more of a record: of some of its facts, or (``settle``) everything."""
    facts: dict[str, Known] = {}
    for name, known in of.facts.items():
        if not settle and not draw(st.booleans()):
            facts[name] = known
        elif known.attr.kind in ("set", "words"):
            facts[name] = learn_set(draw, known, settle=settle)
        elif known.attr.kind == "list":
            facts[name] = _refine_list(draw, known, shapes, ids, settle)
        elif known.attr.kind == "ref":
            facts[name] = known
        else:
            facts[name] = learn(draw, known, settle=settle)
    return replace(of, facts=facts)


def _refine_list(
    draw: Draw, known: Known, shapes: Mapping[str, tuple[Attr, ...]], ids: list[str], settle: bool
) -> Known:
    records = tuple(refine(draw, record, shapes, ids, settle=settle) for record in known.items)
    if known.complete:
        return replace(known, items=records)
    # A further record is one within the declared ranges: what is wrong puts the declarations in doubt.
    count = draw(st.integers(0, 1))
    more = tuple(begin_record(draw, known.attr.of, shapes, ids, sound=True) for _ in range(count))
    if settle:
        more = tuple(refine(draw, record, shapes, ids, settle=True) for record in more)
    return replace(known, form="list", items=(*records, *more), complete=settle or draw(st.booleans()))


def point(draw: Draw, of: Knowledge, candidates: list[str]) -> Knowledge:
    """Let the references of a record, and of all under it, name existing records (or leave them open)."""
    facts: dict[str, Known] = {}
    for name, known in of.facts.items():
        if known.attr.kind == "ref" and not known.settled and candidates:
            target = draw(st.sampled_from(candidates))
            facts[name] = replace(known, possible=(target,), form="value")
        elif known.attr.kind == "list":
            facts[name] = replace(
                known, items=tuple(point(draw, record, candidates) for record in known.items)
            )
        else:
            facts[name] = known
    return replace(of, facts=facts)


def ids_of(of: Knowledge, entity: str) -> list[str]:
    """Return the ids of all records of an entity under a record."""
    found = [of.id] if of.entity == entity else []
    for known in of.facts.values():
        if known.attr.kind == "list":
            for record in known.items:
                found += ids_of(record, entity)
    return found


def ranges() -> st.SearchStrategy[Numbers]:
    """Draw a declared range."""
    whole = [
        EVERY_NUMBER,
        interval(Fraction(0), None),
        interval(Fraction(0), None, True),
        interval(Fraction(0), Fraction(10)),
        interval(Fraction(-1), Fraction(3)),
        interval(Fraction(0), Fraction(10), True, True),
    ]
    return st.sampled_from([each for each in whole if each is not None])
