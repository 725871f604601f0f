"""The exchange tables of the ministry's digital dual prevention system: made, checked and read back."""

from dualprev_rules.supervision.exchange.check import check
from dualprev_rules.supervision.exchange.increment import increment, state_faults
from dualprev_rules.supervision.exchange.make import facts_of, tables_of
from dualprev_rules.supervision.exchange.more import strange_ids
from dualprev_rules.supervision.exchange.store import read_more, read_tables, table_files
from dualprev_rules.supervision.exchange.table import Row, Tables, exchange_tables
from dualprev_rules.supervision.exchange.unknown import Unknown, unknown_of

__all__ = [
    "Row",
    "Tables",
    "Unknown",
    "check",
    "exchange_tables",
    "facts_of",
    "increment",
    "read_more",
    "read_tables",
    "state_faults",
    "strange_ids",
    "table_files",
    "tables_of",
    "unknown_of",
]
