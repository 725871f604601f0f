"""A register whole: its tables, and what has to be said with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dualprev_rules.control import HazardRecord
from dualprev_rules.problems import DualprevError, Words, nearest, problem
from dualprev_rules.report.carriers import PointFields, of_words
from dualprev_rules.report.phrases import joined, phrase
from dualprev_rules.report.registers.dossier import dossier
from dualprev_rules.report.registers.lists import Watch, hazard_list, point_list, unwatched
from dualprev_rules.report.registers.table import Table, table
from dualprev_rules.result import Result
from dualprev_rules.result.document import engine_version, statement_words
from dualprev_rules.risk.profile import Profile

DOSSIER, HAZARDS = "dossier", "hidden_hazard_list"


def kinds(profile: Profile) -> tuple[str, ...]:
    """Return the registers that can be made: those of the profile that have columns, and the dossier."""
    return (*(id_ for id_, carrier in profile.registers.items() if carrier.fields), DOSSIER)


@dataclass(frozen=True, slots=True)
class Register:
    """A register of one enterprise on one day."""

    kind: str
    title: Words
    enterprise: str
    day: str
    profile: Words
    tables: tuple[Table, ...]
    about: Table
    """What it rests on, what is empty in it, and the statement that every output is shown with."""


def register(
    result: Result,
    kind: str = "graded_control_list",
    ledger: Iterable[HazardRecord] = (),
    watch: Watch = unwatched,
) -> Register:
    """Return a register of an assessed enterprise, with the fields that the profile asks for.

    ``kind`` is ``dossier``, or a register of the profile: ``hidden_hazard_list`` is of hidden hazards,
    ``graded_control_list`` and any other of risk points. ``ledger`` holds the hidden hazards on the
    enterprise's ledger; those that the facts show besides are listed after them, to be confirmed.
    ``watch`` sees the rows as they are made. Raises DualprevError for another kind, and where the facts
    do not hold one enterprise.
    """
    known = kinds(result.profile)
    if kind not in known:
        near = nearest(kind, known) or known[0]
        raise DualprevError(problem("report.no-register", given=kind, nearest=near, words=" ".join(known)))
    points = PointFields(result)
    if kind == DOSSIER:
        tables = dossier(points, ledger, watch)
    elif kind == HAZARDS:
        tables = (hazard_list(result, result.profile.registers[kind], ledger, watch),)
    else:
        tables = (point_list(points, result.profile.registers[kind], watch),)
    return Register(
        kind=kind,
        title=phrase("dossier") if kind == DOSSIER else tables[0].title,
        enterprise=points.place.name or "",
        day=result.ruleset.as_of.isoformat(),
        profile=result.profile.title,
        tables=tables,
        about=_about(points, tables),
    )


def _about(points: PointFields, tables: Sequence[Table]) -> Table:
    result = points.result
    profile = result.profile
    said: list[tuple[Words, Words]] = [
        (phrase("title_enterprise"), Words(points.place.name or "")),
        (phrase("day"), Words(result.ruleset.as_of.isoformat())),
    ]
    for each in tables:
        if each.source is not None:
            said.append((each.title, each.source))
        for head in each.heads:
            if head.empty:
                empty = phrase("cells_empty", n=head.empty, of=len(each.rows))
                said.append((joined([each.title, head.label], "colon"), empty))
    said += [
        (phrase("part_statement"), statement_words(result)),
        (phrase("silence_head"), phrase("silence")),
        (phrase("engine"), Words(f"dualprev-rules {engine_version()}")),
        (phrase("profile"), Words(f"{profile.id} {profile.version} {profile.hash}")),
        *((phrase("pack"), Words(f"{pack.id} {pack.version} {pack.hash}")) for pack in result.ruleset.packs),
    ]
    rows = [(of_words([what]), of_words([of])) for what, of in said]
    return table("about", phrase("sheet_about"), ((phrase("item"), 30), (phrase("value"), 100)), rows)
