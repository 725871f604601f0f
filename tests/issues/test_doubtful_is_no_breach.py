"""A doubtful record is explained in its own word: it breaches nothing."""

from __future__ import annotations

import pytest

from dualprev_rules.report.text import explanation
from tests.engines import loaded

ENGINE = loaded("chemicals")


@pytest.mark.parametrize(
    ("residents", "head", "word"), [(0, "存疑 · ", "doubtful · "), (200, "未见疑点 · ", "no doubt found · ")]
)
def test_the_head_of_an_explanation(residents: int, head: str, word: str) -> None:
    site = {"id": "S", "exposed_people": 200, "units": [{"id": "U", "exposed_people": residents}]}
    document = ENGINE.assess({"enterprise": {"sites": [site]}}).document()
    (found,) = [
        f
        for f in document["findings"]
        if f["rule"] == "chem.gb18218.residents-of-unit" and f["short"] == "unit[U]"
    ]
    assert explanation(found, document).splitlines()[1].startswith(head)
    assert explanation(found, document, "en").splitlines()[1].startswith(word)
    assert "违反" not in explanation(found, document)
