"""An update of the screen that writes only what the terminal does not show yet, with few control codes.

Textual writes each changed line in full, and each of its segments with all codes of its style, and a reset
after it. When a list scrolls, that is twice the bytes that are needed: the pieces beside it are the same as
before, and neighbouring segments have the same background. The terminal reads them in as many turns, which
is felt over a slow connection.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip

Written = dict[tuple[int, int], str]
"""The texts that the terminal shows, by the line and first column of a piece between the edges of widgets."""

Chops = dict[int, Strip | None]
"""A line in pieces between the edges of widgets, by first column. A piece that is None is not drawn."""

Span = tuple[int, int, int]
"""A line of the screen and the half-open range of its columns that changed."""

_RESET = "\x1b[0m"


class SpanUpdate(ChopsUpdate):
    """An update that knows what was written before, and records what it writes."""

    def __init__(
        self, chops: list[Chops], spans: list[Span], chop_ends: list[list[int]], written: Written
    ) -> None:
        super().__init__(chops, spans, chop_ends)
        self.written = written

    def render_segments(self, console: Console) -> str:
        """The control codes and texts to write."""
        texts: list[str] = []
        written = self.written
        for y, start, end in self.spans:
            for after, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= end or after <= start:
                    continue
                is_whole = after <= end
                text = styled(strip if is_whole else strip.crop(0, end - x), console)
                if is_whole and written.get((y, x)) == text:
                    continue
                if is_whole:
                    written[y, x] = text
                else:
                    written.pop((y, x), None)  # the rest of the piece stays as it was
                texts.append(f"\x1b[{y + 1};{x + 1}H{text}")
        return "".join(texts)


def styled(strip: Strip, console: Console) -> str:
    """The text of a strip with the codes of its styles, each time only those that change. It is cached.

    Begins with all codes of the first style and ends with a reset, so that such texts can be joined.
    """
    if strip._render_cache is None:
        system = console._color_system or ColorSystem.TRUECOLOR
        texts: list[str] = []
        before: Style | None = None
        for text, style, control in strip:
            if control or (style is not None and style.link):
                return strip.render(console)
            if not text:
                continue
            texts.append(f"{_change(before, style, system)}{text}")
            before = style
        texts.append(_change(before, None, system))
        strip._render_cache = "".join(texts)
    return strip._render_cache


@lru_cache(4096)
def _change(before: Style | None, after: Style | None, system: ColorSystem) -> str:
    """The codes that change a style into another. None is a style without codes."""
    old, new = _codes(before, system), _codes(after, system)
    if old == new:
        return ""
    if not any(new):
        return _RESET
    if not any(old):
        return f"\x1b[{';'.join(code for code in new if code)}m"
    changed = [code for code, replaced in zip(new, old, strict=True) if code != replaced]
    if old[0] != new[0] or not all(changed):  # an attribute or a color is left by a reset alone
        return f"\x1b[0;{';'.join(code for code in new if code)}m"
    return f"\x1b[{';'.join(changed)}m"


def _codes(style: Style | None, system: ColorSystem) -> tuple[str, str, str]:
    """The codes of a style's attributes, of its color and of its background."""
    if style is None:
        return "", "", ""
    parts = (
        style.without_color,
        Style(color=style.color) if style.color else None,
        Style(bgcolor=style.bgcolor) if style.bgcolor else None,
    )
    attributes, color, background = (
        Strip.render_ansi(part, system) if part is not None else "" for part in parts
    )
    return attributes, color, background
