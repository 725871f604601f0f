"""What an assessment found: outcomes at once, findings, reasons and questions when asked for."""

from dualprev_rules.result.finding import Cited, Finding
from dualprev_rules.result.question import Question
from dualprev_rules.result.result import Judging, NotAssessed, Result

__all__ = ["Cited", "Finding", "Judging", "NotAssessed", "Question", "Result"]
