"""The self-contained HTML report and the charts it shares with the web app.

`ReportContent` is all a report knows; `render_report` turns it into one HTML file.
"""

from segmentry.report.content import ReportContent
from segmentry.report.html import has_charts, render_report, write_report

__all__ = ["ReportContent", "has_charts", "render_report", "write_report"]
