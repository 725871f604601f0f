"""Reports of a result document: one HTML file, a workbook, text on a terminal, and the schema.

Each takes the document that ``result.document()`` returns, or one that was stored as JSON.
"""

from dualprev_rules.report.html import render_html
from dualprev_rules.report.schema import result_schema
from dualprev_rules.report.sections import Sections, part_of, sections
from dualprev_rules.report.writing import write_files
from dualprev_rules.report.xlsx import workbook

__all__ = ["Sections", "part_of", "render_html", "result_schema", "sections", "workbook", "write_files"]
