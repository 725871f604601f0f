"""``dualprev pack build``: a pack as one file to hand on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import AsOf, Debug, Language, Packs, read_day


def build(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="A folder. 规则包文件夹。")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to. 写到哪个文件夹。")
    ] = Path(),
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="Sign it: private key (PEM). 签名私钥。")
    ] = None,
    packs: Packs = None,
    as_of: AsOf = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Make one file of a pack, NAME-VERSION.zip, which loads as it is (打包).

    Status 2 where the pack has an error, 1 where a case does not come out.
    """
    from dualprev_rules.cli.output import complain, say
    from dualprev_rules.engine import Engine
    from dualprev_rules.pack.archive import SUFFIX
    from dualprev_rules.pack.archive import build as built
    from dualprev_rules.pack.load import read_cases, read_packs
    from dualprev_rules.pack.signature import sign
    from dualprev_rules.problems import DualprevError, problem
    from dualprev_rules.report import write_files
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.testing import run_cases
    from dualprev_rules.testing.shown import shown

    [source] = read_packs([pack])
    every = [*(packs or ()), pack]
    Engine.load(every, as_of=read_day(as_of))
    results = run_cases(read_cases(source), every)
    failed = [result for result in results if not result.passed]
    for result in failed:
        say(shown(result, lang))
    if failed:
        raise typer.Exit(Status.FAIL_ON_MET)
    if key is not None and not key.is_file():
        raise DualprevError(problem("pack.no-signing-key", given=str(key)))
    version = source.spec.version if source.spec is not None else "0"
    signature = sign(pack, key.read_bytes()) if key is not None else None
    file = output / f"{source.id}-{version}{SUFFIX}"
    write_files({file: built(pack, source.id, version, signature)})
    complain(phrase("wrote", file=file).get(lang))
