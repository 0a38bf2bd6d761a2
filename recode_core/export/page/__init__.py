"""A session as a self-contained HTML page that needs no network."""

from recode_core.export.page.page import page

__all__ = ["page"]
