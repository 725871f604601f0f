"""The town-gas pack: the data beside this file, and the hook by which it is found."""

from pathlib import Path

from dualprev_rules.pack.registry import hookimpl


@hookimpl
def dualprev_packs() -> tuple[Path, ...]:
    """Return the directory of this pack."""
    return (Path(__file__).parent,)
