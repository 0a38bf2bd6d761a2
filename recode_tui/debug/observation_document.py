"""An observation's page as lines of a document. Texts are rendered literally, without markup."""

from __future__ import annotations

from textual.content import Content

from recode_core.environments.layout import Page, Role, Row
from recode_tui.text import plain
from recode_tui.widgets.document import Document

_STEP = "  "
_STYLES: dict[Role, str] = {
    "plain": "",
    "heading": "bold",
    "thing": "$primary",
    "button": "$primary on $panel",
    "chosen": "bold $success on $panel",
    "price": "$success",
    "quiet": "$quiet",
    "refused": "$error",
}


def document(page: Page) -> Document:
    """Return a page as a document for a text view."""
    return Document([_line(row) for row in page.rows])


def _line(row: Row) -> Content:
    pieces = (Content.styled(plain(piece.text), _STYLES[piece.role]) for piece in row.pieces)
    return Content.assemble(_STEP * row.indent, *pieces)
