"""The workbench of a standards body: what of a standard is proved, and the case where it fails."""

from dualprev_rules.standards.advise import Advice, Change, advise
from dualprev_rules.standards.compare import compare
from dualprev_rules.standards.comparison import Comparison, Pair
from dualprev_rules.standards.costs import Costs, read_costs
from dualprev_rules.standards.finding import Finding
from dualprev_rules.standards.tables import MOST_FAULTS, TableFault, TableReport, analyse
from dualprev_rules.standards.verify import Verification, verify, verify_profile

__all__ = [
    "MOST_FAULTS",
    "Advice",
    "Change",
    "Comparison",
    "Costs",
    "Finding",
    "Pair",
    "TableFault",
    "TableReport",
    "Verification",
    "advise",
    "analyse",
    "compare",
    "read_costs",
    "verify",
    "verify_profile",
]
