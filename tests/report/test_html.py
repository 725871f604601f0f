"""The HTML report: one file, safe, in both languages, and honest in its words."""

from __future__ import annotations

import json
import re
import sys
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest

from dualprev_rules.problems import DualprevError
from dualprev_rules.problems.words import Lang
from dualprev_rules.report import render_html
from dualprev_rules.report.phrases import _phrases
from tests.engines import loaded
from tests.report.sample import sample

_VOID = {"meta", "input", "br", "link", "img", "hr"}


class Page(HTMLParser):
    """What a browser would show in one language: texts by the ids around them, and every tag."""

    def __init__(self, lang: Lang) -> None:
        super().__init__(convert_charrefs=True)
        self.lang = lang
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[frozenset[str], str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1][0] == tag, f"</{tag}> closes <{self.open[-1][0]}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        hidden = any(
            tag in {"style", "script"} or (tag != "html" and attrs.get("lang") not in (None, self.lang))
            for tag, attrs in self.open
        )
        if not hidden and data.strip():
            ids = frozenset(str(attrs["id"]) for _, attrs in self.open if "id" in attrs)
            self.texts.append((ids, " ".join(data.split())))

    def text(self, inside: str | None = None) -> str:
        """Return the text inside the element with an id, or all of it."""
        return " ".join(text for ids, text in self.texts if inside is None or inside in ids)


def page(lang: Lang = "zh", document: dict[str, Any] | None = None) -> Page:
    parsed = Page(lang)
    parsed.feed(render_html(document or sample(), lang))
    parsed.close()
    assert parsed.open == []
    return parsed


def test_a_name_stays_a_name() -> None:
    shown = page()
    assert "滨海氯碱<script>alert(1)</script>" in shown.text()
    assert "液氯储罐区 & 装车<b>台</b>" in shown.text()
    assert [tag for tag, _ in shown.tags].count("script") == 1
    assert "b" not in {tag for tag, attrs in shown.tags if "on" in str(attrs)}


def test_nothing_is_loaded_from_elsewhere() -> None:
    source = render_html(sample())
    addresses = re.findall(r"""(?:src|href|action)=["']?([^"'\s>]+)""", source)
    assert all(address.startswith("#") for address in addresses)
    assert "@import" not in source
    assert "url(" not in source
    assert "default-src 'none'" in source


def test_every_link_has_its_place_and_every_id_stands_once() -> None:
    shown = page()
    ids = [attrs["id"] for _, attrs in shown.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = {str(attrs["href"])[1:] for tag, attrs in shown.tags if tag == "a"}
    assert links <= set(ids)
    assert {str(attrs["for"]) for tag, attrs in shown.tags if tag == "label"} <= set(ids)


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "储罐 T1 无紧急切断"), ("en", "Tank T1 has no emergency shut-off")]
)
def test_it_opens_in_the_language_asked_for(lang: Lang, said: str) -> None:
    shown = page(lang)
    assert said in shown.text("violations")
    checked = [attrs["id"] for tag, attrs in shown.tags if tag == "input" and "checked" in attrs]
    assert checked == [f"lang-{lang}"]


def test_the_duty_holder_is_named_in_both_languages() -> None:
    english, chinese = "production or business operation entity", "生产经营单位"
    assert english in page("en").text("f2")
    assert chinese not in page("en").text("f2")
    assert english not in page("zh").text("f2")


def test_the_english_page_holds_no_chinese_of_ours() -> None:
    shown = page("en").text().replace("中文", "")
    left = set(re.findall(r"[\u4e00-\u9fff]{2,}", shown))
    assert left & {words.zh for words in _phrases().values()} == set()


def test_nothing_is_called_determined_but_what_an_authority_confirmed() -> None:
    document = sample()
    document["instruments"] = []
    for finding in document["findings"]:
        finding["citations"] = finding["citations"][:1]
        finding["citations"][0]["title"] = {"zh": "标准", "en": "Standard"}
    shown = page("zh", document)
    given = next(f for f in document["findings"] if f["confirmation"] == "given")
    [anchor] = {
        i
        for ids, text in shown.texts
        if given["message"]["zh"] in text
        for i in ids
        if re.fullmatch(r"f\d+", i)
    }
    for ids, text in shown.texts:
        assert ("认定" not in text and "判定" not in text) or anchor in ids, text
    assert "认定" in shown.text(anchor)


