"""A session as a self-contained HTML page without scripts."""

from recode_core.export.page.page import page

__all__ = ["page"]
