"""Undo and redo where text is typed: nothing is lost, whatever was pasted or put in before."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from textual import events
from textual.app import ComposeResult
from textual.document._wrapped_document import WrappedDocument
from textual.widgets.text_area import Selection

from recode_tui.widgets.line_input import LineInput
from recode_tui.widgets.text_box import Language, TextBox
from tests.tui.themed import ThemedApp

LONG = "\n".join(f"line {number}" for number in range(30))
PIECES = (
    "x",
    "\n",
    "a\nb\nc",
    LONG,
    "if x:\n    y = 'é'\n",
    "\t",
    "漢字 " * 30,
    "a\r\nb\r",
    "z\u2028",
    "\x0b",
    "",
)


class BoxApp(ThemedApp):
    """A text box, and below it a field."""

    def __init__(self, text: str = "", language: Language = "python") -> None:
        super().__init__()
        self.box = TextBox(text, language)
        self.field = LineInput()

    def compose(self) -> ComposeResult:
        yield self.box
        yield self.field


@pytest.mark.parametrize("language", ["python", "text"])
async def test_a_paste_that_is_undone_leaves_the_text_as_it_was(language: Language) -> None:
    app = BoxApp("x = 1", language)
    async with app.run_test(size=(40, 10)) as pilot:
        app.post_message(events.Paste(LONG))
        await pilot.pause()
        await pilot.press("ctrl+z")
        assert app.box.text == "x = 1"
        await pilot.press("ctrl+y")
        assert app.box.text == f"{LONG}x = 1"


async def test_a_text_put_in_the_place_of_a_longer_one_can_be_undone_and_redone() -> None:
    app = BoxApp(LONG)
    async with app.run_test(size=(40, 10)) as pilot:
        app.box.replace_all("short")
        await pilot.press("ctrl+z", "ctrl+end", "ctrl+y")
        assert app.box.text == "short"
        await pilot.press("ctrl+z")
        assert app.box.text == LONG


async def test_an_edit_after_an_undo_is_undone_by_itself() -> None:
    app = BoxApp("")
    async with app.run_test(size=(40, 10)) as pilot:
        app.post_message(events.Paste(LONG))
        await pilot.press("ctrl+w", "ctrl+z", "backspace", "ctrl+z")
        assert app.box.text == LONG
        await pilot.press("ctrl+z")
        assert app.box.text == ""


@pytest.mark.parametrize("seed", range(8))
async def test_any_edits_can_be_undone_and_redone(seed: int) -> None:
    rng = random.Random(seed)
    app = BoxApp(rng.choice(PIECES), rng.choice(("python", "text")))
    async with app.run_test(size=(40, 12)) as pilot:
        edits = edits_of(app.box, rng)
        for _ in range(40):
            rng.choice(edits)()
            check_drawn(app.box)
        await pilot.pause()
        while app.box.history.redo_stack:
            app.box.redo()
        last = app.box.text
        batches = len(app.box.history.undo_stack)
        for move in (app.box.undo, app.box.redo, app.box.undo):
            for _ in range(batches):
                move()
                check_drawn(app.box)
            if move == app.box.redo:
                assert app.box.text == last


def edits_of(box: TextBox, rng: random.Random) -> list[Callable[[], object]]:
    def somewhere() -> tuple[int, int]:
        row = rng.randrange(box.document.line_count)
        return row, rng.randint(0, len(box.document.get_line(row)))

    return [
        lambda: box.replace(rng.choice(PIECES), *box.selection, maintain_selection_offset=False),
        lambda: box.replace_all(rng.choice(PIECES)),
        lambda: box.load_text(rng.choice(PIECES)) if rng.random() < 0.2 else None,
        lambda: setattr(box, "selection", Selection(somewhere(), somewhere())),
        lambda: box.insert(rng.choice("ab (\n"), somewhere()),
        box.action_delete_left,
        box.action_delete_word_left,
        box.action_delete_line,
        box.action_dedent if box.is_code else box.action_delete_right,
        *[box.undo, box.redo] * 2,
    ]


def check_drawn(box: TextBox) -> None:
    """What is drawn is the text, and nothing of one before."""
    fresh = WrappedDocument(box.document, tab_width=box.indent_width)
    fresh.wrap(box.wrap_width, box.indent_width)
    assert box.wrapped_document.lines == fresh.lines
    assert box.wrapped_document.height == fresh.height
    for y in range(box.size.height):
        box.render_line(y)


@pytest.mark.slow
async def test_in_a_field_words_are_undone_and_redone() -> None:
    app = BoxApp()
    async with app.run_test() as pilot:
        app.field.focus()
        await pilot.press(*"go to", "ctrl+z")
        assert app.field.value == "go"
        await pilot.press("ctrl+z")
        assert app.field.value == ""
        await pilot.press("ctrl+z", "ctrl+y", "ctrl+y")
        assert app.field.value == "go to"
        await pilot.press("ctrl+u", "ctrl+z")
        assert (app.field.value, app.field.cursor_position) == ("go to", 5)
        await pilot.press("ctrl+w", "x", "ctrl+y")
        assert app.field.value == "go x"
        await pilot.press("ctrl+z", "ctrl+z")
        assert app.field.value == "go to"
