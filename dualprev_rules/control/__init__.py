"""The control loop: the life cycle of a hidden hazard, its audit trail, what is due and what recurs.

The library is pure: the caller's own system stores records and trails, and gives the time.
"""

from dualprev_rules.control.answers import Answer, Settled, read_answers, settle
from dualprev_rules.control.audit import AuditRecord, verify, write_event
from dualprev_rules.control.due import Due, Escalation, due, undated
from dualprev_rules.control.events import (
    ApplyForReview,
    Assign,
    CloseOff,
    Confirm,
    Defer,
    Document,
    Evaluate,
    Event,
    Extend,
    ExtendListing,
    Find,
    LiftListing,
    OpenListing,
    Plan,
    Rectify,
    Refute,
    Regrade,
    Report,
    Resume,
    Review,
)
from dualprev_rules.control.hazard import Deferral, HazardRecord, State, SupervisedListing, Treatment
from dualprev_rules.control.ledger import Ledger, read_ledger
from dualprev_rules.control.lifecycle import apply, register, replay
from dualprev_rules.control.monitor import Monitor
from dualprev_rules.control.monitor_state import MonitorState
from dualprev_rules.control.monitor_warning import Heard, LiveWarning
from dualprev_rules.control.raised import raised_grade
from dualprev_rules.control.reading import read_event
from dualprev_rules.control.recurrence import Recurrence, RecurrencePolicy, recurring
from dualprev_rules.control.silence import with_silences

__all__ = [
    "Answer",
    "ApplyForReview",
    "Assign",
    "AuditRecord",
    "CloseOff",
    "Confirm",
    "Defer",
    "Deferral",
    "Document",
    "Due",
    "Escalation",
    "Evaluate",
    "Event",
    "Extend",
    "ExtendListing",
    "Find",
    "HazardRecord",
    "Heard",
    "Ledger",
    "LiftListing",
    "LiveWarning",
    "Monitor",
    "MonitorState",
    "OpenListing",
    "Plan",
    "Rectify",
    "Recurrence",
    "RecurrencePolicy",
    "Refute",
    "Regrade",
    "Report",
    "Resume",
    "Review",
    "Settled",
    "State",
    "SupervisedListing",
    "Treatment",
    "apply",
    "due",
    "raised_grade",
    "read_answers",
    "read_event",
    "read_ledger",
    "recurring",
    "register",
    "replay",
    "settle",
    "undated",
    "verify",
    "with_silences",
    "write_event",
]
