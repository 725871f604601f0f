"""The sheet as one HTML file: a form on a phone that needs no network, a form on paper when printed."""

from __future__ import annotations

import base64
import hashlib

from dualprev_rules.problems.words import Lang
from dualprev_rules.report.html import BLANK, environment, packaged
from dualprev_rules.report.inspection.sheet import Sheet


def inspection_page(sheet: Sheet, lang: Lang = "zh") -> str:
    """Return the sheet as a page in both languages that opens in ``lang``.

    Answers are kept in the page and saved as one JSON file; nothing is loaded or sent. Raises
    DualprevError where jinja2 is not installed.
    """
    script = BLANK.sub("\n", packaged("inspection.js").strip())
    page = (
        environment()
        .get_template("inspection.html")
        .render(
            sheet=sheet,
            lang=lang,
            title=f"{sheet.title.get(lang)} · {sheet.enterprise} · {sheet.day}",
            css=packaged("inspection.css"),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )
    return BLANK.sub("\n", page)
