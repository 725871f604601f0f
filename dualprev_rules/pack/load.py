"""From names of packs and a profile to the ruleset of one day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualprev_rules.pack.model import Case, Ruleset
from dualprev_rules.pack.registry import find_pack, functions, plugins
from dualprev_rules.problems import DualprevError, Problem, nearest, problem

if TYPE_CHECKING:
    import pluggy

    from dualprev_rules.pack.read import PackSource, ProfileSource

Where = str | Path | Traversable
"""A pack: its id where it is installed, else its directory."""
ProfileFiles = Mapping[str, Path | Traversable]
"""Profile → its file."""


def load_ruleset(
    packs: Sequence[Where],
    profile: str | None,
    as_of: date,
    *,
    core: Where | None = None,
    profiles: ProfileFiles | None = None,
) -> Ruleset:
    """Load packs (by id or directory) and a profile for the day ``as_of``.

    ``core`` is the directory of the core pack, loaded before all others; ``profiles`` are the files
    of profiles by name. Raises DualprevError with every problem found.
    """
    ruleset, problems = check_packs(packs, profile, as_of, core=core, profiles=profiles)
    if ruleset is None:
        raise DualprevError(problems)
    return ruleset


def check_packs(
    packs: Sequence[Where],
    profile: str | None,
    as_of: date,
    *,
    core: Where | None = None,
    profiles: ProfileFiles | None = None,
) -> tuple[Ruleset | None, tuple[Problem, ...]]:
    """Return the ruleset, None where there is an error, and every error and warning found."""
    from dualprev_rules.pack.resolve import resolve

    manager = plugins()
    try:
        # Cases are for tests, and as much to read as all the rest.
        sources = read_packs(packs, core=core, manager=manager, cases=False)
        chain = read_chain(profile, profiles or {})
        return resolve(sources, chain, as_of, functions(manager))
    except DualprevError as error:
        return None, error.problems


def read_packs(
    packs: Sequence[Where],
    *,
    core: Where | None = None,
    manager: pluggy.PluginManager | None = None,
    cases: bool = True,
) -> tuple[PackSource, ...]:
    """Read packs, the core first, with their cases unless these are not wanted.

    Raises DualprevError for packs that are not to be found.
    """
    from dualprev_rules.pack.read import read_pack

    manager = manager or plugins()
    missing: list[Problem] = []
    found: list[tuple[Path | Traversable, str | None]] = []
    for pack in (*((core,) if core is not None else ()), *packs):
        try:
            found.append(find_pack(pack, manager))
        except DualprevError as error:
            missing += error.problems
    if missing:
        raise DualprevError(missing)
    return tuple(read_pack(path, shown, cases=cases) for path, shown in found)


def read_chain(profile: str | None, profiles: ProfileFiles) -> tuple[ProfileSource, ...]:
    """Read a profile and those that it extends, the base first."""
    from dualprev_rules.pack.read import read_profile

    chain: list[ProfileSource] = []
    wanted, place = profile, None
    while wanted is not None:
        if wanted not in profiles:
            listed = ", ".join(profiles) or "—"
            near = nearest(wanted, profiles)
            raise DualprevError(
                problem("pack.unknown-profile", place=place, given=wanted, nearest=near, installed=listed)
            )
        source = read_profile(profiles[wanted], f"profiles/{profiles[wanted].name}")
        chain.insert(0, source)
        spec = source.spec
        wanted = spec.extends if spec is not None else None
        place = spec.at("extends") if spec is not None else None
        names = [other.id for other in chain]
        if wanted in names:
            circle = " → ".join([*reversed(names), wanted])
            raise DualprevError(problem("pack.cycle", place=place, given=circle))
    return tuple(chain)


def read_cases(source: PackSource) -> tuple[Case, ...]:
    """Return the cases of a pack: facts and expectations as plain values."""
    from dualprev_rules.pack.plain import plain
    from dualprev_rules.pack.spec.keys import OF_VALUES

    def _in_words(expect: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is expected with the outcomes of rules in English."""
        outcomes = {key: value for key, value in expect.items() if ": " in key and isinstance(value, str)}
        return {**expect, **{key: OF_VALUES.get(value, value) for key, value in outcomes.items()}}

    return tuple(
        Case(
            name=spec.case,
            as_of=spec.as_of,
            profile=spec.profile,
            facts=plain(spec.facts),
            expect=_in_words(plain(spec.expect)),
            place=spec.at("case"),
            pack=source.id,
            confirmed=spec.confirmed,
        )
        for spec in source.cases
    )
