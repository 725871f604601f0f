"""``dualprev pack``: what authors of packs need."""

from __future__ import annotations

import typer

from dualprev_rules.cli.pack import (
    build,
    cases,
    confirm,
    coverage,
    diff,
    docs,
    fmt,
    lint,
    list_,
    mutate,
    new,
    say,
    schema,
    sign,
    test,
    xlsx,
)

app = typer.Typer(help="Write and check packs. 编写和检查规则包。", no_args_is_help=True)
app.command("new")(new.new)
app.command("list")(list_.list_)
app.command("fmt")(fmt.fmt)
app.command("lint")(lint.lint)
app.command("test")(test.run)
app.command("cases")(cases.cases)
app.command("mutate")(mutate.mutate)
app.command("coverage")(coverage.coverage)
app.command("say")(say.say)
app.command("schema")(schema.schema)
app.command("to-xlsx")(xlsx.to_xlsx)
app.command("from-xlsx")(xlsx.from_xlsx)
app.command("sign")(sign.sign)
app.command("check-signature")(sign.check_signature)
app.command("build")(build.build)
app.command("diff")(diff.diff)
app.command("confirm")(confirm.confirm)
app.command("docs")(docs.docs)
