"""Try the mutants of a pack, in as many processes as wanted, and say which no case noticed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from dualprev_rules.pack.plain import plain
from dualprev_rules.pack.source import SourceFile, decode
from dualprev_rules.pack.yaml_reader import read_yaml
from dualprev_rules.problems import DualprevError, Place, nearest, problem
from dualprev_rules.testing.mutation.bench import Bench

_WORKERS: list[Bench] = []
"""The bench of a worker process: made once when the process starts."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no case noticed; ``because`` where it is explained why none can."""

    id: str
    place: Place | None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Mutation:
    """What came of the mutants of a pack."""

    pack: str
    mutants: int
    survivors: tuple[Survivor, ...]
    """Every mutant that no case noticed, explained or not."""
    stale: tuple[str, ...] = ()
    """What is explained and is no survivor: noticed by now, or no longer a mutant."""
    failing: tuple[str, ...] = ()
    """Cases that do not come out as the pack is."""

    @property
    def open(self) -> tuple[Survivor, ...]:
        """The survivors that nobody explains."""
        return tuple(survivor for survivor in self.survivors if survivor.because is None)

    @property
    def killed(self) -> int:
        """How many were noticed."""
        return self.mutants - len(self.survivors)

    @property
    def score(self) -> float:
        """The share noticed of those that can be, in percent."""
        able = self.mutants - (len(self.survivors) - len(self.open))
        return 100 * self.killed / able if able else 100.0


def mutate(
    pack: str | Path,
    *,
    also: Sequence[str | Path] = (),
    rules: Iterable[str] = (),
    explained: Mapping[str, str] | None = None,
    jobs: int = 1,
) -> Mutation:
    """Change one thing after the other in a pack, and see whether its cases notice.

    ``also``: packs that it builds on. ``rules``: only what is changed in the parts of these ids.
    ``explained``: mutants by id, and why no case can tell them from the pack. Raises DualprevError
    where a pack does not load or nothing has one of the ids.
    """
    bench = Bench(pack, also)
    wanted = [at for at, mutant in enumerate(bench.mutants) if _wanted(mutant.id, rules)]
    parts = {edition.key[1] for edition in bench.editions}
    unknown = [
        name for name in rules if name not in parts and not any(_wanted(m.id, [name]) for m in bench.mutants)
    ]
    if unknown:
        raise DualprevError(
            problem("testing.no-part", given=name, nearest=nearest(name, parts) or "…") for name in unknown
        )
    survived = set(_survivors(bench, wanted, pack, also, jobs))
    reasons = explained or {}
    survivors = tuple(
        Survivor(bench.mutants[at].id, bench.mutants[at].place, reasons.get(bench.mutants[at].id))
        for at in sorted(survived)
    )
    of_interest = {name for name in reasons if _wanted(name, rules)}
    return Mutation(
        pack=bench.pack,
        mutants=len(wanted),
        survivors=survivors,
        stale=tuple(sorted(of_interest - {survivor.id for survivor in survivors})),
        failing=tuple(dict.fromkeys(f"{case.place}: {case.name}" for case in bench.failing)),
    )


def read_explained(file: Path) -> dict[str, str]:
    """Read a file of explained mutants: a list of ``{because: …, mutants: [id, …]}``.

    Raises DualprevError where it is not that.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise DualprevError(problem("testing.no-such-file", given=str(file))) from error
    text, faults = decode(data, str(file))
    tree, more = read_yaml(SourceFile(str(file), text))
    errors = [fault for fault in (*faults, *more) if fault.severity == "error"]
    if errors:
        raise DualprevError(errors)
    found: dict[str, str] = {}
    for entry in (plain(tree) if tree is not None else None) or ():
        match entry:
            case {"because": str(because), "mutants": [*ids]}:
                found |= {str(name): because for name in ids}
            case _:
                raise DualprevError(problem("testing.not-explained", place=Place(str(file), 1)))
    return found


def _wanted(mutant: str, rules: Iterable[str]) -> bool:
    named = tuple(rules)
    return not named or any(mutant.startswith(f"{name} ") for name in named)


def _survivors(
    bench: Bench, wanted: Sequence[int], pack: str | Path, also: Sequence[str | Path], jobs: int
) -> Iterator[int]:
    if jobs <= 1:
        yield from (at for at in wanted if not bench.kills(bench.mutants[at]))
        return
    # Neighbours go to different processes: those of one part take alike long.
    shares = [wanted[first::jobs] for first in range(jobs)]
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(pack, also)) as pool:
        for found in pool.map(_share, shares):
            yield from found


def _start(pack: str | Path, also: Sequence[str | Path]) -> None:
    _WORKERS.append(Bench(pack, also))


def _share(positions: Sequence[int]) -> list[int]:
    bench = _WORKERS[0]
    return [at for at in positions if not bench.kills(bench.mutants[at])]
