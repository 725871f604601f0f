"""``dualprev exchange fields``: what the exchange tables hold, and how well each field is known."""

from __future__ import annotations

from typing import Annotated

import typer

from dualprev_rules.cli.options import Debug, Language
from dualprev_rules.cli.supervise.options import AsJson


def fields(
    table: Annotated[str | None, typer.Argument(metavar="[TABLE]", help="Only this one. 只列此表。")] = None,
    json: AsJson = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """List the fields of exchange tables with type, codes and status (交换表字段)."""
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.cli.supervise.options import show
    from dualprev_rules.problems import DualprevError, nearest, problem
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.supervision.exchange import exchange_tables

    known = exchange_tables()
    if table is not None and table not in known:
        raise DualprevError(problem("supervision.exchange-table", given=table, nearest=nearest(table, known)))
    told = [known[table]] if table is not None else [*known.values()]
    if json:
        say_json([each.to_json() for each in told])
        return
    yes = phrase("yes").get(lang)
    for each in told:
        say(f"{each.id} {each.title.get(lang)}")
        show(
            ("field", "field_label", "field_type", "field_most", "field_required", "field_codes", "status"),
            [
                (
                    field.name,
                    field.label.get(lang),
                    field.type,
                    field.most or "",
                    yes if field.required else "",
                    " ".join(f"{code}={said}" for code, said in (field.codes or {}).items()),
                    field.status,
                )
                for field in each.fields.values()
            ],
            lang,
        )
    say(phrase("exchange_status").get(lang))
