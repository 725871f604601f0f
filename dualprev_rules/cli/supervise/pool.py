"""``dualprev supervise pool``: risk pooled by area or industry, its trend and its warnings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, read_day
from dualprev_rules.cli.supervise.options import Areas, AsJson, By, Csv, Roster

if TYPE_CHECKING:
    from dualprev_rules.supervision.warnings import Found, Recurring


def pool(
    roster: Roster,
    by: By = "county",
    areas: Areas = None,
    before: Annotated[
        Path | None,
        typer.Option("--before", metavar="ROSTER", help="An earlier roster: the trend. 上次的名册。"),
    ] = None,
    warn: Annotated[
        Path | None, typer.Option("--warn", metavar="FILE", help="Rules for warnings. 预警规则。")
    ] = None,
    found: Annotated[
        Path | None,
        typer.Option("--found", metavar="FILE", help="Breaches found: enterprise, rule, on. 查出的问题。"),
    ] = None,
    recurs: Annotated[
        int | None,
        typer.Option("--recurs", min=2, help="From how many on a breach recurs. 几次或几家算反复、共性。"),
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="Within so many days. 多少天之内。")
    ] = None,
    as_of: AsOf = None,
    csv: Csv = None,
    json: AsJson = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Pool the grades of enterprises; what is not reported is shown (区域风险汇集与预警)."""
    from collections import Counter

    from dualprev_rules.cli.output import complain, say, say_json
    from dualprev_rules.cli.supervise.options import show, write_csv
    from dualprev_rules.control.recurrence import RecurrencePolicy
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report.phrases import named, phrase
    from dualprev_rules.supervision.files import read_model
    from dualprev_rules.supervision.pool import area_names, read_areas, trend
    from dualprev_rules.supervision.pool import pool as pooled_by
    from dualprev_rules.supervision.roster import read_roster
    from dualprev_rules.supervision.warnings import (
        WarningPolicy,
        found_at,
        found_within,
        raised,
        read_found,
        recurring_problems,
    )

    asked = (found is None, recurs is None, days is None)
    if not all(asked[1:]) and any(asked):
        raise DualprevError(problem("supervision.recurs"))
    now = read_roster(roster)
    then = read_roster(before) if before is not None else None
    breaches: tuple[Found, ...] | None = None
    recurring: tuple[Recurring, ...] = ()
    if found is not None:
        day, every_breach = read_day(as_of), read_found(found)
        if ahead := sum(each.on > day for each in every_breach):
            complain(phrase("breaches_ahead", n=ahead, day=day.isoformat()).get(lang))
        breaches, strange = found_at(found_within(every_breach, day, days), (*now, *(then or ())))
        for fault in strange:
            complain(fault.show(lang))
        if recurs is not None and days is not None:
            again = RecurrencePolicy(repeated=recurs, systemic=recurs, days=days)
            recurring = recurring_problems(breaches, day, again)
    expected = read_areas(areas, now, by) if areas is not None else ()
    areas_found = pooled_by(now, by, expected)
    policy = read_model(warn, WarningPolicy) if warn is not None else None
    warnings = (
        raised(now, by, policy, expected=expected, before=then, found=breaches) if policy is not None else ()
    )
    changes = Counter(one.change for one in trend(then, now)) if then is not None else None
    heads = ("pooled_area", "pooled_grade", "enterprises_counted")
    columns = ("pooled_1", "pooled_2", "pooled_3", "pooled_4")
    nowhere = phrase("no_one").get(lang)
    told = [each.area for each in (*areas_found, *warnings)]
    names = area_names(dict.fromkeys(told), nowhere)
    rows = [
        (
            names[each.area],
            "/".join(map(str, each.grade.possible)),
            each.enterprises,
            *each.decided,
            each.open,
            each.not_reported,
        )
        for each in areas_found
    ]
    every = (*heads, *columns, "pooled_open", "not_reported")
    write_csv(csv, every, rows, lang)
    if json:
        say_json(
            {
                "by": by,
                "areas": [each.to_json() for each in areas_found],
                "trend": dict(sorted(changes.items())) if changes is not None else None,
                "recurring": [
                    {
                        "kind": one.kind,
                        "rule": one.rule,
                        "enterprises": list(one.enterprises),
                        "times": one.times,
                    }
                    for one in recurring
                ],
                "warnings": [one.to_json() for one in warnings],
            }
        )
        return
    show(every, rows, lang)
    if changes is not None:
        turns = ("worse", "better", "same", "open", "new", "gone")
        say(phrase("trend_counted", **{name: changes[name] for name in turns}).get(lang))
    separator = phrase("separator").get(lang)
    if warnings:
        show(
            ("warning_level", "warning_name", "pooled_area", "enterprises_counted", "must_know"),
            [
                (
                    one.rule.level,
                    f"{one.rule.warning} {one.what}" if one.what else one.rule.warning,
                    names[one.area],
                    len(one.enterprises),
                    separator.join(words.get(lang) for words in one.rule.audience),
                )
                for one in warnings
            ],
            lang,
        )
    for one in recurring:
        said = phrase(
            "recurs",
            kind=named("recurs", one.kind),
            rule=one.rule,
            of=separator.join(one.enterprises),
            n=one.times,
        )
        say(said.get(lang))
