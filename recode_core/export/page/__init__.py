"""A session as one page of HTML that needs neither a network nor a script."""

from recode_core.export.page.page import page

__all__ = ["page"]
