"""The command and its sub-commands."""

from __future__ import annotations

import gc

import typer

from dualprev_rules.cli import (
    advise,
    ask,
    assess,
    batch,
    cards,
    compare,
    demo,
    diff,
    draw,
    entry,
    exchange,
    explain,
    facts,
    grade,
    hazard,
    indicators,
    inspect,
    negative_list,
    neighbours,
    pack,
    profile,
    registers,
    supervise,
    synth,
    today,
    verify,
    watch,
    what_if,
)
from dualprev_rules.cli.guard import GuardedGroup, Status
from dualprev_rules.cli.output import end, use_utf8

app = typer.Typer(
    name="dualprev",
    cls=GuardedGroup,
    help="Judge a site by China's dual prevention criteria. 按双重预防机制的条款评估企业。",
    epilog=(
        "Exit status 退出码: 0 assessed 已评估; 1 --fail-on met 命中; "
        "2 unusable input 输入不可用; 3 a fault of ours 程序出错."
    ),
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo.demo)
app.command("assess")(assess.assess)
app.command("explain")(explain.explain)
app.command("ask")(ask.ask)
app.command("advise")(advise.advise)
app.command("grade")(grade.grade)
app.command("diff")(diff.diff)
app.command("map")(draw.four_colour_map)
app.command("region-map")(draw.region_map)
app.command("registers")(registers.registers)
app.command("cards")(cards.cards)
app.command("negative-list")(negative_list.negative_list)
app.command("entry")(entry.entry)
app.command("neighbours")(neighbours.neighbours)
app.command("indicators")(indicators.indicators)
app.command("today")(today.today)
app.command("watch")(watch.watch)
app.command("batch")(batch.batch)
app.command("what-if")(what_if.what_if)
app.command("synth")(synth.synth)
app.command("compare")(compare.compare)
app.command("verify")(verify.verify)
app.add_typer(facts.app, name="facts")
app.add_typer(hazard.app, name="hazard")
app.add_typer(inspect.app, name="inspect")
app.add_typer(pack.app, name="pack")
app.add_typer(profile.app, name="profile")
app.add_typer(supervise.app, name="supervise")
app.add_typer(exchange.app, name="exchange")


def main() -> None:
    """Run the command line."""
    # A command builds up much and throws away little before it ends: collect less often.
    gc.set_threshold(200_000, 20, 20)
    use_utf8()
    try:
        app()
    except SystemExit as done:
        if not end() and not done.code:
            raise SystemExit(Status.OUR_FAULT) from None
        raise
