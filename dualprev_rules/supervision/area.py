"""An area with its enterprises: each is judged by itself, and what was found is given to the area's rules.

An area is a region, a park or a group. What stands under ``enterprises`` is the facts of an enterprise, the
name of a file that holds them, or what was found of it already. The rules of the area see of each its grade
and the rules that it violates, or may: ``any(o.violated for o in e.outcomes if o.rule_id == 'x')``. What is
open at an enterprise is open for the area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from dualprev_rules.engine import Engine
from dualprev_rules.facts import Reader
from dualprev_rules.facts.document import plain_scalar
from dualprev_rules.facts.editing import to_json
from dualprev_rules.facts.given import PARTS
from dualprev_rules.facts.plan import Plans
from dualprev_rules.facts.shown import visible
from dualprev_rules.pack.asked import OUTCOME
from dualprev_rules.pack.model import RuleKind
from dualprev_rules.problems import DualprevError, Problem, nearest, problem
from dualprev_rules.result import Result
from dualprev_rules.risk.grades import GRADES
from dualprev_rules.risk.reading import text
from dualprev_rules.supervision.asked import EVERYTHING, Asked, asked_for

AREAS = ("region", "park", "group")
_ENTERPRISES, _CHILD, _JUDGED_BY = "enterprises", "area_enterprise", "judged_by"


@dataclass(frozen=True, slots=True)
class JudgedEnterprise:
    """What was found of an enterprise: its grade, and the rules that it violates or may violate."""

    id: str | None
    name: str | None
    grades: tuple[int, ...]
    """The grades that it may have, the worst first; all four where nothing was graded."""
    violated: Mapping[str, RuleKind]
    open: Mapping[str, RuleKind]
    data_problems: int
    judged_by: frozenset[str] = frozenset()
    """The rules by which it was judged: of any other nothing is known."""

    def to_json(self) -> dict[str, Any]:
        """Return its values; ``found`` can be given in its place as what was found of it before."""
        return {
            "id": self.id,
            "name": self.name,
            "grades": [*self.grades],
            "violated": dict(self.violated),
            "open": dict(self.open),
            "data_problems": self.data_problems,
            "found": {**self.facts(), _JUDGED_BY: sorted(self.judged_by)},
        }

    def facts(self, asked: Asked = EVERYTHING, missing: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Return what the area's rules see of it, or what of it is asked for.

        Rules that are asked for are open where it was not judged by them, or they are ``missing``.
        """
        called = {"id": self.id, "name": self.name}
        grade = self.grades[0] if len(self.grades) == 1 else {"one_of": [*self.grades]}
        every = [(rule, kind, {"violated": True}) for rule, kind in self.violated.items()]
        every += [(rule, kind, {}) for rule, kind in self.open.items()]
        outcomes: list[dict[str, Any]] = [
            {"rule_id": rule, "kind": kind, **known} for rule, kind, known in every if asked.wants(rule, kind)
        ]
        unknown = (asked.ids - self.judged_by) | missing
        outcomes += [{"rule_id": rule} for rule in sorted(unknown - self.violated.keys() - self.open.keys())]
        return {
            **{key: value for key, value in called.items() if value is not None},
            **({"grade": grade} if self.grades != GRADES else {}),
            "outcomes": {"items": outcomes, "complete": True},
        }


@dataclass(frozen=True, slots=True)
class JudgedArea:
    """The result of the areas of a document, and what was found of their enterprises."""

    result: Result
    enterprises: tuple[JudgedEnterprise, ...]
    problems: tuple[Problem, ...] = ()
    """What the rules of areas ask for and is not there."""


