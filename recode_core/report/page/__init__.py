"""A report as one HTML page that needs nothing else."""

from recode_core.report.page.page import to_html

__all__ = ["to_html"]
