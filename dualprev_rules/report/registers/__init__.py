"""The registers of an enterprise: graded-control list, hidden-hazard list, dossier; as XLSX and as pages."""

from dualprev_rules.report.registers.book import Register, kinds, register
from dualprev_rules.report.registers.lists import Watch
from dualprev_rules.report.registers.page import register_pages
from dualprev_rules.report.registers.workbook import register_workbook

__all__ = ["Register", "Watch", "kinds", "register", "register_pages", "register_workbook"]
