"""``dualprev hazard record``: let events happen to hidden hazards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, read_day


def record(
    ledger: Annotated[Path, typer.Argument(metavar="LEDGER", help="A new file, or one kept so far. 台账。")],
    events: Annotated[
        str, typer.Argument(metavar="EVENTS", help="JSON: an event or a list; - reads stdin. 事件。")
    ],
    as_it_is: Annotated[
        bool,
        typer.Option(
            "--as-it-is", help="Go on with a ledger without links or head. 链接或 .head 缺失也继续。"
        ),
    ] = False,
    profile: Annotated[
        str | None,
        typer.Option("--profile", help="Refuse deadlines past its days. 按口径的天数拒绝过晚的期限。"),
    ] = None,
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Record events in a ledger, all of them or none (记录隐患事件)."""
    import sys
    from json import loads
    from typing import Any, cast

    from dualprev_rules.cli.ledger import alone, head_of, open_ledger, written
    from dualprev_rules.cli.loading import trusted
    from dualprev_rules.cli.output import STDOUT, complain
    from dualprev_rules.control import Ledger
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.risk.deadlines import NONE_SET

    try:
        text = sys.stdin.read() if events == STDOUT else Path(events).read_text("utf-8-sig")
        given: Any = loads(text)
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "msg", None) or type(error).__name__
        raise DualprevError(problem("control.no-events", given=events, reason=str(reason))) from error
    each = cast("list[Any]", given) if isinstance(given, list) else [given]
    if not all(isinstance(event, dict) for event in each):
        raise DualprevError(problem("control.no-events", given=events, reason="JSON"))
    deadlines = NONE_SET
    if profile is not None:
        from dualprev_rules.engine import Engine

        deadlines = Engine.load([], profile, as_of=read_day(as_of), keys=trusted()).profile.hazard_deadlines
    with alone(ledger):
        held = open_ledger(ledger, lang) if ledger.exists() or head_of(ledger).exists() else Ledger()
        if held.doubts and not as_it_is:
            raise DualprevError(held.doubts)
        for event in each:
            held = held.record(event, deadlines)
        write_files(written(held, ledger))
    complain(phrase("hazards_recorded", n=len(each), of=len(held.hazards)).get(lang))
