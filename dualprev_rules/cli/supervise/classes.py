"""``dualprev supervise classes``: in which class each enterprise is."""

from __future__ import annotations

from dualprev_rules.cli.options import Debug, Language
from dualprev_rules.cli.supervise.options import AsJson, Csv, Roster, SchemeFile


def classes(
    roster: Roster,
    scheme: SchemeFile,
    csv: Csv = None,
    json: AsJson = False,
    lang: Language = "zh",
    debug: Debug = False,
) -> None:
    """Put enterprises into classes by management state and risk grade (企业分类分级)."""
    from collections import Counter

    from dualprev_rules.cli.output import say, say_json
    from dualprev_rules.cli.supervise.options import classified, show, write_csv
    from dualprev_rules.report.phrases import phrase

    found, every = classified(roster, scheme)
    heads = ("enterprise_id", "enterprise_name", "enterprise_class", "visits_a_year")
    rows = [
        (one.enterprise.id, one.enterprise.name, "/".join(c.id for c in one.possible), one.counts.visits)
        for one in every
    ]
    write_csv(csv, heads, rows, lang)
    if json:
        say_json(
            [
                {"id": one.enterprise.id, "possible": [c.id for c in one.possible], "counts": one.counts.id}
                for one in every
            ]
        )
        return
    counts = Counter(one.counts.id for one in every)
    separator = phrase("separator").get(lang)
    show(
        ("enterprise_class", "enterprises_counted", "visits_a_year", "class_measures"),
        [
            (c.label.get(lang), counts[c.id], c.visits, separator.join(m.get(lang) for m in c.measures))
            for c in found.classes
        ],
        lang,
    )
    undecided = sum(not one.decided for one in every)
    if undecided:
        say(phrase("classes_open", n=undecided).get(lang))
