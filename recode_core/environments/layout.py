"""The layout of an observation for display: rows of text, in pieces that have a role each."""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["plain", "heading", "thing", "button", "chosen", "price", "quiet", "refused"]
"""The role of a piece of text. `thing`: can be acted on; `button`: a link or choice that an action names;
`chosen`: a selected button; `quiet`: secondary text; `refused`: the answer to an action without effect."""


class Piece(msgspec.Struct, frozen=True):
    """A part of a row with one role."""

    text: str
    role: Role = "plain"


class Row(msgspec.Struct, frozen=True):
    """Pieces on one line, indented by `indent` levels. A row without pieces is an empty line."""

    pieces: tuple[Piece, ...] = ()
    indent: int = 0

    @property
    def text(self) -> str:
        """The text of all pieces, without the indent."""
        return "".join(piece.text for piece in self.pieces)


class Page(msgspec.Struct, frozen=True):
    """The layout of an observation. `kind` describes it, such as "results", if there are several kinds."""

    rows: tuple[Row, ...]
    kind: str = ""


def row(text: str, role: Role = "plain", indent: int = 0) -> Row:
    """A row of one piece."""
    return Row((Piece(text, role),), indent)


def named(before: str, thing: str, after: str, indent: int) -> Row:
    """A row with the name of a thing between quiet texts; empty ones are left out."""
    pieces = (Piece(before, "quiet"), Piece(thing, "thing"), Piece(after, "quiet"))
    return Row(tuple(piece for piece in pieces if piece.text), indent)


def as_it_is(text: str) -> Page:
    """The unformatted page of a text, with a row for each line."""
    return Page(tuple(row(line) for line in text.split("\n")))
