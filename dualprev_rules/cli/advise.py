"""``dualprev advise``: the least change of a site by which a finding is gone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dualprev_rules.cli.options import AsOf, Debug, Language, Lists, Packs, Profile, Site
from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang

if TYPE_CHECKING:
    from dualprev_rules.engine import Engine
    from dualprev_rules.standards import Advice, Change


def advise(
    site: Site,
    what: Annotated[
        str | None,
        typer.Argument(metavar="[RULE|DEFINITION]", help="One rule, or as unit.hazard_level. 规则或判定。"),
    ] = None,
    packs: Packs = None,
    path: Annotated[
        str | None, typer.Option("--path", help="Only this record, as unit[U1]. 只看这一对象。")
    ] = None,
    costs: Annotated[
        Path | None,
        typer.Option("--costs", metavar="FILE.yaml", help="What changes cost, or never. 各项改变的代价。"),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, help="For each question. 每个问题的秒数。")
    ] = 5.0,
    profile: Profile = "national",
    as_of: AsOf = None,
    lists: Lists = "assumed",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON. 输出 JSON。")] = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Say the least change that ends a finding: which facts, to what value (整改建议)."""
    from dualprev_rules.cli.loading import load
    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.report.phrases import phrase
    from dualprev_rules.standards import advise as advice_on
    from dualprev_rules.standards import read_costs

    engine = load(packs, profile, as_of, lang, lists)
    given = read_costs(costs, engine.ruleset.schema) if costs is not None else None
    found = advice_on(engine, site, what=what, path=path, costs=given, seconds=seconds)
    if as_json:
        say_json([advice.to_json() for advice in found])
        return
    for advice in found:
        say(_shown(engine, advice, lang))
    ways = sum(bool(advice.changes) for advice in found)
    say(phrase("advice_count", findings=len(found), ways=ways).get(lang))


def _shown(engine: Engine, advice: Advice, lang: Lang) -> str:
    from dualprev_rules.report.phrases import has_phrase, named, phrase

    rule = engine.ruleset.rules.get(advice.about)
    entity, _, name = advice.about.partition(".")
    title = rule.title if rule is not None else engine.ruleset.definitions[entity, name].label
    lines = [f"{advice.about}  {title.get(lang)}  {advice.path}"]
    if not advice.changes:
        why = f"advice_{advice.because}"
        said = phrase(why) if has_phrase(why) else phrase("advice_no_form", part=advice.because)
        lines.append(f"    {said.get(lang)}")
    lines += [f"    {_change(change, lang)}" for change in advice.changes]
    for each in advice.breaks:
        of, kind = each.rule, named("kind", each.rule.kind)
        said = phrase(f"advice_breaks_{each.worse}", rule=of.id, title=of.title, kind=kind, path=each.path)
        lines.append(f"    {said.get(lang)}")
    return "\n".join([*lines, ""])


def _change(change: Change, lang: Lang) -> str:
    from dualprev_rules.report.phrases import phrase

    goal = phrase(f"advice_{change.bound}", to=_called(change, change.to))
    if change.bound in ("in", "not_in"):
        said = phrase("advice_make", path=change.path, label=change.attribute.label, goal=goal)
    elif change.before is None:
        said = phrase("advice_establish", path=change.path, label=change.attribute.label, goal=goal)
    else:
        before = _called(change, change.before)
        said = phrase(
            "advice_change", path=change.path, label=change.attribute.label, before=before, goal=goal
        )
    return said.get(lang)


def _called(change: Change, value: str) -> Words:
    from dualprev_rules.report.phrases import phrase

    if value in ("true", "false"):
        return phrase("yes" if value == "true" else "no")
    return change.attribute.member_labels.get(value, Words(value, value))
