"""``dualprev demo``: the example site, judged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.options import Debug, Language

_SITE = Path("chlor_alkali_lpg", "site.yaml")
_DAY = "2026-11-21"
"""The day for which the example was written."""


def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder to write to. 输出文件夹。")] = Path("out"),
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Judge the example site; write report, register and result (评估示例企业)."""
    from dualprev_rules.cli.loading import judge, load
    from dualprev_rules.cli.output import console, save, say
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.report.text import print_summary
    from dualprev_rules.report.writing import make_folder

    site = _example()
    document = judge(load(["chemicals"], "national", _DAY, lang), site).document()
    make_folder(out)
    files = save(
        document,
        lang,
        json=str(out / "result.json"),
        html=out / "report.html",
        xlsx=out / "register.xlsx",
        site=site,
    )
    print_summary(document, console(), lang)
    say("")
    say(phrase("look_at", site=site).get(lang))
    for what, file in zip(("the_result", "the_report", "the_register"), files, strict=True):
        say(f"  {file}  {phrase(what).get(lang)}")


def _example() -> Path:
    """Return the example site: in the installed package, which has a copy, or in the checkout."""
    import dualprev_rules
    from dualprev_rules.problems import DualprevError, problem

    package = Path(dualprev_rules.__file__).parent
    for examples in (package / "examples", package.parent / "examples"):
        if (examples / _SITE).is_file():
            return examples / _SITE
    raise DualprevError(problem("cli.no-example"))
