"""What is drawn of a line that changed is what Textual's own compositor draws there; each resize is sent."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
from rich.segment import Segment
from textual._compositor import Compositor
from textual.app import ComposeResult
from textual.strip import Strip

from recode_tui import session_sources
from recode_tui._textual.compositor import SpanCompositor, SpanScreen
from recode_tui._textual.span_update import Span
from recode_tui.app import RecodeApp
from recode_tui.widgets.text_view import Document, TextView
from tests.tui.debug.debugger_pilot import DebuggerPilot
from tests.tui.themed import ThemedApp

SAMPLES = Path(__file__).parents[2] / "sessions"


def spans_of(chance: random.Random, columns: int, rows: int) -> list[Span]:
    """Some lines, in each of them some columns."""
    spans = []
    for y in sorted(chance.sample(range(rows), chance.randint(1, rows))):
        start, end = sorted(chance.sample(range(columns + 1), 2))
        spans.append((y, start, end))
    return spans


def pieces(strip: Strip | None) -> list[Segment]:
    """What a strip writes."""
    assert strip is not None
    return [segment for segment in strip if segment.text]


def compare(ui: DebuggerPilot, chance: random.Random) -> int:
    """Every piece that meets a span, beside Textual's; how many there were."""
    compositor = ui.screen._compositor
    assert isinstance(compositor, SpanCompositor)
    size, compared = compositor.size, 0
    theirs = Compositor._render_chops(compositor, size.region, lambda y: True)
    for _ in range(20):
        spans = spans_of(chance, size.width, size.height)
        ours = compositor.chops(spans)
        for y, start, end in spans:
            cuts = compositor.cuts[y]
            for x, after in pairwise(cuts):
                if x < end and after > start:
                    assert pieces(ours[y][x]) == pieces(theirs[y][x]), (y, x, after)
                    compared += 1
                else:
                    assert ours[y][x] is None
    return compared


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids="{0[0]}x{0[1]}".format)
async def test_every_piece_that_changed_is_drawn_as_textual_draws_it(size: tuple[int, int]) -> None:
    chance = random.Random(7)
    app = RecodeApp(SAMPLES, session_sources.recording(SAMPLES / "household-mended.jsonl"))
    async with app.run_test(size=size, notifications=True) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: ui.screen.frame is not None)
        await ui.press("S", "S", "S")
        assert compare(ui, chance) > 200
        app.notify("something that lies over the panels", timeout=60)
        await ui.until(lambda: "lies over" in ui.seen)
        await ui.press("C", "plus")
        assert compare(ui, chance) > 100
        ui.screen.engine.close()


async def test_what_is_on_the_terminal_after_each_key_is_the_whole_screen() -> None:
    """Only spans are written, key after key: together they leave what would be drawn anew."""
    app = RecodeApp(SAMPLES, session_sources.recording(SAMPLES / "household-mended.jsonl"))
    async with app.run_test(size=(120, 40)) as pilot:
        ui = DebuggerPilot(app, pilot)
        await ui.until(lambda: ui.screen.frame is not None)
        ui.screen._compositor_refresh = lambda: None  # type: ignore[method-assign]
        terminal = [list(line.text) for line in ui.screen._compositor.render_strips()]
        for key in (
            "C",
            "s",
            "s",
            "n",
            "down",
            "down",
            "2",
            "down",
            "c",
            "S",
            "N",
            "slash",
            "r",
            "escape",
            "5",
        ):
            await ui.press(key)
            compositor = ui.screen._compositor
            compositor.update_widgets({*compositor.visible_widgets})
            update = compositor.render_partial_update()
            if update is not None:
                for y, _, _ in update.spans:
                    for x, strip in update.chops[y].items():
                        if strip is not None:
                            terminal[y][x : x + strip.cell_length] = strip.text
            assert ["".join(line) for line in terminal] == [line.text for line in compositor.render_strips()]
        ui.screen.engine.close()


class Hidden(SpanScreen[None]):
    """A wrapped text that is hidden at first."""

    CSS = "TextView { width: 40; display: none; }"

    def compose(self) -> ComposeResult:
        yield TextView(Document.of("word " * 20), wrap=True)


async def test_a_size_that_is_read_before_the_layout_does_not_hide_the_resize() -> None:
    app = ThemedApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Hidden())
        await pilot.pause()
        view = app.screen.query_one(TextView)
        view.styles.display = "block"
        app.screen._compositor._full_map_invalidated = True  # as after a scroll
        assert view.text_width == 39
        await pilot.pause()
        assert view.rows.height == 3
