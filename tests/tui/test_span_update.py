"""What an update writes leaves the terminal as if everything had been written, with fewer bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.ansi import AnsiDecoder
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.screen import Screen
from textual.strip import Strip

from recode_tui import session_sources
from recode_tui._textual.span_update import Chops, SpanUpdate, styled
from recode_tui.app import RecodeApp
from tests.tui.debug.debugger_pilot import DebuggerPilot

SAMPLES = Path(__file__).parents[2] / "sessions"
CONSOLE = Console(color_system="truecolor", force_terminal=True)
Cells = dict[tuple[int, int], tuple[str, Style]]

_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")


def written(text: str, cells: Cells) -> None:
    """Put a text with control codes on a screen."""
    decoder = AnsiDecoder()
    _, *moves = _MOVE.split(text)
    for y, x, line in zip(moves[::3], moves[1::3], moves[2::3], strict=True):
        column = int(x)
        for character, style in _characters(decoder, line.rstrip("\r\n")):
            cells[int(y), column] = character, style
            column += cell_len(character)
        assert decoder.style == Style.null(), "a piece ends with a reset"


def _characters(decoder: AnsiDecoder, line: str) -> Iterator[tuple[str, Style]]:
    text = decoder.decode_line(line)
    for at, character in enumerate(text.plain):
        covering = [span.style for span in text.spans if span.start <= at < span.end]
        yield character, Style.combine([Style(), *(style for style in covering if isinstance(style, Style))])


STYLES = st.builds(
    Style,
    color=st.sampled_from([None, "#a0b0c0", "#102030", "red"]),
    bgcolor=st.sampled_from([None, "#1a1d22", "#15304d"]),
    bold=st.sampled_from([None, True, False]),
    underline=st.sampled_from([None, True]),
    reverse=st.sampled_from([None, True]),
)


@given(st.lists(st.tuples(st.text("ab│ 表", min_size=0, max_size=4), st.none() | STYLES), max_size=6))
def test_each_character_has_its_style(parts: list[tuple[str, Style | None]]) -> None:
    segments = [Segment(text, style) for text, style in parts]
    ours: Cells = {}
    theirs: Cells = {}
    written("\x1b[1;1H" + styled(Strip(segments), CONSOLE), ours)
    written("\x1b[1;1H" + Strip(segments).render(CONSOLE), theirs)
    assert ours == theirs
    assert len(styled(Strip(segments), CONSOLE)) <= len(Strip(segments).render(CONSOLE))


def test_a_link_is_written_as_textual_does() -> None:
    strip = Strip([Segment("a", Style(link="https://x.org", bold=True)), Segment("b", Style(italic=True))])
    assert styled(strip, CONSOLE) == Strip(strip).render(CONSOLE)


def test_what_is_shown_already_is_not_written_again() -> None:
    line: Chops = {0: Strip([Segment("left ")]), 5: Strip([Segment("right")])}
    shown: dict[tuple[int, int], str] = {}
    whole = [(0, 0, 10)]
    assert SpanUpdate([line], whole, [[5, 10]], shown).render_segments(CONSOLE).count("H") == 2
    assert SpanUpdate([line], whole, [[5, 10]], shown).render_segments(CONSOLE) == ""
    changed: Chops = {0: line[0], 5: Strip([Segment("RIGHT")])}
    assert SpanUpdate([changed], whole, [[5, 10]], shown).render_segments(CONSOLE) == "\x1b[1;6HRIGHT"
    part = SpanUpdate([line], [(0, 0, 7)], [[5, 10]], shown).render_segments(CONSOLE)
    assert part == "\x1b[1;6Hri"  # the rest of that piece is unknown now, so that it is written next time
    assert SpanUpdate([line], whole, [[5, 10]], shown).render_segments(CONSOLE) == "\x1b[1;6Hright"


KEYS = [*"jjjksSsslhz.nNt12345", "down", "left", "right", "tab", "space", "pagedown", "pageup", "end", "home"]


@pytest.mark.parametrize("seed", range(3))
async def test_the_terminal_shows_what_the_screen_holds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    cells: Cells = {}
    app = RecodeApp(SAMPLES, session_sources.recording(SAMPLES / "household-mended.jsonl"))

    def display(self: RecodeApp, screen: Screen[Any], renderable: object) -> None:
        if isinstance(renderable, CompositorUpdate):
            written(renderable.render_segments(CONSOLE), cells)

    monkeypatch.setattr(RecodeApp, "_display", display)
    async with app.run_test(size=(120, 40)) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: ui.screen.frame is not None)
        await ui.press("S", "S", "S")
        for _ in range(40):
            await ui.press(chance.choice(KEYS))
            if ui.has_dialog:
                await ui.press("escape")
        await pilot.pause(0.3)  # the last details come a few frames later
        expected: Cells = {}
        written(app.screen._compositor.render_full_update().render_segments(CONSOLE), expected)
        differing = {at: (cells.get(at), cell) for at, cell in expected.items() if cells.get(at) != cell}
        assert not differing
        ui.screen.engine.close()