def test_an_open_grade_is_hatched_and_named() -> None:
    source = render_html(sample())
    shown = page()
    assert "不优于较大风险，最坏为重大风险" in shown.text("summary")
    assert "repeating-linear-gradient(45deg,#C8102E" in source
    assert "1 个风险点，共 2 个" in shown.text("summary")


def test_a_colour_that_is_none_does_not_reach_the_page() -> None:
    document = sample()
    document["grade"]["colour_hex"] = "red;background:url(http://x)"
    assert "http://x)" not in render_html(document)


def test_a_finding_shows_clause_status_duty_measures_and_reasons() -> None:
    shown = page().text("f2")
    for said in (
        "安监总管三〔2017〕121号 第5项",
        "数值来自转录本",
        "数值凭记忆，用前须核对",
        "起止日期未核实",
        "生产经营单位",
        "加装紧急切断阀",
        "需经确认",
        "chem.mh2017.05a",
        "chem.mh2026.5-4-3",
        "填写为“否”",
        "检查人员",
        "2026-11-01",
        "王工",
        "表 危险化学品名称及其临界量 第 57 行",
        "另有 3 项未列",
        "enterprise.units[U1].tanks",
    ):
        assert said in shown, said


def test_what_does_not_bind_is_not_called_a_violation() -> None:
    shown = page()
    anchor = next(i for ids, text in shown.texts if text == "距离不足" for i in ids if i.startswith("f"))
    assert "未满足" in shown.text(anchor)
    assert "违反" not in shown.text(anchor).replace("未见违反", "")


def test_questions_instruments_and_statement_are_there() -> None:
    shown = page()
    assert "是否设有报警器？" in shown.text("undetermined")
    assert "未编码的内容 ： 第20项" in shown.text("instruments")
    assert "当日无效" in shown.text("instruments")
    assert "没有列出，不等于合规。" in shown.text("statement")
    assert "enterprise.persons （1 条规则因此未评）" in shown.text("statement")
    assert "sha256:cc" in shown.text("statement")
    assert "site.yaml:12:5" in shown.text("problems")
    assert "改为“has_alarm”" in shown.text("problems")


def test_an_empty_result_is_a_page_too() -> None:
    document = sample()
    for key in ("findings", "risk_points", "questions", "data_problems", "notes", "instruments"):
        document[key] = []
    document["derived"] = {}
    document["grade"] = None
    document["enterprise"] = None
    shown = page("zh", document)
    assert "没有条款的违反条件成立。这不等于合规。" in shown.text("violations")
    assert "未命名的对象" in shown.text()


def test_the_same_document_gives_the_same_page() -> None:
    assert render_html(sample()) == render_html(sample())


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(DualprevError) as caught:
        render_html(sample())
    assert caught.value.code == "report.missing-extra"
    assert "dualprev-rules[report]" in caught.value.show("en")


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(a: str, b: str) -> float:
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_of_text_can_be_read_by_wcag_aa() -> None:
    css = files("dualprev_rules.report").joinpath("templates", "report.css").read_text("utf-8")
    named = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", css))
    grounds = ["#ffffff", named["wash"], "#fff8e1"]
    texts = [named[name] for name in ("ink", "soft", "link", "bad", "warn", "open")]
    texts += re.findall(r"(?<![-a-z])color: (#[0-9a-f]{6})", css)
    assert {(t, g) for t in texts for g in grounds if _contrast(t, g) < 4.5} == set()
    assert _contrast("#ffffff", named["bad"]) >= 4.5
    assert _contrast("#ffffff", named["ink"]) >= 4.5


@pytest.mark.parametrize(
    ("facts", "head"),
    [
        ({"region": {"level": "county"}}, "未命名的对象"),
        ({"region": {"level": "county"}, "park": {}}, "未命名的对象"),
        ({"park": {"name": "临港园区"}}, "临港园区"),
        ({"enterprise": {}}, "未命名企业"),
    ],
)
def test_what_has_no_name_is_called_by_what_it_is(facts: dict[str, Any], head: str) -> None:
    engine = loaded(profile="liaoning")
    shown = page(document=json.loads(engine.assess(facts).to_json()))
    assert shown.text().startswith(f"{head} · ")
    assert "未命名企业" not in shown.text() or head == "未命名企业"
