"""What stands on each card: a post or a risk point, its grade, and the fields that the profile asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dualprev_rules.pack.model import Shows
from dualprev_rules.problems import DualprevError, Words, nearest, problem
from dualprev_rules.report.carriers import Filled, PointFields
from dualprev_rules.report.phrases import phrase
from dualprev_rules.report.registers.lists import Watch, clauses, unwatched
from dualprev_rules.report.registers.table import Table, table, width_of
from dualprev_rules.result import Result
from dualprev_rules.risk.point import RiskPoint
from dualprev_rules.risk.profile import Carrier, CarrierField, Profile, Shown

BOARDS = frozenset({"notice_board", "neighbour_notice"})
"""What shows all risk points in one table."""
_BY_POST = frozenset({"post_notice", "point_and_say"})
"""The cards of which a post has one, whatever risk points are at it."""
_OCCUPATIONAL = "occupational_sign"


@dataclass(frozen=True, slots=True)
class Card:
    """One card: whose it is, the grade that it stands under, and its fields."""

    of: Words
    """What kind of thing it is about, as the profile calls it."""
    heading: str
    shown: Shown
    fields: tuple[tuple[Words, Filled], ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of one kind, or the rows of a board."""

    kind: str
    title: Words
    enterprise: str
    day: str
    profile: Words
    place: Words | None
    """Where it hangs, or for whom it is."""
    source: Words | None
    """The clauses that ask for it."""
    note: Words | None
    """Whence its fields are, where no clause asks for it: for who makes it, not for who reads it."""
    cards: tuple[Card, ...]
    board: Table | None
    """The table of a board, worst grades first; a board has no cards."""


def cards(
    result: Result,
    kind: str = "post_notice",
    *,
    at_worst: int = 4,
    path: str | None = None,
    watch: Watch = unwatched,
) -> Cards:
    """Return the cards of a kind, for every post or risk point; or a board of all risk points.

    Only points whose grade is, or may be, ``at_worst`` or worse (1 is the worst), and only those at
    ``path``: a place or a risk point, full or short. Raises DualprevError for a kind that the profile
    does not have, where the facts hold no enterprise, and where nothing is left to write.
    """
    carrier = _carrier(result.profile, kind)
    fields = PointFields(result)
    chosen = [point for point in _at(fields, path) if _counts(fields, point, at_worst)]
    if kind == _OCCUPATIONAL:
        chosen = [point for point in chosen if not fields.occupational((point,)).empty]
    if not chosen:
        raise DualprevError(problem("report.nothing-for-card", path=path, title=carrier.title))
    on_board = kind in BOARDS
    groups = _by_post(fields, chosen) if kind in _BY_POST else [(point,) for point in chosen]
    return Cards(
        kind=kind,
        title=carrier.title,
        enterprise=fields.place.name or "",
        day=result.ruleset.as_of.isoformat(),
        profile=result.profile.title,
        place=carrier.place,
        source=clauses(carrier, result.ruleset),
        note=None if carrier.citations else carrier.note,
        cards=() if on_board else tuple(_card(fields, carrier, of) for of in watch(groups, carrier.title)),
        board=_board(fields, carrier, chosen, watch) if on_board else None,
    )


def printable(profile: Profile) -> Mapping[str, Carrier]:
    """Return the cards of a profile that have fields; what is named without any is made elsewhere."""
    return {id_: carrier for id_, carrier in profile.cards.items() if carrier.fields}


def _carrier(profile: Profile, kind: str) -> Carrier:
    known = printable(profile)
    if kind not in known:
        near = nearest(kind, known) or next(iter(known), "")
        words = " ".join(known)
        raise DualprevError(
            problem("report.no-card", given=kind, nearest=near, words=words, profile=profile.id)
        )
    return known[kind]


def _at(fields: PointFields, path: str | None) -> Iterable[RiskPoint]:
    """Return the points of a place, or the one point, that a path names; all of them without one."""
    points = fields.place.all_points()
    if path is None:
        return points
    for place in fields.place.all_places():
        if path in (place.path, place.short):
            return place.all_points()
    return [point for point in points if path in (point.path, point.short)]


def _counts(fields: PointFields, point: RiskPoint, at_worst: int) -> bool:
    """Return whether a point is, or as far as is known may be, as bad as that."""
    return fields.grade((point,)).at_worst <= at_worst


def _by_post(fields: PointFields, points: Iterable[RiskPoint]) -> list[tuple[RiskPoint, ...]]:
    """Return the points of each post together; a point that names no post stands alone."""
    found: dict[str, list[RiskPoint]] = {}
    for point in points:
        post = fields.post(point)
        found.setdefault(point.path if post is None else post.path, []).append(point)
    return [tuple(group) for group in found.values()]


def _card(fields: PointFields, carrier: Carrier, points: Sequence[RiskPoint]) -> Card:
    """Return a card; the name and the grade, where the profile asks for them, are what it is headed by."""
    post = fields.fill("post", points)
    by_post = carrier.id in _BY_POST and not post.empty
    heading = post if by_post else fields.fill("name", points)
    headed: frozenset[Shows] = frozenset({"post" if by_post else "name"})
    rest = [field for field in carrier.fields if field.shows not in headed]
    shown = fields.shown_of_post(points) if by_post else fields.shown(points)
    return Card(
        of=_label(carrier.fields, next(iter(headed))) or phrase("post" if by_post else "point"),
        heading=heading.lines[0].zh,
        shown=shown,
        fields=tuple((field.label, _field(fields, carrier, field.shows, points, shown)) for field in rest),
    )


def _field(
    fields: PointFields, carrier: Carrier, shows: Shows, points: Sequence[RiskPoint], shown: Shown
) -> Filled:
    """Return what a field of a card shows; the sign of an occupational hazard names that hazard."""
    if shows == "grade":
        return Filled((shown.label,), shown=shown)
    if carrier.id == _OCCUPATIONAL and shows == "category":
        return fields.occupational(points)
    return fields.fill(shows, points)


def _label(fields: Iterable[CarrierField], shows: Shows) -> Words | None:
    return next((field.label for field in fields if field.shows == shows), None)


def _board(fields: PointFields, carrier: Carrier, points: list[RiskPoint], watch: Watch) -> Table:
    """Return the table of a board, worst first; each row begins with the name of its risk point."""
    columns = list(carrier.fields)
    if _label(columns, "name") is None:
        columns.insert(0, CarrierField(phrase("point"), "name"))
    rows = (
        tuple(fields.fill(field.shows, (point,)) for field in columns)
        for point in watch(sorted(points, key=lambda p: fields.grade((p,)).at_worst), carrier.title)
    )
    return table(carrier.id, carrier.title, [(field.label, width_of(field.shows)) for field in columns], rows)
