"""``dualprev supervise``: the enterprises of a regulator, their classes, plans, draws and pooled risk."""

from __future__ import annotations

import typer

from dualprev_rules.cli.supervise import classes, draw, draw_map, judge, plan, pool

app = typer.Typer(help="Look after many enterprises. 监管多家企业。", no_args_is_help=True)
app.command("classes")(classes.classes)
app.command("plan")(plan.plan)
app.command("draw")(draw.draw)
app.command("pool")(pool.pool)
app.command("map")(draw_map.draw_map)
app.command("judge")(judge.judge)
