"""A report as a self-contained HTML page."""

from recode_core.report.page.page import to_html

__all__ = ["to_html"]
