"""What is read of YAML, what is mended, and where reading stops."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from dualprev_rules.pack import yaml_faults, yaml_reader
from dualprev_rules.pack.source import Map, Scalar, Seq, SourceFile, Tree
from dualprev_rules.pack.yaml_reader import read_yaml


def _plain(tree: Tree | None) -> Any:
    match tree:
        case Scalar():
            return tree.text
        case Seq():
            return [_plain(item) for item in tree]
        case Map():
            return {key: _plain(value) for key, value in tree.items()}
        case None:
            return None


def _read(text: str) -> tuple[Any, list[str]]:
    tree, problems = read_yaml(SourceFile("f.yaml", text))
    return _plain(tree), [problem.code for problem in problems]


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with libyaml's parser, and with the one that is there where it is not."""
    if request.param == "python":
        for module in (yaml_reader, yaml_faults):
            monkeypatch.setattr(module, "LOADER", yaml.SafeLoader)


def test_everything_is_text() -> None:
    tree, problems = _read("a: 5.10\nb: no\nc: 12:30\nd: 010\ne: 2026-09-30\nf: ~\ng: 1e3\nh: 0x10\n")
    assert problems == []
    assert list(tree.values()) == ["5.10", "no", "12:30", "010", "2026-09-30", "~", "1e3", "0x10"]


@pytest.mark.parametrize(
    ("text", "tree", "code"),
    [
        ("r: >= 100\n", {"r": ">= 100"}, "pack.unquoted-comparison"),
        ("r: >=100\n", {"r": ">=100"}, "pack.unquoted-comparison"),
        ("r: > 320\n", {"r": "> 320"}, "pack.unquoted-comparison"),
        ("r: >3\nb: 2\n", {"r": ">3", "b": "2"}, "pack.unquoted-comparison"),
        ("r: != 3\n", {"r": "!= 3"}, "pack.unquoted-comparison"),
        ("- {r: != 3, then: 1}\n", [{"r": "!= 3", "then": "1"}], "pack.unquoted-comparison"),
        (
            "- {r: '> 1', s: > 5, then: 1}\n",
            [{"r": "> 1", "s": "> 5", "then": "1"}],
            "pack.unquoted-comparison",
        ),
        ("- {r: (50..100], then: 2}\n", [{"r": "(50..100]", "then": "2"}], "pack.unquoted-interval"),
        ("- {unit: %vol, x: 1}\n", [{"unit": "%vol", "x": "1"}], "pack.unquoted-sign"),
        ("a: *x\n", {"a": "*x"}, "pack.unquoted-sign"),
        ("a: @x\n", {"a": "@x"}, "pack.unquoted-sign"),
        ("a: 1\ntitle：x\nb: 2\n", {"a": "1", "title": "x", "b": "2"}, "pack.full-width-colon"),
        ("a: {zh：文字, en: b}\n", {"a": {"zh": "文字", "en": "b"}}, "pack.full-width-colon"),
        ("rule:x\nb: 1\n", {"rule": "x", "b": "1"}, "pack.colon-space"),
        ("a: 'abc\nb: 2\n", {"a": "abc", "b": "2"}, "pack.unbalanced-quotes"),
        ("t: {zh: '一, en: x}\nb: 'i'\n", {"t": {"zh": "一", "en": "x"}, "b": "i"}, "pack.unbalanced-quotes"),
        ("a: 'abc' == x\nb: 2\n", {"a": "'abc' == x", "b": "2"}, "pack.text-after-quote"),
        ("a: b: c\n", {"a": "b: c"}, "pack.colon-in-text"),
        ("a: 1\n  b: 2\n", {"a": "1", "b": "2"}, "pack.indentation"),
        ("a: 1\n\tb: 2\n", {"a": "1", "b": "2"}, "pack.tab"),
        ("a:\n\tb: 1\n", {"a": {"b": "1"}}, "pack.tab"),
        ("a: [1, 2\nb: 3\n", {"a": ["1", "2"], "b": "3"}, "pack.unclosed-bracket"),
        ("a: {b: 1\nc: 2\n", {"a": {"b": "1"}, "c": "2"}, "pack.unclosed-bracket"),
        ("a: 一级 #2 储罐\n", {"a": "一级 #2 储罐"}, "pack.cut-by-comment"),
        ("c: {zh: 一级 #2 罐, en: x}\n", {"c": {"zh": "一级 #2 罐", "en": "x"}}, "pack.cut-by-comment"),
    ],
)
def test_what_was_plainly_meant_is_read_on(text: str, tree: Any, code: str) -> None:
    assert _read(text) == (tree, [code])


