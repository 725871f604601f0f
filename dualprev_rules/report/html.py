"""The report as one HTML file: nothing to load, nothing to run, for screen, phone and paper."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from dualprev_rules.problems import DualprevError, Words, problem
from dualprev_rules.problems.words import Lang
from dualprev_rules.report.origins import origin, row_words
from dualprev_rules.report.phrases import (
    Called,
    joined,
    method_name,
    named,
    phrase,
    reason_value,
    value_words,
    words,
)
from dualprev_rules.report.sections import (
    Document,
    Entry,
    by_kind,
    by_place,
    by_record,
    by_rule,
    enterprise_name,
    reached,
    sections,
    unnamed,
)

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
BLANK = re.compile(r"\s*\n\s*")
_PAPER = "#FFFFFF"
_MOST_QUESTIONS = 12
"""The questions shown at once; the rest unfolds."""
_MOST_ROWS = 8
"""The rows of a table shown under one look-up that is open; the rest is counted."""


def render_html(document: Document, lang: Lang = "zh") -> str:
    """Return a result document as a page that holds both languages and opens in ``lang``.

    Raises DualprevError where jinja2 is not installed.
    """
    templates = environment()
    name = enterprise_name(document)
    parts = sections(document)
    shown = (*parts.presumed, *parts.major, *parts.violated, *parts.unbinding, *parts.doubtful)
    values = reached(document, shown)
    script = packaged("report.js").strip()
    page = templates.get_template("report.html").render(
        document=document,
        lang=lang,
        name=name,
        unnamed=unnamed(document),
        title=f"{name or phrase(unnamed(document)).get(lang)} · {phrase('title').get(lang)}",
        parts=parts,
        values=values,
        anchors=_anchors((*shown, *parts.undetermined), values),
        contents=_contents(),
        most_questions=_MOST_QUESTIONS,
        most_rows=_MOST_ROWS,
        titles=_titles(document),
        names={finding["short"]: finding["name"] for finding in document["findings"]},
        places={finding["path"]: finding["name"] for finding in document["findings"]},
        labels={q["path"]: words(q["label"]) for q in document["questions"]},
        css=packaged("report.css"),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return BLANK.sub("\n", page)


def environment() -> Environment:
    """Return what renders the templates; raises DualprevError where jinja2 is not installed."""
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        fault = problem("report.missing-extra", given="jinja2", what=Words("HTML 报告", "the HTML report"))
        raise DualprevError(fault) from error
    environment = Environment(
        loader=PackageLoader("dualprev_rules.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {
        "both": _both,
        "value": _value,
        "title": _title,
        "swatch": _swatch,
        "unit_of": _place_name,
        "method": method_name,
    }
    functions: dict[str, Callable[..., Any]] = {
        "say": _say,
        "named": _named,
        "listed": _listed,
        "reason_value": reason_value,
        "row_words": row_words,
        "origin_of": origin,
        "by_rule": by_rule,
        "by_kind": by_kind,
        "by_place": by_place,
        "by_record": by_record,
    }
    known: Any = environment
    known.filters.update(filters)
    known.globals.update(functions)
    return environment


def _both(of: object) -> Markup:
    """Give both languages; the page shows one of them. Equal texts stand once."""
    from markupsafe import Markup, escape

    said = of if isinstance(of, Words) else words(of)
    zh, en = said.get("zh"), said.get("en")
    if zh == en:
        return escape(zh)
    return Markup(f'<span lang="zh">{escape(zh)}</span><span lang="en">{escape(en)}</span>')  # noqa: S704 - both are escaped


def _value(value: object, unit: str = "", called: Called | None = None) -> Markup:
    return _both(value_words(value, unit, called))


def _title(title: object) -> Markup:
    return _both(phrase("titled", title=words(title)))


def _say(key: str, /, **fill: object) -> Markup:
    return _both(phrase(key, **fill))


def _named(kind: str, member: object) -> Markup:
    return _both(named(kind, member))


def _listed(kind: str, members: list[str]) -> Markup:
    return _both(joined([named(kind, member) for member in members]))


def packaged(name: str) -> str:
    """Return a file that stands beside the templates."""
    return files("dualprev_rules.report").joinpath("templates", name).read_text("utf-8")


def _contents() -> list[tuple[str, Words]]:
    parts = ("violations", "derived", "undetermined", "register", "problems", "instruments", "statement")
    return [(part, phrase(f"part_{part}")) for part in parts]


def _titles(document: Document) -> dict[str, Words]:
    """Return the titles of instruments and rules by id."""
    titles = {one["id"]: words(one["title"]) for one in document["instruments"]}
    return titles | {finding["rule"]: words(finding["title"]) for finding in document["findings"]}


def _anchors(findings: Iterable[Entry], values: Iterable[str]) -> dict[str, str]:
    """Return the place in the page of each derived value and finding that a reason may point to."""
    anchors = {key: f"d{index}" for index, key in enumerate(values, 1)}
    for index, finding in enumerate(findings, 1):
        for rule in (finding["rule"], *finding["also"]):
            anchors.setdefault(f"{finding['short']}: {rule}", f"f{index}")
    return anchors


def _swatch(grade: dict[str, Any]) -> str:
    """Return the style of a grade's patch of colour, hatched while the grade is not decided."""
    colour = str(grade["colour_hex"])
    if not _COLOUR.fullmatch(colour):
        colour = _PAPER
    if not grade["hatched"]:
        return f"background:{colour}"
    return f"background:repeating-linear-gradient(45deg,{colour} 0 6px,{_PAPER} 6px 10px)"


def _place_name(path: str) -> str:
    """Return the key at the end of a path: ``enterprise.units[U1]`` is U1, the enterprise itself nothing."""
    return path[path.rfind("[") + 1 : -1] if path.endswith("]") else ""
