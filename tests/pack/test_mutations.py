"""Whatever stands in a pack's files, loading gives a ruleset or problems with places, never a crash."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dualprev_rules.pack import check_packs
from tests.cases import cases
from tests.pack.packs import BROKEN, TODAY, small

FILES = sorted(file.relative_to(BROKEN / "_base").as_posix() for file in (BROKEN / "_base").rglob("*.yaml"))
TEXTS = {name: (BROKEN / "_base" / name).read_text("utf-8") for name in FILES}
JUNK = st.sampled_from(
    [
        *"\t:：#'\"[]{}(（,，&*!|>%@-?~\n ",
        "  ",
        "- ",
        ": ",
        " #x",
        "null",
        "true",
        "1e9",
        "》",
        "\x00",
        "𝟙",
        "..",
    ]
)


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, str]:
    """Return a file and its text with a few places cut, doubled or filled with junk."""
    name = draw(st.sampled_from(FILES))
    text = TEXTS[name]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(text) - 1, 0)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        match draw(st.sampled_from(["cut", "double", "junk", "swap"])):
            case "cut":
                text = text[:at] + text[end:]
            case "double":
                text = text[:end] + text[at:]
            case "junk":
                text = text[:at] + draw(JUNK) + text[end:]
            case _:
                text = text[end:] + text[:at]
    return name, text


@given(mutations())
@settings(
    max_examples=cases(2_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_mutated_pack(tmp_path: Path, mutation: tuple[str, str]) -> None:
    name, text = mutation
    pack = small(tmp_path, files={name: text})
    ruleset, problems = check_packs([pack], None, TODAY)
    assert ruleset is not None or any(problem.severity == "error" for problem in problems)
    for problem in problems:
        assert problem.show("zh")
        assert problem.show("en")
        assert problem.place is not None
        if problem.place.source is not None:
            assert problem.place.column is not None
            assert problem.place.column <= len(problem.place.source) + 1
