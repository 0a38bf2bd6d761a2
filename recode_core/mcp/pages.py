"""Bounded texts: a long one is cut into pages, and the client can ask for the next one.

Texts of a recording were written by models and environments. `quoted` indents them, so that they cannot pass
for a line of the debugger's own, and makes invisible characters visible.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator

from recode_core.errors import RecodeError
from recode_core.values import CONTROLS, HIDDEN

SHOWN = 6000
"""Characters of a page."""

_KEPT = 32  # long texts; the oldest is dropped
_LONGEST = 1_000_000  # characters of a text that is kept
_HIDDEN = re.compile(f"[{CONTROLS}{HIDDEN}\u200c\u200d\ud800-\udfff]")


class Pages:
    """Cuts texts, and keeps what is left of the last ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._count = 0

    def first(self, text: str) -> str:
        """The first page of a text, with how to read the next one if there is more."""
        if len(text) <= SHOWN:
            return text
        self._count += 1
        id = f"t{self._count}"
        self._kept[id] = text[:_LONGEST]
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return self.page(id, 0)

    def page(self, id: str, offset: int) -> str:
        """The page of a kept text from a character on. Raises RecodeError."""
        text = self._kept.get(id)
        if text is None:
            raise RecodeError(f"no text {id!r} is kept (available: {', '.join(self._kept) or 'none'})")
        if offset >= len(text):
            raise RecodeError(
                f"the text {id} has {len(text):,} characters; offset {offset:,} is behind its end"
            )
        end = offset + SHOWN
        if end >= len(text):
            return text[offset:]
        end = text.rfind("\n", offset + 1, end) + 1 or end
        left = len(text) - end
        return f"{text[offset:end].rstrip()}\n… {left:,} more characters: more(id={id!r}, offset={end})"


def visible(text: str) -> str:
    """A text with each control code and each invisible character replaced by `�`."""
    return _HIDDEN.sub("�", text)


def quoted(lines: Iterable[str], indent: str = "  ") -> Iterator[str]:
    """Lines of a recording, indented."""
    for line in lines:
        yield from (f"{indent}{part}" for part in visible(line).split("\n"))
