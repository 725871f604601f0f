"""The workbench of a standards body: what of a standard is proved, and the case where it fails."""

from dualprev_rules.standards.tables import MOST_FAULTS, TableFault, TableReport, analyse

__all__ = ["MOST_FAULTS", "TableFault", "TableReport", "analyse"]
