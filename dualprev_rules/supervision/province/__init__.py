"""Many enterprises in one run: where they come from, what is kept of them, and what it comes to."""

from dualprev_rules.supervision.province.batch import SNAPSHOT, Batch, goes_on, open_batch
from dualprev_rules.supervision.province.migration import GRADES, Migration, draft_engine, migrate
from dualprev_rules.supervision.province.source import read_source, source_of
from dualprev_rules.supervision.province.tally import CLASSES, Tally

__all__ = [
    "CLASSES",
    "GRADES",
    "SNAPSHOT",
    "Batch",
    "Migration",
    "Tally",
    "draft_engine",
    "goes_on",
    "migrate",
    "open_batch",
    "read_source",
    "source_of",
]
