"""A pytest plugin: each case of a pack is a test. Use it with ``-p dualprev_rules.testing.plugin``.

``cases/*.yaml`` below a ``pack.yaml`` is collected. A failure shows what was expected, what came out,
and the tree of reasons. ``--pack-coverage`` reports which rules, rows, branches, figures and unknown
facts no case tries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dualprev_rules.engine import Engine
from dualprev_rules.pack import read_cases, read_pack
from dualprev_rules.pack.model import Case
from dualprev_rules.pack.read import PackSource
from dualprev_rules.problems import DualprevError
from dualprev_rules.report.phrases import phrase
from dualprev_rules.testing.cases import CaseResult, run_case
from dualprev_rules.testing.shown import shown, tried_lines
from dualprev_rules.testing.tried import tried


@dataclass(slots=True)
class _Packs:
    """What one run has read and loaded."""

    also: list[str]
    sources: dict[Path, PackSource] = field(default_factory=dict[Path, PackSource])
    engines: dict[tuple[Path, date, str], Engine] = field(
        default_factory=dict[tuple[Path, date, str], Engine]
    )

    def source(self, root: Path) -> PackSource:
        if root not in self.sources:
            self.sources[root] = read_pack(root)
        return self.sources[root]

    def engine(self, root: Path, case: Case) -> Engine:
        key = (root, case.as_of, case.profile)
        if key not in self.engines:
            packs = [*self.also, root]
            self.engines[key] = Engine.load(packs=packs, profile=case.profile, as_of=case.as_of)
        return self.engines[key]


_PACKS = pytest.StashKey[_Packs]()


class CaseFailedError(Exception):
    """A case did not come out as it expects."""

    def __init__(self, result: CaseResult) -> None:
        super().__init__(result.case.name)
        self.result = result


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("dualprev-rules")
    group.addoption(
        "--pack-coverage",
        action="store_true",
        help="Report rules, rows, branches, figures and unknown facts that no case of a pack tries.",
    )
    parser.addini("packs", "Packs that the packs under test build on.", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what the run will read."""
    config.stash[_PACKS] = _Packs(list(config.getini("packs")))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file of cases of a pack."""
    if file_path.suffix != ".yaml" or "cases" not in file_path.parts:
        return None
    root = next((folder for folder in file_path.parents if (folder / "pack.yaml").is_file()), None)
    if root is None or file_path.relative_to(root).parts[0] != "cases":
        return None
    return CaseFile.from_parent(parent, path=file_path)  # pyright: ignore[reportUnknownMemberType]


class CaseFile(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each case of the file."""
        packs = self.config.stash[_PACKS]
        root = next(folder for folder in self.path.parents if (folder / "pack.yaml").is_file())
        source = packs.source(root)
        errors = [fault for fault in source.problems if fault.severity == "error"]
        if errors:
            raise self.CollectError("\n".join(fault.show("zh") for fault in errors))
        for case in read_cases(source):
            if Path(case.place.file) == self.path:
                made: Any = CaseItem.from_parent(self, name=case.name)  # pyright: ignore[reportUnknownMemberType]
                made.case, made.root = case, root
                yield made


class CaseItem(pytest.Item):
    """A case as a test."""

    case: Case
    root: Path

    def runtest(self) -> None:
        """Run the case."""
        packs = self.config.stash[_PACKS]
        result = run_case(self.case, packs.engine(self.root, self.case))
        if not result.passed:
            raise CaseFailedError(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what was expected, what came out, and why; faults of the pack as its author knows them."""
        match excinfo.value:
            case CaseFailedError(result=result):
                return shown(result)
            case DualprevError() as error:
                return error.show("zh")
            case _:
                return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the case stands."""
        return self.path, (self.case.place.line or 1) - 1, self.case.name


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Report what no case expects."""
    if not config.getoption("--pack-coverage"):
        return
    for root, source in config.stash[_PACKS].sources.items():
        terminalreporter.section(phrase("pack_coverage", pack=source.id).zh)
        for line in tried_lines(tried(root, config.stash[_PACKS].also, source=source)):
            terminalreporter.line(line)
