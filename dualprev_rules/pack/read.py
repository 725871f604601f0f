"""Read a pack or a profile from a directory: every file, every fault, and the hash of the content."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from dualprev_rules.pack.csv_reader import read_csv
from dualprev_rules.pack.source import Map, Scalar, Seq, SourceFile, Tree, decode, decode_table
from dualprev_rules.pack.spec import (
    KINDS,
    PROFILE,
    AttributeSpec,
    CaseSpec,
    ChecklistSpec,
    CoverageSpec,
    DefinitionSpec,
    EntitySpec,
    FileKind,
    MeasureSpec,
    MethodSpec,
    PackSpec,
    ProfileSpec,
    RuleSpec,
    Spec,
    TableSpec,
    WarningSpec,
    kind_of,
    read_spec,
)
from dualprev_rules.pack.spec.keys import ENGLISH, OF_ROWS, in_english
from dualprev_rules.pack.yaml_reader import read_yaml
from dualprev_rules.problems import Place, Problem, nearest, problem

MOST_FILES = 5_000
LARGEST_FILE = 32 * 2**20
_FOR_AUTHORS = ("cases/", "coverage.yaml")
"""What decides nothing."""
_OF_ENTITY = frozenset(field.alias or name for name, field in EntitySpec.model_fields.items())
_EVERY_KIND = frozenset(kind.name for kind in KINDS)
_S = TypeVar("_S", bound=Spec)


@dataclass(frozen=True, slots=True)
class EntitySource:
    """An entity of a facts.yaml, with the places of its name and of its attributes' names."""

    name: Scalar
    spec: EntitySpec
    attributes: tuple[tuple[Scalar, AttributeSpec], ...]


@dataclass(frozen=True, slots=True)
class PackSource:
    """A pack as its files say, each part checked by itself."""

    id: str
    root: str
    """How the directory is called in problems."""
    hash: str
    spec: PackSpec | None
    entities: tuple[EntitySource, ...] = ()
    definitions: tuple[DefinitionSpec, ...] = ()
    methods: tuple[MethodSpec, ...] = ()
    tables: tuple[tuple[TableSpec, Seq], ...] = ()
    """A table and its rows."""
    rules: tuple[RuleSpec, ...] = ()
    checklists: tuple[ChecklistSpec, ...] = ()
    measures: tuple[MeasureSpec, ...] = ()
    warnings: tuple[WarningSpec, ...] = ()
    cases: tuple[CaseSpec, ...] = ()
    coverage: tuple[CoverageSpec, ...] = ()
    problems: tuple[Problem, ...] = ()
    unread: frozenset[str] = frozenset()
    """Kinds of which a whole file could not be read, so that anything that they declare may be missing."""