def judge_area(engine: Engine, source: Path | Mapping[str, Any]) -> JudgedArea:
    """Judge each enterprise of the areas of a document by itself, then the areas.

    The enterprises of a region's parks are the region's, too. Raises DualprevError where the document, or a
    file that it names, cannot be used, or it holds no area.
    """
    schema = engine.ruleset.schema
    opened = Reader(schema).open(source, as_of=engine.as_of)
    if not any(root.entity.name in AREAS for root in opened.facts.roots):
        raise DualprevError(problem("supervision.no-area", given=opened.facts.source))
    folder = source.parent if isinstance(source, Path) else Path()
    asked = asked_for(engine.ruleset)
    missing = asked.ids - engine.ruleset.rules.keys()
    judging = _Judging(engine, opened.plans, folder, asked, missing)
    kinds = {key: opened.plans.entities.get(key) for key in opened.tree}
    tree = {
        key: judging.areas(given, of.name) if (of := kinds[key]) is not None and of.name in AREAS else given
        for key, given in to_json(opened).items()
    }
    told = [
        problem("supervision.area-rule", given=rule, nearest=nearest(rule, engine.ruleset.rules))
        for rule in sorted(missing)
    ]
    return JudgedArea(engine.assess(tree), tuple(judging.found), tuple(told))


def found_before(given: Mapping[str, Any]) -> JudgedEnterprise | None:
    """Return what was found of an enterprise as its ``found`` says it; None where it is written otherwise."""
    try:
        grade: Any = given.get("grade", {"one_of": GRADES})
        rows = given["outcomes"]["items"]
        made = JudgedEnterprise(
            given.get("id"),
            given.get("name"),
            (grade,) if grade in GRADES else tuple(grade["one_of"]),
            {row["rule_id"]: row["kind"] for row in rows if row.get("violated")},
            {row["rule_id"]: row["kind"] for row in rows if not row.get("violated")},
            0,
            frozenset(given[_JUDGED_BY]),
        )
        return made if made.to_json()["found"] == given else None
    except (KeyError, TypeError, AttributeError):
        return None


def judged(result: Result) -> JudgedEnterprise:
    """Return what an area's rules see of an enterprise that was judged."""
    roots = [each for each in result.facts.roots if each.entity.name == "enterprise"]
    if len(roots) != 1:
        raise DualprevError(problem("supervision.area-file", given=result.facts.source, n=len(roots)))
    root = roots[0]
    violated, still_open = result.rules_broken
    return JudgedEnterprise(
        text(root, "id") or text(root, "credit_code"),
        text(root, "name"),
        result.grade.possible if result.grade is not None else GRADES,
        {rule.id: rule.kind for rule in violated},
        {rule.id: rule.kind for rule in still_open},
        len(result.data_problems),
    )