def test_several_faults_of_a_file_in_one_reading() -> None:
    tree, problems = _read("a: >= 1\nb: 'x' y\nc: [1, 2\nd：3\n")
    assert tree == {"a": ">= 1", "b": "'x' y", "c": ["1", "2"], "d": "3"}
    assert len(problems) == 4


def test_the_mended_line_is_the_fix() -> None:
    _, (problem,) = read_yaml(SourceFile("f.yaml", "rows:\n  - {r: >= 100, then: 1}\n"))
    assert problem.fix("zh") == "加上引号：- {r: '>= 100', then: 1}"
    assert problem.place is not None
    assert problem.place.source == "  - {r: >= 100, then: 1}"


@pytest.mark.parametrize(
    "text", ["b: 2 # 注释\n", "b: 2  #---\n", "b: 2 #!x\n", "b: 'x #2'\n", "# a\nb: 1\n", "b: |\n  x #2\n"]
)
def test_a_comment_is_no_fault(text: str) -> None:
    assert _read(text)[1] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2\n", "pack.duplicate-key"),
        ("a: !!python/object:os.system x\n", "pack.tag"),
        ("a: !local x\n", "pack.tag"),
        ("? [a]\n: b\n", "pack.key-is-no-text"),
        ("a: 1\n---\nb: 1\n", "pack.several-documents"),
        ("a: \x01\n", "pack.unprintable"),
        ("- a\nb: 1\n", "pack.level"),
        ("a: &x [*x]\n", "pack.unquoted-sign"),
        ("[" * 33 + "]" * 33, "pack.too-deep"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    assert code in _read(text)[1]


def test_thirty_two_levels_are_read() -> None:
    assert _read("[" * 32 + "x" + "]" * 32)[1] == []


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert _read("\n".join(lines)) == (None, ["pack.too-many-aliases"])


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ("LARGEST", "a: 1234567\n"),
        ("MOST_NODES", "a: [1, 2, 3, 4, 5, 6, 7, 8]\n"),
        ("DEEPEST", "[[[[[[[[[[1]]]]]]]]]]\n"),
        ("MOST_ALIASES", "a: &x 1\nb: [*x, *x, *x, *x, *x, *x, *x, *x, *x, *x]\n"),
    ],
)
def test_each_limit_and_what_is_just_beyond_it(
    limit: str, text: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"LARGEST": len(text), "MOST_NODES": 11, "DEEPEST": 10, "MOST_ALIASES": 10}
    monkeypatch.setattr(yaml_reader, limit, sizes[limit])
    assert _read(text)[1] == []
    monkeypatch.setattr(yaml_reader, limit, (sizes[limit] - 1) // times)
    assert _read(text)[0] is None
    assert set(_read(text)[1]) <= {"pack.too-large", "pack.too-deep", "pack.too-many-aliases"}


def test_an_alias_stands_for_what_it_names() -> None:
    assert _read("a: &x [1, 2]\nb: *x\n") == ({"a": ["1", "2"], "b": ["1", "2"]}, [])


def test_an_empty_file_is_nothing() -> None:
    assert _read("# nothing\n") == (None, [])
    assert _read("") == (None, [])


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("{a: b?}", "{a: 'b?'}"),
        ("[b?, c?]", "['b?', 'c?']"),
        ("x: {a: b? c, d: {zh: 甲, en: is it?}}", "x: {a: 'b? c', d: {zh: 甲, en: 'is it?'}}"),
        ("{a?: b}", "{'a?': b}"),
        ("{a: 'it?',\n b: is it?}", "{a: 'it?',\n b: 'is it?'}"),
    ],
)
def test_what_other_readers_refuse_is_named_and_read(
    text: str, mended: str, request: pytest.FixtureRequest
) -> None:
    """PyYAML's own parser refuses it, libyaml does not: an error there, a warning here."""
    tree, problems = read_yaml(SourceFile("f.yaml", text))
    refused = "python" in request.node.name
    assert [(found.code, found.severity) for found in problems] == [
        ("pack.bare-question-mark", "error" if refused else "warning")
    ]
    assert problems[0].args["mended"] == mended.splitlines()[-1].strip()
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load(text)
    assert _plain(tree) == yaml.safe_load(mended)


@pytest.mark.parametrize("text", ["a: b?\n", "{a: 有吗？}", "{a: 'b?'}", "- b?\n"])
def test_a_question_mark_that_all_readers_take_for_text(text: str) -> None:
    assert _read(text) == (yaml.safe_load(text), [])
