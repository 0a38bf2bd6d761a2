"""How an observation is best read: its words in rows, each piece of a row with its role."""

from __future__ import annotations

from typing import Literal

import msgspec

Role = Literal["plain", "heading", "thing", "button", "chosen", "price", "quiet", "refused"]
"""What a piece of text is: `thing` can be acted on, `button` is what an action names, `chosen` one that was
chosen, `refused` says that an action did nothing."""


class Piece(msgspec.Struct, frozen=True):
    """Some text of a row."""

    text: str
    role: Role = "plain"


class Row(msgspec.Struct, frozen=True):
    """Pieces side by side, moved in by `indent` steps; without any an empty line."""

    pieces: tuple[Piece, ...] = ()
    indent: int = 0

    @property
    def text(self) -> str:
        """All of its text, without the indent."""
        return "".join(piece.text for piece in self.pieces)


class Page(msgspec.Struct, frozen=True):
    """An observation laid out. `kind` says what is seen, where there are several sorts."""

    rows: tuple[Row, ...]
    kind: str = ""


def row(text: str, role: Role = "plain", indent: int = 0) -> Row:
    """A row of one piece."""
    return Row((Piece(text, role),), indent)


def named(before: str, thing: str, after: str, indent: int) -> Row:
    """A row that names a thing among what is said of it."""
    pieces = (Piece(before, "quiet"), Piece(thing, "thing"), Piece(after, "quiet"))
    return Row(tuple(piece for piece in pieces if piece.text), indent)


def as_it_is(text: str) -> Page:
    """A text line by line."""
    return Page(tuple(row(line) for line in text.split("\n")))
