"""Cards as pages of HTML: sheets to print and cut, or one under the other on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from dualprev_rules.problems import Words
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.cards.cards import Cards
from dualprev_rules.report.cards.paper import Size, label_width, layout, type_size
from dualprev_rules.report.html import BLANK, environment, packaged
from dualprev_rules.report.phrases import named, phrase
from dualprev_rules.report.registers.lists import Watch, unwatched
from dualprev_rules.report.registers.page import page_files, stack_style
from dualprev_rules.risk.profile import Shown

MOST_CARDS = 240
"""The cards, or rows of a board, of one page; as many sheets of two, four or eight come out even."""


def card_pages(
    made: Cards,
    name: str,
    lang: Lang = "zh",
    *,
    size: Size = "A5",
    sheet: Size = "A4",
    watch: Watch = unwatched,
) -> dict[str, str]:
    """Return cards as HTML, by file: ``name``, such as ``cards.html``, then ``cards-2.html`` and so on.

    A card is ``size`` upright; as many as fit lie on each ``sheet``. A card with more to say than fits
    in the smallest type grows and is never cut. A board fills the sheet, turned. The pages hold both
    languages and open in ``lang``. Raises DualprevError for a card that is larger than the sheet, and where
    jinja2 is not installed.
    """
    board = made.board
    template = environment().get_template("cards.html" if board is None else "board.html")
    on = layout(size if board is None else sheet, sheet)
    entries = made.cards if board is None else board.rows
    starts = range(0, len(entries), MOST_CARDS)
    files = page_files(name, len(starts))
    css = packaged("cards.css")
    each = on.across * on.down
    labels = label_width(made)
    pages: dict[str, str] = {}
    numbers: Iterable[int] = watch(range(1, len(files) + 1), made.title)
    for number in numbers:
        start = starts[number - 1]
        shown = entries[start : start + MOST_CARDS]
        page = template.render(
            made=made,
            lang=lang,
            title=f"{made.enterprise or phrase('unnamed').get(lang)} · {made.title.get(lang)}",
            on=on,
            sheets=[shown[at : at + each] for at in range(0, len(shown), each)],
            rows=shown,
            type_size=partial(type_size, on=on, labels=labels),
            colour_of=_colour,
            pages=files,
            number=number,
            css=css,
            stack=stack_style(() if board is None else (board,)),
            labels=labels,
        )
        pages[files[number - 1]] = BLANK.sub("\n", page)
    return pages


def _colour(shown: Shown) -> Words:
    """Return the name of a grade's colour: what is printed in grey still says it."""
    return phrase("colour_named", colour=named("colour", shown.swatch.colour))