@dataclass(frozen=True, slots=True)
class ProfileSource:
    """A profile as its file says."""

    id: str
    hash: str
    spec: ProfileSpec | None
    entities: tuple[EntitySource, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_pack(
    path: str | Path | Traversable, shown_as: str | None = None, *, cases: bool = True
) -> PackSource:
    """Read the pack in the directory ``path``; its faults are in ``problems``, never raised.

    ``shown_as`` is how problems call the directory; without it, as ``path`` is written. The cases, and
    what is said of coverage, are for a pack's authors: without ``cases`` they count for the hash only.
    """
    root = Path(path) if isinstance(path, str) else path
    shown = shown_as if shown_as is not None else _shown(root)
    reader = _PackReader(shown)
    if not root.is_dir():
        reader.problems.append(problem("pack.no-such-directory", place=Place(shown), given=shown))
        return PackSource(shown, shown, "", None, problems=tuple(reader.problems), unread=_EVERY_KIND)
    elsewhere = _elsewhere(root, shown)
    if elsewhere is not None:
        reader.problems.append(elsewhere)
        return PackSource(shown, shown, "", None, problems=tuple(reader.problems), unread=_EVERY_KIND)
    digest = sha256()
    for name, data in _files(root, reader.problems, shown):
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
        if cases or not name.startswith(_FOR_AUTHORS):
            reader.take(name, data)
    return reader.finish(f"sha256:{digest.hexdigest()}")


def read_profile(path: str | Path | Traversable, shown_as: str | None = None) -> ProfileSource:
    """Read the profile in the file ``path``; its faults are in ``problems``, never raised."""
    file = Path(path) if isinstance(path, str) else path
    shown = shown_as if shown_as is not None else _shown(file)
    problems: list[Problem] = []
    if not file.is_file():
        problems.append(problem("pack.no-such-file", place=Place(shown), given=shown))
        return ProfileSource(shown, "", None, problems=tuple(problems))
    data = file.read_bytes()
    tree = _parse(shown, data, problems)
    spec = read_spec(ProfileSpec, tree, problems) if tree is not None else None
    if tree is None and not problems:
        problems.append(problem("pack.empty-file", place=Place(shown, 1, 1, 1, ""), given=shown))
    name = (
        spec.profile if spec is not None else (tree.text(PROFILE.id_key) if isinstance(tree, Map) else None)
    )
    facts = _PackReader(shown, problems)
    if spec is not None and spec.facts is not None:
        facts.take_entities(spec.facts)
    digest = f"sha256:{sha256(data).hexdigest()}"
    return ProfileSource(name or shown, digest, spec, tuple(facts.entities), tuple(problems))


def _shown(path: Path | Traversable) -> str:
    return path.as_posix() if isinstance(path, Path) else path.name


def _parse(name: str, data: bytes, problems: list[Problem]) -> Tree | None:
    text, faults = decode(data, name)
    problems += faults
    tree, faults = read_yaml(SourceFile(name, text))
    problems += faults
    return tree


def _elsewhere(root: Path | Traversable, shown: str) -> Problem | None:
    """Return the problem of a directory that is no pack, where one is a step above or below it."""
    if (root / "pack.yaml").is_file():
        return None
    near = next(
        (f"{shown}/{below.name}" for below in _folders(root) if (below / "pack.yaml").is_file()), None
    )
    if near is None and isinstance(root, Path) and (root.parent / "pack.yaml").is_file():
        near = root.parent.as_posix()
    return problem("pack.not-the-pack", place=Place(shown), given=shown, nearest=near) if near else None


def _folders(root: Path | Traversable) -> list[Path | Traversable]:
    return sorted((entry for entry in root.iterdir() if entry.is_dir()), key=lambda entry: entry.name)


def _files(root: Path | Traversable, problems: list[Problem], shown: str) -> list[tuple[str, bytes]]:
    """Return the pack's own files, sorted by path; a file in no place of a pack is a fault."""
    found: list[tuple[str, bytes]] = []
    for name, file in sorted(_walk(root, "")):
        if not name.endswith((".yaml", ".yml", ".csv")):
            if _meant_for_the_pack(name):
                place = Place(f"{shown}/{name}")
                problems.append(problem("pack.unknown-file", place=place, given=name, nearest=_belongs(name)))
            continue
        place = Place(f"{shown}/{name}")
        if len(found) >= MOST_FILES:
            problems.append(problem("pack.too-large", place=place, limit=MOST_FILES))
            break
        kind = kind_of(name)
        csv_elsewhere = name.endswith(".csv") and (kind is None or kind.name != "tables")
        if kind is None or csv_elsewhere or name.endswith(".yml"):
            problems.append(problem("pack.unknown-file", place=place, given=name, nearest=_belongs(name)))
            continue
        if isinstance(file, Path) and file.stat().st_size > LARGEST_FILE:
            problems.append(problem("pack.too-large", place=place, limit=LARGEST_FILE))
            continue
        data = file.read_bytes()
        found.append((name, data))
    return found


def _walk(folder: Path | Traversable, prefix: str) -> Iterator[tuple[str, Path | Traversable]]:
    for entry in folder.iterdir():
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry


def _meant_for_the_pack(name: str) -> bool:
    """Return whether a file of another suffix was meant to be read: rules.yaml.txt, rules/x.xlsx."""
    last = name.rpartition("/")[2]
    if any(f"{suffix}." in last for suffix in (".yaml", ".yml", ".csv")):
        return True
    in_a_place = any(name.startswith(kind.where) for kind in KINDS if kind.where.endswith("/"))
    return in_a_place and not last.endswith((".md", ".py", ".pyc"))


def _belongs(name: str) -> str:
    """Return where a misplaced file probably belongs."""
    for suffix in (".yaml", ".csv"):
        if f"{suffix}." in name:
            return name.partition(suffix)[0] + suffix
    if name.endswith(".yml"):
        return name.removesuffix(".yml") + ".yaml"
    first, slash, rest = name.partition("/")
    near = nearest(first + slash, [kind.where for kind in KINDS])
    return (near or "rules/") + (rest or (name if (near or "/").endswith("/") else ""))


def _unread(problems: Sequence[Problem], shown: str) -> set[str]:
    """Return the kinds of files of which one stands in the wrong place, or was too large."""
    files = [fault.nearest or "" for fault in problems if fault.code == "pack.unknown-file"]
    files += [fault.place.file for fault in problems if fault.code == "pack.too-large" and fault.place]
    kinds = (kind_of(file.removeprefix(f"{shown}/")) for file in files)
    return {kind.name for kind in kinds if kind is not None}


def _stray(entity: Map) -> Map:
    """Return what is plainly an attribute among the keys of an entity: it has a type."""
    kept = {key: None for key, part in entity.items() if not (isinstance(part, Map) and "type" in part)}
    return entity.renamed(dict(kept))


@dataclass(slots=True)
class _PackReader:
    """Takes one file after the other; what they hold gathers here."""

    shown: str
    problems: list[Problem] = field(default_factory=list[Problem])
    parts: dict[str, list[Spec]] = field(default_factory=dict[str, list[Spec]])
    entities: list[EntitySource] = field(default_factory=list[EntitySource])
    sheets: dict[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    unread: set[str] = field(default_factory=set[str])

    def take(self, name: str, data: bytes) -> None:
        """Read one file of the pack."""
        kind = kind_of(name)
        assert kind is not None
        shown = f"{self.shown}/{name}"
        if name.endswith(".csv"):
            self.sheets[name] = SourceFile(shown, decode_table(data))
            return
        before = len(self.problems)
        tree = _parse(shown, data, self.problems)
        if tree is None:
            self.unread |= {kind.name} if len(self.problems) > before else set[str]()
            return
        if kind.shape == "by_name":
            self.take_entities(tree)
            return
        for item in self._items(kind, tree):
            self.parts.setdefault(kind.name, []).append(read_spec(kind.model, item, self.problems))

    def _items(self, kind: FileKind, tree: Tree) -> Sequence[Tree]:
        match kind.shape, tree:
            case "list" | "one_or_list", Seq():
                return tree
            case "one" | "one_or_list", _:
                return [tree]
            case _:
                self.problems.append(problem("pack.list-wanted", place=tree.place(), given=""))
                return [tree] if isinstance(tree, Map) else []

    def take_entities(self, tree: Tree) -> None:
        """Read entities, by name."""
        if not isinstance(tree, Map):
            self.problems.append(problem("pack.mapping-wanted", place=tree.place(), given=""))
            self.unread.add("facts")
            return
        for name, written in tree.items():
            part = in_english(written, _OF_ENTITY) if isinstance(written, Map) else written
            attributes = part.get("attributes") if isinstance(part, Map) else None
            head = part.renamed({"attributes": None}) if isinstance(part, Map) else part
            if attributes is None and isinstance(head, Map) and (stray := _stray(head)):
                first = next(iter(stray))
                self.problems.append(problem("pack.attributes-wanted", place=head.at_key(first), given=first))
                attributes, head = stray, head.renamed(dict.fromkeys(stray))
            spec = read_spec(EntitySpec, head, self.problems)
            self.entities.append(EntitySource(tree.keys_at[name], spec, self._attributes(attributes)))

    def _attributes(self, tree: Tree | None) -> tuple[tuple[Scalar, AttributeSpec], ...]:
        """Read attributes one by one, so that a fault of one says nothing of the others."""
        if tree is None:
            return ()
        if not isinstance(tree, Map):
            self.problems.append(problem("pack.mapping-wanted", place=tree.place(), given=""))
            self.unread.add("facts")
            return ()
        return tuple(
            (tree.keys_at[name], read_spec(AttributeSpec, part, self.problems)) for name, part in tree.items()
        )

    def finish(self, digest: str) -> PackSource:
        """Put the parts together."""
        self.unread |= _unread(self.problems, self.shown)
        head = self._all("pack", PackSpec)
        if not head and not any(p.place and p.place.file == f"{self.shown}/pack.yaml" for p in self.problems):
            self.problems.append(problem("pack.no-pack-file", place=Place(f"{self.shown}/pack.yaml")))
        tables = [(spec, self._rows(spec)) for spec in self._all("tables", TableSpec)]
        for name, sheet in self.sheets.items() if "tables" not in self.unread else ():
            self.problems.append(problem("pack.csv-without-table", place=Place(sheet.name), given=name))
        return PackSource(
            id=head[0].pack if head else self.shown,
            root=self.shown,
            hash=digest,
            spec=head[0] if head else None,
            entities=tuple(self.entities),
            definitions=self._all("definitions", DefinitionSpec),
            methods=self._all("grading", MethodSpec),
            tables=tuple(tables),
            rules=self._all("rules", RuleSpec),
            checklists=self._all("checklists", ChecklistSpec),
            measures=self._all("measures", MeasureSpec),
            warnings=self._all("monitoring", WarningSpec),
            cases=self._all("cases", CaseSpec),
            coverage=self._all("coverage", CoverageSpec),
            problems=tuple(self.problems),
            unread=frozenset(self.unread if head else {*self.unread, "pack"}),
        )

    def _all(self, kind: str, model: type[_S]) -> tuple[_S, ...]:
        return tuple(spec for spec in self.parts.get(kind, ()) if isinstance(spec, model))

    def _rows(self, table: TableSpec) -> Seq:
        """Return the rows of a table, from the CSV file that it names where it names one."""
        rows = self._written_rows(table)
        own = {*table.columns, *(column for columns in table.key.values() for column in columns)}
        chinese = OF_ROWS - {ENGLISH[name] for name in own if name in ENGLISH}
        known = [in_english(row, chinese) if isinstance(row, Map) else row for row in rows]
        if any(one is not other for one, other in zip(known, rows, strict=True)):
            rows[:] = known
        return rows

    def _written_rows(self, table: TableSpec) -> Seq:
        if isinstance(table.rows, Seq):
            return table.rows
        name = f"tables/{table.rows.text.strip()}"
        sheet = self.sheets.pop(name, None)
        if sheet is None:
            there = [sheet.removeprefix("tables/") for sheet in self.sheets]
            near = nearest(table.rows.text, there)
            listed, place = near or " / ".join(there) or None, table.rows.place()
            self.problems.append(problem("pack.no-such-sheet", place=place, given=name, nearest=listed))
            # The one that was meant is used.
            sheet = self.sheets.pop(f"tables/{near}", None)
        if sheet is None:
            return Seq(table.rows.file, table.rows.start)
        rows, faults = read_csv(sheet)
        self.problems += faults
        return rows
