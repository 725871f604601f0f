"""Write a pack in Chinese or in English: its keys, words and names change, and nothing that it says."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from dualprev_rules.authoring.parts import Condition, Key, Word, parts
from dualprev_rules.authoring.spelling import Labels, members, names, words
from dualprev_rules.engine import core_pack
from dualprev_rules.pack.lint import days_of_editions
from dualprev_rules.pack.load import Where, read_packs
from dualprev_rules.pack.model import Expression, Ruleset
from dualprev_rules.pack.registry import functions, plugins
from dualprev_rules.pack.resolve import resolve
from dualprev_rules.pack.source import Scalar, SourceFile, decode
from dualprev_rules.pack.spec import kind_of
from dualprev_rules.pack.spec.keys import FORMS, KEYS, VALUES
from dualprev_rules.pack.yaml_reader import read_yaml
from dualprev_rules.problems import DualprevError, Problem, problem
from dualprev_rules.problems.words import Lang

Edit = tuple[int, int, str]
Key_ = tuple[str, int, int]
"""Where a condition stands: file, line and column."""
Known = Mapping[Key_, tuple[Expression, Labels]]
_PLACED = frozenset(("span", "place", "text", "line", "hash", "warnings"))
"""What of a loaded pack may change when only its spelling does."""


def respelt(folder: Path, lang: Lang, as_of: date, also: Sequence[Where] = ()) -> dict[Path, bytes]:
    """Return the files of a pack that are otherwise in the language wanted, with their new content.

    What was written is loaded again and compared, on as many days as show every edition: a condition
    that would mean something else keeps its names. Raises DualprevError for a pack that does not load.
    """
    files = {file: file.read_bytes() for file in sorted(folder.rglob("*.yaml"))}
    before = loaded(folder, as_of, also)
    kept: set[tuple[str, int]] = set()
    while True:
        changed = _changed(folder, files, before, lang, kept)
        differing = _differing(folder, files | changed, before, as_of, also)
        if differing and differing <= kept:
            # A fault that is told elsewhere than at its condition.
            differing = {(file, 0) for file, _ in differing}
        if not differing - kept:
            break
        kept |= differing
    if differing:
        places = [f"{file}:{line}" for file, line in sorted(differing)]
        raise DualprevError([problem("authoring.spelling", given=place) for place in places])
    return changed


def loaded(folder: Where, as_of: date, also: Sequence[Where] = ()) -> list[Ruleset]:
    """Return the rulesets of as many days as show every edition; raises DualprevError."""
    manager = plugins()
    sources = read_packs([*also, folder], core=core_pack(), manager=manager, cases=False)
    brought = functions(manager)
    found: list[Ruleset] = []
    for day in days_of_editions(sources, as_of):
        ruleset, problems = resolve(sources, (), day, brought)
        if ruleset is None:
            raise DualprevError(problems)
        found.append(ruleset)
    return found


# --- the new texts ---------------------------------------------------------------------------------


def _changed(
    folder: Path,
    files: Mapping[Path, bytes],
    rulesets: Sequence[Ruleset],
    lang: Lang,
    kept: set[tuple[str, int]],
) -> dict[Path, bytes]:
    known = known_of(rulesets)
    found: dict[Path, bytes] = {}
    for path, data in files.items():
        name = f"{folder.as_posix()}/{path.relative_to(folder).as_posix()}"
        text, _ = decode(data, name)
        file = SourceFile(name, text)
        new = _rewritten(file, path.relative_to(folder).as_posix(), known, lang, kept)
        if new != text:
            found[path] = (new.replace("\n", "\r\n") if b"\r\n" in data else new).encode()
    return found


def known_of(rulesets: Sequence[Ruleset]) -> Known:
    """Return the expressions of rulesets by their places, each with the labels that its names may have."""
    labels = Labels.of(rulesets)
    every = (each for ruleset in rulesets for each in expressions(ruleset))
    return {_key(each.place): (each, labels) for each in every if each.place is not None}


def _key(place: Any) -> Key_:
    return place.file, place.line or 0, place.column or 0


def _rewritten(
    file: SourceFile,
    path: str,
    known: Known,
    lang: Lang,
    kept: set[tuple[str, int]],
) -> str:
    kind, (tree, _) = kind_of(path), read_yaml(file)
    edits: set[Edit] = set()
    for part in parts(kind, tree) if kind is not None and tree is not None else ():
        match part:
            case Key(at=at, name=name, form=form):
                spelt = name if lang == "en" else (FORMS if form else KEYS).get(name, name)
                if spelt != at.text:
                    edits.add((at.start, at.end, spelt))
            case Word(at=at, name=name):
                spelt = name if lang == "en" else VALUES.get(name, name)
                if spelt != at.text:
                    edits.add((*at.span(0, len(at.text)), spelt))
            case Condition(at=at):
                place = at.place(0, len(at.text))
                of = known.get(_key(place))
                named = kept.isdisjoint(((file.name, place.line or 0), (file.name, 0)))
                edits |= set(_condition(at, of if named else None, lang))
    text = file.text
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _condition(at: Scalar, of: tuple[Expression, Labels] | None, lang: Lang) -> Iterable[Edit]:
    """Return what changes within a condition, as edits of its file."""
    edits = _edits(at.text, of, lang)
    # Quotes within a text differ from those around it; at its beginning they would be its own.
    quote = {"single": '"', "double": "'"}.get(at.style, "'")
    return [
        (*at.span(start, end), new.replace("'", quote))
        for start, end, new in edits
        if start or at.style != "plain" or "'" not in new
    ]


def _edits(text: str, of: tuple[Expression, Labels] | None, lang: Lang) -> list[Edit]:
    edits = list(words(text, lang))
    if of is not None and of[0].text == text:
        taken = [(start, end) for start, end, _ in edits]
        found = names(text, of[0].node, of[1], lang)
        edits += [e for e in found if all(e[1] <= start or end <= e[0] for start, end in taken)]
    return edits


def in_english(at: Scalar, known: Known) -> str:
    """Return a condition as it is in English, its spaces single, members of a closed list in quotes."""
    text = at.text
    of = known.get(_key(at.place(0, len(text))))
    edits = {(start, end): new for start, end, new in _edits(text, of, "en")}
    if of is not None and of[0].text == text:
        for start, end, member in members(text, of[0].node):
            edits = {at: new for at, new in edits.items() if at[1] <= start or end <= at[0]}
            edits[start, end] = f"'{member}'"
    for (start, end), new in sorted(edits.items(), reverse=True):
        text = text[:start] + new + text[end:]
    return " ".join(text.split())


# --- what it says ----------------------------------------------------------------------------------


def _differing(
    folder: Path,
    files: Mapping[Path, bytes],
    before: Sequence[Ruleset],
    as_of: date,
    also: Sequence[Where],
) -> set[tuple[str, int]]:
    """Return where conditions stand that a rewritten pack refuses, or reads as something else."""
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix in (".yaml", ".csv"):
                target = root / path.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(files.get(path) or path.read_bytes())
        try:
            after = loaded(root, as_of, also)
        except DualprevError as error:
            return {_moved(fault, root, folder) for fault in error.problems if fault.severity == "error"}
    found: set[tuple[str, int]] = set()
    for old, new in zip(before, after, strict=True):
        for one, other in zip(expressions(old), expressions(new), strict=True):
            if not same(one, other) and one.place is not None:
                found.add((one.place.file, one.place.line or 0))
        if not found and not same(old, new):
            raise DualprevError(problem("authoring.spelling", given=folder.as_posix()))
    return found


def _moved(fault: Problem, root: Path, folder: Path) -> tuple[str, int]:
    place = fault.place
    if place is None:
        raise DualprevError(fault)
    return place.file.replace(root.as_posix(), folder.as_posix()), place.line or 0


def expressions(ruleset: Ruleset) -> list[Expression]:
    """Return every expression of a ruleset, in an order that does not hang on how it is spelt."""
    found: list[Expression] = []

    def gather(of: Any) -> None:
        match of:
            case Expression():
                found.append(of)
            case Mapping():
                for part in of.values():  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
                    gather(part)
            case tuple() | list():
                for part in of:  # pyright: ignore[reportUnknownVariableType]
                    gather(part)
            case _ if is_dataclass(of):
                for field in fields(of):
                    gather(getattr(of, field.name))
            case _:
                pass

    for part in (ruleset.definitions, ruleset.tables, ruleset.rules, ruleset.checklists, ruleset.live):
        gather(part)
    return found


def same(one: Any, other: Any) -> bool:
    """Tell whether two loaded things say the same, wherever and however that is written."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    match one:
        case Mapping():
            return one.keys() == other.keys() and all(same(part, other[key]) for key, part in one.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType, reportUnknownArgumentType]
        case tuple() | list():
            return len(one) == len(other) and all(map(same, one, other))  # pyright: ignore[reportUnknownArgumentType]
        case _ if is_dataclass(one):
            return all(same(getattr(one, name), getattr(other, name)) for name in _said(type(one)))
        case _:
            return one == other


@cache
def _said(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in _PLACED)
