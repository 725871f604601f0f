"""``dualprev watch``: readings in as JSON lines, warnings out as JSON lines."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, Profile

_STDIN = "-"


def watch(
    readings: Annotated[
        str,
        typer.Argument(
            metavar="READINGS",
            help="File of JSON lines, - for standard input, or mqtt://broker/topic. 读数文件或消息主题。",
        ),
    ] = _STDIN,
    packs: Packs = None,
    site: Annotated[
        Path | None, typer.Option("--facts", metavar="SITE", help="Facts that have no sensor. 企业数据。")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Add the warnings to a file. 预警写入文件。")
    ] = None,
    hook: Annotated[
        list[str] | None,
        typer.Option(
            "--hook",
            metavar="ADDRESS",
            help="Also send them to http(s)://… or mqtt(s)://broker/topic. Repeatable. 预警另发到该地址。",
        ),
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option("--checkpoint", metavar="FILE", help="Where to go on from. 检查点文件。")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Wait for what is written to the file later. 持续读取。")
    ] = False,
    tick: Annotated[
        bool,
        typer.Option(
            "--tick", help="While nothing comes, let time go on as it passes here. 无读数时时间照走。"
        ),
    ] = False,
    table: Annotated[
        bool | None,
        typer.Option(
            "--table/--no-table",
            help="A live table; by default where standard output goes elsewhere. 实时表。",
        ),
    ] = None,
    silent_after: Annotated[
        int,
        typer.Option("--silent-after", min=1, metavar="SECONDS", help="Silence of a sensor. 无数据时限。"),
    ] = 60,
    isolation: Annotated[
        Literal["process", "none"],
        typer.Option("--isolation", help="Where durable-rules runs. durable-rules 是否用单独的进程。"),
    ] = "process",
    profile: Profile = "national",
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Watch readings and tell warnings (实时监测：读数进，预警出)."""
    from uuid import uuid4

    from dualprev_rules.cli import watch_checkpoint
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import complain
    from dualprev_rules.cli.watch_address import MQTT, address, is_mqtt
    from dualprev_rules.cli.watch_checkpoint import Checkpoint
    from dualprev_rules.cli.watch_input import file_source
    from dualprev_rules.cli.watch_lock import locked
    from dualprev_rules.cli.watch_output import output_of, writing
    from dualprev_rules.cli.watch_run import Watch
    from dualprev_rules.cli.watch_send import Outbox, courier
    from dualprev_rules.cli.watch_table import table_of
    from dualprev_rules.control.monitor import Monitor
    from dualprev_rules.control.silence import with_silences
    from dualprev_rules.problems import Problem
    from dualprev_rules.report.phrases import phrase

    def report(found: Problem) -> None:
        complain(found.show(lang))

    patience = timedelta(seconds=silent_after)
    with ExitStack() as opened:
        checkpoint = checkpoint.resolve() if checkpoint is not None else None
        opened.enter_context(locked(checkpoint))
        kept = watch_checkpoint.load(checkpoint)
        couriers = [courier(each) for each in hook or ()]
        if kept is not None and as_of is None:
            as_of = kept.as_of
            complain(phrase("live_day", day=as_of).get(lang))
        engine = load(packs, profile, as_of, lang)
        watched = with_silences(engine, patience)
        monitor = opened.enter_context(Monitor(watched, site, silent_after=patience, isolation=isolation))
        if kept is not None:
            # Before the output is cut back to what the checkpoint knows of.
            monitor.restore(kept.monitor)
        output = opened.enter_context(output_of(out, kept, report))
        client = kept.client if kept is not None else f"dualprev-{uuid4().hex}"
        client = client if checkpoint is not None else ""
        if checkpoint is not None and kept is None:
            # Before a broker keeps anything under this name.
            first = Checkpoint(
                as_of=engine.ruleset.as_of.isoformat(),
                monitor=monitor.snapshot(),
                read=0,
                input="",
                written=output.written if output is not None else 0,
                output=output.mark if output is not None else "",
                client=client,
                waiting={},
            )
            with writing(str(checkpoint)):
                watch_checkpoint.save(checkpoint, first)
        if is_mqtt(readings):
            from dualprev_rules.cli.watch_mqtt import mqtt_source

            source = opened.enter_context(mqtt_source(readings, client))
            complain(phrase("live_connected", address=address(readings, *MQTT).shown).get(lang))
        else:
            place = (kept.read, kept.input) if kept is not None else (0, "")
            source = opened.enter_context(file_source(readings, *place, follow=follow))
        outboxes = [
            Outbox(each, kept.waiting.get(each.address.mark, ()) if kept is not None else ())
            for each in couriers
        ]
        Watch(
            monitor,
            source,
            output,
            outboxes,
            lang,
            checkpoint=checkpoint,
            client=client,
            tick=tick,
            table=table_of(monitor, lang, wanted=table, has_file=out is not None),
        ).run()
