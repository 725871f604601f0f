"""Inspection: sheets for a phone, for paper and as XLSX, what they bring back, and rounds on a calendar."""

from dualprev_rules.report.inspection.book import inspection_book, read_book
from dualprev_rules.report.inspection.calendar import calendar
from dualprev_rules.report.inspection.page import inspection_page
from dualprev_rules.report.inspection.plan import duties_of, rounds_book
from dualprev_rules.report.inspection.returned import Returned, read_back, read_files
from dualprev_rules.report.inspection.sheet import MINUTES, Line, Sheet, shortest, whole

__all__ = [
    "MINUTES",
    "Line",
    "Returned",
    "Sheet",
    "calendar",
    "duties_of",
    "inspection_book",
    "inspection_page",
    "read_back",
    "read_book",
    "read_files",
    "rounds_book",
    "shortest",
    "whole",
]
