"""How well what is drawn can be read: the contrast of every text on a screen, as WCAG 2 defines it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME, TerminalTheme
from textual.app import App

DECORATION = frozenset(" ─━│┃╭╮╰╯├└┌┐┘┤┬┴┼▔▁▂▃▄▅▆▇█▊▎▋▌▐▀▏▕⋯·╸╺┊┈")
"""Frames, guides, scrollbars, the line of the timeline and edges of fields: not text."""

LEAST = 4.5
"""The contrast that WCAG 2 asks for text."""


class Pair(NamedTuple):
    """Two colours of a text that stand on each other, and an example of the text."""

    text: ColorTriplet
    ground: ColorTriplet
    example: str

    @property
    def contrast(self) -> float:
        """From 1, which is the same colour twice, to 21."""
        dark, light = sorted((_luminance(self.text), _luminance(self.ground)))
        return (light + 0.05) / (dark + 0.05)


def pairs(
    app: App[Any], palette: TerminalTheme = SVG_EXPORT_THEME, depth: ColorSystem = ColorSystem.TRUECOLOR
) -> Iterator[Pair]:
    """Every pair of colours on the screen, as a terminal of that palette and depth shows it."""
    screen = app.screen
    for y, strip in enumerate(screen._compositor.render_strips(screen.size)):
        for segment in strip:
            if segment.text and set(segment.text) - DECORATION and not segment.control:
                text, ground = _colours(segment, palette, depth)
                yield Pair(text, ground, f"{y}: {segment.text.strip()!r}")


def check(found: Iterable[Pair], least: float = LEAST) -> None:
    """Fail where a text has less contrast than that."""
    found = list(found)
    faint = {
        f"{p.contrast:.2f} {p.text.hex} on {p.ground.hex} {p.example}" for p in found if p.contrast < least
    }
    assert found
    assert not faint, "\n".join(sorted(faint))


def _colours(
    segment: Segment, palette: TerminalTheme, depth: ColorSystem
) -> tuple[ColorTriplet, ColorTriplet]:
    style = segment.style or Style()
    text = _triplet(style.color, palette, depth, is_ground=False)
    ground = _triplet(style.bgcolor, palette, depth, is_ground=True)
    if style.reverse:
        text, ground = ground, text
    if style.dim:
        text = ColorTriplet(*(round((a + b) / 2) for a, b in zip(text, ground, strict=True)))
    return text, ground


def _triplet(
    color: Color | None, palette: TerminalTheme, depth: ColorSystem, is_ground: bool
) -> ColorTriplet:
    if color is None:
        return palette.background_color if is_ground else palette.foreground_color
    return color.downgrade(depth).get_truecolor(palette, foreground=not is_ground)


def _luminance(color: ColorTriplet) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
