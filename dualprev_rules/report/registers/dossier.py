"""The dossier of an enterprise (一企一册): what it is, how its risks spread, both lists, who acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from dualprev_rules.control import HazardRecord
from dualprev_rules.evaluate.render import render
from dualprev_rules.facts.record import Record
from dualprev_rules.facts.schema import Attribute
from dualprev_rules.facts.types import Number
from dualprev_rules.problems import Words
from dualprev_rules.report.carriers import NOTHING, Filled, PointFields, installation, of_texts, of_words
from dualprev_rules.report.inspection.sheet import place_of
from dualprev_rules.report.phrases import joined, named, phrase, value_words
from dualprev_rules.report.registers.lists import Watch, hazard_list, point_list
from dualprev_rules.report.registers.table import Table, table
from dualprev_rules.risk.profile import Profile, Shown

_OF_ENTERPRISE = ("name", "credit_code", "industries", "province", "district", "employees", "report_phone")


def dossier(points: PointFields, ledger: Iterable[HazardRecord], watch: Watch) -> tuple[Table, ...]:
    """Return the parts of the dossier; with both lists, where the profile has their columns."""
    result = points.result
    graded, hidden = (
        result.profile.registers.get(f"{name}_list") for name in ("graded_control", "hidden_hazard")
    )
    lists = [point_list(points, graded, watch)] if graded is not None and graded.fields else []
    if hidden is not None and hidden.fields:
        lists.append(hazard_list(result, hidden, ledger, watch))
    return (_enterprise(points), _spread(points), _installations(points), *lists, _levels(result.profile))


def _enterprise(points: PointFields) -> Table:
    result = points.result
    (record,) = (root for root in result.facts.roots if root.entity.name == "enterprise")
    known = record.entity.attributes
    rows = [
        (of_words([known[name].label]), _fact(record, known[name]))
        for name in _OF_ENTERPRISE
        if name in known
    ]
    shown = result.profile.show(result.grade)
    rows.append((of_words([phrase("grade")]), Filled((shown.label,), shown=shown)))
    heads = ((phrase("item"), 26), (phrase("value"), 60))
    return table("enterprise", phrase("dossier_enterprise"), heads, rows)


def _fact(record: Record, attribute: Attribute) -> Filled:
    """Return a fact as it was given; nothing where it was not."""
    fact = record.fact(attribute.name)
    if fact.given is None or fact.value.causes:
        return NOTHING
    shown = render(fact.value, attribute.type)
    if isinstance(attribute.type, Number) and isinstance(shown, str) and shown.isdigit():
        return Filled(value=int(shown))
    called = {member: words.to_json() for member, words in attribute.member_labels.items()}
    return of_words([value_words(shown, called=called)])


def _spread(points: PointFields) -> Table:
    """Return how many risk points of each grade each department has."""
    counts: Counter[tuple[str, Words]] = Counter()
    for point in points.place.all_points():
        counts[point.department or "", points.shown((point,)).label] += 1
    always = [swatch.name for swatch in points.result.profile.grades.values()]
    others = sorted({label for _, label in counts} - set(always), key=lambda label: label.zh)
    departments = sorted({department for department, _ in counts}, key=lambda name: (not name, name))
    labels = (*always, *others)
    rows = [
        _counted(
            Words(department) if department else phrase("no_one"),
            [counts[department, label] for label in labels],
        )
        for department in departments
    ]
    rows.append(_counted(phrase("total"), [sum(counts[d, label] for d in departments) for label in labels]))
    heads = [(phrase("department"), 22), *((label, 13) for label in labels), (phrase("total"), 10)]
    return table("spread", phrase("distribution"), heads, rows)


def _counted(of: Words, counts: list[int]) -> tuple[Filled, ...]:
    return (of_words([of]), *(Filled(value=count) for count in (*counts, sum(counts))))


def _installations(points: PointFields) -> Table:
    """Return the major hazard installations, and what may be one."""
    result = points.result
    found = ((r, installation(result, r)) for r in result.facts.records() if not r.phantom)
    rows = [(of_texts([place_of(record)]), of_words([words])) for record, words in found if words is not None]
    heads = ((phrase("where"), 36), (phrase("dossier_installations"), 50))
    return table("installations", phrase("dossier_installations"), heads, rows)


def _levels(profile: Profile) -> Table:
    """Return who must act on each grade, the highest level first."""
    rows: list[tuple[Filled, ...]] = []
    for grade, swatch in profile.grades.items():
        acting = [level for level in profile.levels if level >= profile.control_levels[grade]]
        levels = joined([named("control", level.member) for level in acting])
        label = Filled((swatch.name,), shown=Shown(swatch, swatch.name, False))
        rows.append((label, of_words([named("colour", swatch.colour)]), of_words([levels])))
    heads = ((phrase("level"), 16), (phrase("dossier_colour"), 10), (phrase("levels"), 60))
    return table("levels", phrase("dossier_levels"), heads, rows)
