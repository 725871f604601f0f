"""``dualprev grade``: grade factors by a method, without a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Json, Language, Packs, Profile

if TYPE_CHECKING:
    from dualprev_rules.engine import Engine
    from dualprev_rules.pack.model import Bands, Citation
    from dualprev_rules.problems import Words


def grade(
    method: Annotated[str, typer.Argument(metavar="METHOD", help="Such as lec, ls_5x5. 评价方法。")],
    factors: Annotated[
        list[str] | None, typer.Argument(metavar="FACTOR=SCORE...", help="Such as L=6 E=3 C=15. 因素。")
    ] = None,
    bands: Annotated[
        str | None, typer.Option("--bands", help="Bands other than the profile's. 另选分级界限。")
    ] = None,
    packs: Packs = None,
    profile: Profile = "national",
    as_of: AsOf = None,
    json: Json = None,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Grade factors by a method; a factor that is left out stays open (按方法分级)."""
    from dualprev_rules.cli.loading import trusted
    from dualprev_rules.cli.options import read_day
    from dualprev_rules.cli.output import console, save_json
    from dualprev_rules.engine import Engine
    from dualprev_rules.evaluate import Reference
    from dualprev_rules.evaluate.render import render
    from dualprev_rules.facts.types import Number
    from dualprev_rules.report.phrases import named
    from dualprev_rules.report.text import grading_text
    from dualprev_rules.risk import grade as grade_by

    given = _read(factors or [])
    engine = Engine.load(packs=packs or [], profile=profile, as_of=read_day(as_of), keys=trusted())
    grading = grade_by(Reference(engine.ruleset), engine.profile, method, given, bands=bands)
    assert grading.method is not None
    shown = engine.profile.show(grading.grade)
    found = {
        "method": grading.method.title.to_json(),
        "bands": grading.bands.title.to_json() if grading.bands is not None else None,
        "basis": [words.to_json() for words in _basis(engine, grading.bands, chosen=bands is None)],
        "levels": [level.label.to_json() for level in grading.levels],
        "formula": f"{grading.method.result} = {grading.method.formula.text}",
        "factors": {
            name: {
                "label": factor.label.to_json(),
                "value": render(grading.factors[name], Number()),
                "monotone": factor.monotone,
            }
            for name, factor in grading.method.factors.items()
        },
        "result": render(grading.result, Number()) if grading.result is not None else None,
        "band": list(grading.band),
        "grade": None
        if grading.without_grade
        else {
            "label": shown.label.to_json(),
            "colour": named("colour", shown.swatch.colour).to_json(),
            "colour_hex": shown.swatch.hex,
            "ink_hex": shown.swatch.ink,
            "hatched": shown.hatched,
        },
    }
    if json is not None:
        save_json(found, json)
    else:
        console().print(grading_text(found, lang))


def _basis(engine: Engine, bands: Bands | None, *, chosen: bool) -> list[Words]:
    """Return what grade and bands rest on: clauses, source with status, why the profile chose them."""
    from dualprev_rules.problems import Words
    from dualprev_rules.report.phrases import named, phrase

    if bands is None:
        return []
    of_four = () if bands.levels else engine.profile.graded_by
    said = [_clause(engine, cited) for cited in (*of_four, *bands.citations)]
    status, semicolon = named("status", bands.status), phrase("semicolon")
    if bands.source is not None:
        said.append(
            Words(
                f"{bands.source.zh}{semicolon.zh}{status.zh}",
                f"{bands.source.get('en')}{semicolon.get('en')}{status.get('en')}",
            )
        )
    if chosen and engine.profile.choose_because is not None:
        title, why = engine.profile.title, engine.profile.choose_because
        said.append(Words(f"{title.zh}：{why.zh}", f"{title.get('en')}: {why.get('en')}"))
    clauses = {
        _clause(engine, cited).zh
        for name in engine.profile.direct_major
        for cited in engine.ruleset.definitions["risk_point", name].citations
    }
    if clauses and not bands.levels:
        said.append(phrase("directly_apart", clauses="、".join(sorted(clauses))))
    return said


def _clause(engine: Engine, cited: Citation) -> Words:
    from dualprev_rules.problems import Words

    return Words(f"{engine.ruleset.instruments[cited.instrument].number} {cited.clause}")


def _read(factors: list[str]) -> dict[str, str]:
    from dualprev_rules.problems import DualprevError, problem

    pairs = [factor.replace("＝", "=").partition("=") for factor in factors]
    faults = [
        problem("cli.factor", given=written)
        for written, (name, _, score) in zip(factors, pairs, strict=True)
        if not (name.strip() and score.strip())
    ]
    found: dict[str, str] = {}
    for name, _, score in pairs:
        if name.strip() in found:
            faults.append(
                problem("cli.factor-twice", given=name.strip(), first=found[name.strip()], second=score)
            )
        found.setdefault(name.strip(), score.strip())
    if faults:
        raise DualprevError(faults)
    return found