@dataclass(slots=True)
class _Judging:
    """The enterprises of a document, as they are judged."""

    engine: Engine
    plans: Plans
    folder: Path
    asked: Asked
    missing: frozenset[str]
    """Rules that the area asks for and that are not loaded."""
    found: list[JudgedEnterprise] = field(default_factory=list[JudgedEnterprise])

    def areas(self, given: Any, entity: str) -> Any:
        """Return an area, or several, with their enterprises judged."""
        if isinstance(given, list):
            return [self.areas(one, entity) for one in cast("list[Any]", given)]
        if not isinstance(given, dict):
            return given
        area = cast("dict[str, Any]", given)
        if any(PARTS.get(key) == "items" for key in area):
            return {
                k: self.areas(part, entity) if PARTS.get(k) == "items" else part for k, part in area.items()
            }
        slots = {key: self.plans[entity].names.get(key) for key in area}
        own = [
            area[key]
            for key, slot in slots.items()
            if slot is not None and slot.child == _CHILD and _is_given(area[key])
        ]
        records = [self.enterprise(one) for listed in own for one in _all(listed)]
        made: dict[str, Any] = {}
        below: list[dict[str, Any]] = []
        wholes = [_complete(own[0]) if own else False]
        for key, slot in slots.items():
            child = slot.child if slot is not None else None
            if child in AREAS:
                made[key] = self.areas(area[key], child)
                inners = _records(made[key])
                below += [one for inner in inners for one in _records(inner.get(_ENTERPRISES))]
                # Who does not know all parks, or all enterprises of one, does not know all of the region.
                known = _is_given(made[key]) and len(inners) == len(_all(made[key]))
                wholes += [_complete(made[key]) if known else False]
                wholes += [_complete(inner.get(_ENTERPRISES, {"complete": False})) for inner in inners]
            elif child != _CHILD:
                made[key] = area[key]
        if not own and not below:
            return made
        # One that is named twice is one, where the same was found of it; else both are told.
        records += [one for one in below if one.get("id") is None or one not in records]
        complete = False if False in wholes else None if None in wholes else True
        made[_ENTERPRISES] = {"items": records} | ({} if complete is None else {"complete": complete})
        return made

    def enterprise(self, given: Any) -> Any:
        """Return what was found of an enterprise, judged here or before; what is none stays as it is."""
        if isinstance(given, dict):
            facts = cast("dict[str, Any]", given)
            slots = [self.plans[_CHILD].names.get(key) for key in facts]
            if any(slot is not None and slot.name in ("grade", "outcomes") for slot in slots):
                before = found_before(facts)
                return self.stated(facts) if before is None else before.facts(self.asked, self.missing)
            found = judged(self.engine.assess({"enterprise": facts}))
        elif isinstance(given, str) and given.strip():
            found = judged(self.engine.assess(self.folder / given))
        else:
            return given
        found = replace(found, judged_by=frozenset(self.engine.ruleset.rules))
        self.found.append(found)
        return found.facts(self.asked, self.missing)

    def stated(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Return what someone stated of an enterprise, with what is asked for and not known left open."""
        by = facts.get(_JUDGED_BY)
        known = self.asked.ids if by is None else {str(rule) for rule in _all(by)}
        unknown = (self.asked.ids - known) | self.missing
        made: dict[str, Any] = {}
        for key, given in facts.items():
            slot = self.plans[_CHILD].names.get(key)
            if key == _JUDGED_BY:
                continue
            made[key] = given
            if slot is None or slot.name != "outcomes" or not _is_given(given):
                continue
            rules = self.plans[OUTCOME].names
            there = {
                visible(str(value)).strip()
                for row in _records(given)
                for name, value in row.items()
                if (of := rules.get(name)) is not None and of.name == "rule_id"
            }
            complete = _complete(given)
            made[key] = {
                "items": [*_all(given), *({"rule_id": rule} for rule in sorted(unknown - there))],
                **({} if complete is None else {"complete": complete}),
            }
        return made


def _is_given(listed: Any) -> bool:
    """Tell whether anything is said of what a list holds."""
    if not isinstance(listed, dict):
        return listed is not None
    mapping = cast("dict[str, Any]", listed)
    return all(part is not None for key, part in mapping.items() if PARTS.get(key) == "items")


def _all(listed: Any) -> list[Any]:
    """Return what a list holds, in whatever form it is given."""
    if isinstance(listed, dict):
        mapping = cast("dict[str, Any]", listed)
        items = [key for key in mapping if PARTS.get(key) == "items"]
        return _all(mapping[items[0]]) if items else [mapping]
    return cast("list[Any]", listed) if isinstance(listed, list) else [] if listed is None else [listed]


def _records(listed: Any) -> list[dict[str, Any]]:
    return [cast("dict[str, Any]", one) for one in _all(listed) if isinstance(one, dict)]


def _complete(listed: Any) -> bool | None:
    """Return what is said of a list: that it is complete, or not; None where nothing is."""
    if not isinstance(listed, dict):
        return None
    mapping = cast("dict[str, Any]", listed)
    said = [part for key, part in mapping.items() if PARTS.get(key) == "complete"]
    if not said:
        return None
    value = plain_scalar(visible(said[0]).strip()) if isinstance(said[0], str) else said[0]
    return value is True
