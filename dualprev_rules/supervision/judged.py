"""What a run over many found, as rows of a roster and as breaches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dualprev_rules.problems import DualprevError, problem

if TYPE_CHECKING:
    import polars as pl


def is_run(path: Path) -> bool:
    """Tell whether a path is the folder of a run over many."""
    return (path / "run.json").is_file()


def run_rows(folder: Path) -> list[dict[str, Any]]:
    """Return a row of a roster for each enterprise judged; no grade, since columns give none."""
    frame = _read(folder, "enterprises")
    return frame.select(name for name in ("id", "district", "industries") if name in frame.columns).to_dicts()


def run_breaches(folder: Path) -> list[dict[str, Any]]:
    """Return each rule that is violated at an enterprise, once, on the day of the run."""
    import polars as pl

    day = json.loads((folder / "run.json").read_text("utf-8"))["as_of"]
    violated = _read(folder, "outcomes").filter(pl.col("outcome") == "violated")
    found = violated.select(pl.col("key").alias("enterprise"), "rule").unique(maintain_order=True)
    return found.with_columns(on=pl.lit(day)).to_dicts()


def _read(folder: Path, what: str) -> pl.DataFrame:
    try:
        import polars as pl
    except ImportError as error:
        raise DualprevError(problem("supervision.no-extra", given="polars", extra="batch")) from error
    try:
        return pl.read_parquet(folder / what / "*.parquet")
    except (pl.exceptions.PolarsError, OSError) as fault:
        reason = str(fault).split("\n")[0][:200]
        raise DualprevError(
            problem("supervision.unreadable", given=str(folder / what), reason=reason)
        ) from fault
