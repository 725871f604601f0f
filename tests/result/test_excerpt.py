"""What explains one finding says the same as the whole document, and holds no more than it needs."""

from __future__ import annotations

from dualprev_rules import Engine
from dualprev_rules.report.text import explanation
from dualprev_rules.result.document import excerpt
from tests.cli.run import SITE, YARD


def test_an_excerpt_explains_as_the_document_does() -> None:
    result = Engine.load(packs=[YARD], as_of="2026-11-21").assess(SITE)
    document = result.document()
    for finding, whole in zip(result.findings, document["findings"], strict=True):
        part = excerpt(result, [finding])
        assert part["findings"] == [whole]
        assert part["derived"].items() <= document["derived"].items()
        assert explanation(part["findings"][0], part) == explanation(whole, document)


def test_an_excerpt_holds_the_derived_values_that_it_leads_to() -> None:
    result = Engine.load(packs=[YARD], as_of="2026-11-21").assess(SITE)
    assert set(excerpt(result, result.find("yard.2020.01", "unit[U1]"))["derived"]) == {"unit[U1].drum_load"}
