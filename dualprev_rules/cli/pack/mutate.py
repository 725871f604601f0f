"""``dualprev pack mutate``: whether the cases of a pack notice when one thing in it is another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dualprev_rules.cli.guard import Status
from dualprev_rules.cli.options import Debug, Language

if TYPE_CHECKING:
    from dualprev_rules.testing.mutation import Mutation


def mutate(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="Name or folder. 名称或文件夹。")],
    also: Annotated[
        list[str] | None,
        typer.Option("--pack", "-p", help="Packs that it builds on. 所依赖的规则包。"),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            "--rule", metavar="ID", help="Only this rule, definition or table. Repeatable. 只变异这一部分。"
        ),
    ] = None,
    explained: Annotated[
        Path | None,
        typer.Option(
            "--explained", metavar="FILE", help="Survivors that no case can tell, and why. 已说明的存活变异。"
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Processes. 进程数。")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Change each figure, comparison and member of a pack; show what no case notices (变异测试).

    Exit status 1 where a survivor is not explained, an explained one is none, or a case fails.
    """
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.testing.mutation import mutate as run
    from dualprev_rules.testing.mutation import read_explained

    reasons = read_explained(explained) if explained is not None else {}
    found = run(pack, also=also or (), rules=rule or (), explained=reasons, jobs=jobs)
    if as_json:
        say_json(_document(found))
    else:
        for survivor in found.open:
            say(f"{survivor.place}: {survivor.id}")
        for name, listed in (("mutant_stale", found.stale), ("case_failing", found.failing)):
            for each in listed:
                say(phrase(name, name=each).get(lang))
        counts = {"n": found.mutants, "killed": found.killed, "open": len(found.open)}
        explained_ones = len(found.survivors) - len(found.open)
        said = phrase("mutants_tried", **counts, explained=explained_ones, score=f"{found.score:.2f}")
        say(said.get(lang))
    if found.open or found.stale or found.failing:
        raise typer.Exit(Status.FAIL_ON_MET)


def _document(found: Mutation) -> dict[str, Any]:
    return {
        "pack": found.pack,
        "mutants": found.mutants,
        "killed": found.killed,
        "score": round(found.score, 2),
        "survivors": [
            {
                "id": each.id,
                "file": each.place.file if each.place else None,
                "line": each.place.line if each.place else None,
                "because": each.because,
            }
            for each in found.survivors
        ],
        "stale": list(found.stale),
        "failing": list(found.failing),
    }
