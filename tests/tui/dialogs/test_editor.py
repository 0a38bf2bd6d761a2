"""The editor: what is typed, checked, refused, compared, left and kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.pilot import Pilot

from recode_tui.debug.dialogs.confirm import DraftDecisionScreen
from recode_tui.debug.dialogs.diff_confirm import DiffConfirmScreen
from recode_tui.debug.dialogs.editor import EditorScreen
from recode_tui.debug.dialogs.external_editor import edited_outside
from recode_tui.debug.dialogs.validation import check_code
from recode_tui.themes import LIGHT
from recode_tui.widgets.fault import Fault
from recode_tui.widgets.text_box import TextBox
from tests.tui.keys import press

if TYPE_CHECKING:
    from tests.tui.dialogs.conftest import DialogHost, Opener

CODE = "x = 1\nfor place in places:\n    run(place)"
CHECK = check_code(frozenset({"places"}))


def box_of(app: DialogHost) -> TextBox:
    return app.screen.query_one(TextBox)


async def checked(app: DialogHost, pilot: Pilot[None]) -> None:
    """Wait until the text is checked, and taken or compared if that was asked for."""
    while any(not worker.is_finished and app.screen is worker.node for worker in app.workers):
        await pilot.pause(0.01)
    await pilot.pause()


async def test_what_is_typed_is_accepted_as_it_is_where_nothing_is_replaced(opened: Opener) -> None:
    async with opened(EditorScreen("Expand: find(x)", "", check=CHECK)) as (app, pilot):
        assert "Expand: find(x)" in app.seen()
        await pilot.press(*"y = 2", "ctrl+s")
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()

    assert app.answers == ["y = 2"]


async def test_code_that_replaces_other_code_is_compared_before(opened: Opener) -> None:
    async with opened(EditorScreen("Edit", CODE, check=CHECK)) as (app, pilot):
        await pilot.press("end", "backspace", "7", "ctrl+s")
        await checked(app, pilot)
        assert isinstance(app.screen, DiffConfirmScreen)
        assert "- x = 1" in app.seen() and "+ x = 7" in app.seen()
        await pilot.press("escape")
        await pilot.pause()
        assert box_of(app).text == CODE.replace("1", "7")
        await pilot.press("ctrl+s")
        await checked(app, pilot)
        await pilot.press("enter")
        await pilot.pause()

    assert app.answers == [CODE.replace("1", "7")]


async def test_a_text_that_was_not_changed_is_accepted_without_a_question(opened: Opener) -> None:
    text = "a\x0cb\r\nc"  # the editor would have it otherwise
    async with opened(EditorScreen("Reply", text, language="text")) as (app, pilot):
        await pilot.press("ctrl+s")
        await checked(app, pilot)

    assert app.answers == [text]


async def test_a_fault_is_shown_at_its_place_while_one_types(opened: Opener) -> None:
    async with opened(EditorScreen("Edit", CODE, check=CHECK)) as (app, pilot):
        await press(pilot, "down", "down", "end", "enter", *"return x")
        await checked(app, pilot)
        assert "4✖" in app.seen()
        assert app.said().startswith("4:5  `return` is not allowed")
        await press(pilot, "up", "f8")
        assert box_of(app).cursor_location == (3, 4)
        await press(pilot, "end", *["backspace"] * 10)
        await checked(app, pilot)
        assert "✖" not in app.seen() and app.said() == ""


@pytest.mark.slow
async def test_code_with_a_fault_is_refused_with_the_fault(opened: Opener) -> None:
    async with opened(EditorScreen("Edit", CODE, check=CHECK)) as (app, pilot):
        await pilot.press("home", *"import os", "enter", "ctrl+s")
        await checked(app, pilot)
        assert "1:1  module `os` is not available" in app.said()
        assert box_of(app).cursor_location == (0, 0)
        assert app.answers == []


async def test_a_fault_beyond_the_text_is_shown_at_its_end(opened: Opener) -> None:
    def check(text: str) -> Fault:
        return Fault(99, 99, "what [b]comes[/b] next is missing")

    async with opened(EditorScreen("Edit", "x", check=check)) as (app, pilot):
        await checked(app, pilot)
        assert "what [b]comes[/b] next is missing" in app.said()
        await pilot.press("f8")
        assert box_of(app).cursor_location == (0, 1)


async def test_escape_leaves_at_once_where_nothing_was_changed(opened: Opener) -> None:
    screen = EditorScreen("Edit", CODE, check=CHECK)
    async with opened(screen) as (app, pilot):
        await pilot.press("escape")
        await pilot.pause()

    assert app.answers == [None] and screen.draft is None


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("keys", "answers", "draft"),
    [
        (["escape"], [], None),
        (["n"], [], None),
        (["enter"], [], None),
        (["k"], [None], "z" + CODE),
        (["down", "enter"], [None], "z" + CODE),
        (["d"], [None], None),
    ],
)
async def test_escape_asks_what_becomes_of_an_edit(
    opened: Opener, keys: list[str], answers: list[None], draft: str | None
) -> None:
    screen = EditorScreen("Edit", CODE, check=CHECK)
    async with opened(screen) as (app, pilot):
        await pilot.press("z", "escape")
        await pilot.pause()
        assert isinstance(app.screen, DraftDecisionScreen)
        await pilot.press(*keys)
        await pilot.pause()
        assert app.answers == answers and screen.draft == draft
        if not answers:
            assert box_of(app).text == "z" + CODE


async def test_a_draft_is_gone_on_with_and_compared_with_what_was_there_before(opened: Opener) -> None:
    async with opened(EditorScreen("Edit", CODE, check=CHECK, draft="y = 2")) as (app, pilot):
        assert box_of(app).text == "y = 2"
        await pilot.press("ctrl+s")
        await checked(app, pilot)
        assert isinstance(app.screen, DiffConfirmScreen)
        assert "x = 1" in app.seen()


@pytest.mark.slow
async def test_new_lines_are_indented_as_code_is(opened: Opener) -> None:
    async with opened(EditorScreen("Edit", "")) as (app, pilot):
        await pilot.press(*"if a:", "enter", *"b", "enter", *"c", "enter", "backspace", *"d")
        assert box_of(app).text == "if a:\n    b\n    c\nd"
        await pilot.press("shift+up", "shift+up", "tab")
        assert box_of(app).text == "if a:\n        b\n        c\n    d"
        await pilot.press("shift+tab", "shift+tab")
        assert box_of(app).text == "if a:\nb\nc\nd"
        await pilot.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert box_of(app).text == "if a:\n    b\n    c\nd"


async def test_ctrl_e_stays_the_end_of_the_line(opened: Opener) -> None:
    async with opened(EditorScreen("Edit", CODE)) as (app, pilot):
        await pilot.press("ctrl+e")
        assert box_of(app).cursor_location == (0, 5)


async def test_code_is_coloured_in_both_themes(opened: Opener) -> None:
    async with opened(EditorScreen("Edit", "for x in 'abc':\n    pass")) as (app, pilot):
        for theme in (app.theme, LIGHT.name):
            app.theme = theme
            await pilot.pause()
            await pilot.pause()
            styles = {s.text: s.style for s in box_of(app).render_line(0) if s.style is not None}
            secondary = app.current_theme.secondary
            assert secondary is not None
            assert next(style for text, style in styles.items() if "or" in text).color is not None
            assert any(str(style.color.name) == secondary for style in styles.values() if style.color)


async def test_control_codes_of_a_text_never_reach_the_terminal(opened: Opener) -> None:
    async with opened(EditorScreen("a\x1b[2J", "b\x1b[2J", language="text", note="c\x1b[2J")) as (app, _):
        assert "\x1b" not in app.seen()
        assert "b␛[2J" in app.seen() and "c␛[2J" in app.seen()


@pytest.mark.slow
async def test_the_note_can_be_reached_and_left(opened: Opener) -> None:
    note = "\n".join(f"v{n}: int = {n}" for n in range(40))
    async with opened(EditorScreen("Expand: find(x)", "", note=note)) as (app, pilot):
        assert "v0: int = 0" in app.seen()
        await pilot.press("f4", "end")
        await pilot.pause()
        assert "v39: int = 39" in app.seen()
        await pilot.press("f4", "y")
        assert box_of(app).text == "y"


async def test_the_footer_is_pressed_with_the_mouse(opened: Opener) -> None:
    async with opened(EditorScreen("Edit", CODE)) as (app, pilot):
        row = next(y for y, line in enumerate(app.seen().split("\n")) if "accept" in line)
        await pilot.click(offset=(app.seen().split("\n")[row].index("accept") + 1, row))
        await checked(app, pilot)

    assert app.answers == [CODE]


@pytest.mark.slow
async def test_a_key_after_a_paste_of_5000_lines_is_typed(opened: Opener) -> None:
    async with opened(EditorScreen("Edit", "", check=CHECK)) as (app, pilot):
        app.post_message(events.Paste("x = run('go to drawer 1')  # and so on\n" * 5000))
        await pilot.pause()
        await pilot.press("y")
        assert box_of(app).document.line_count > 5000
        assert box_of(app).text.endswith("y")


def editor(path: Path, code: str) -> str:
    """The command of an editor that runs some Python on the file, given as `path`."""
    script = path / "editor.py"
    script.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[2])\n{code}\n")
    return f"python3 '{script}' -w"


async def test_another_editor_edits_the_text(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "assert path.suffix == '.py'\npath.write_text(path.read_text().replace('1', '7') + '\\n')"
    monkeypatch.setenv("VISUAL", editor(tmp_path, code))
    async with opened(EditorScreen("Edit", CODE, check=CHECK)) as (app, pilot):
        await pilot.press("ctrl+o")
        assert box_of(app).text == CODE.replace("1", "7")
        await pilot.press("ctrl+z")
        assert box_of(app).text == CODE
        assert not app.is_suspended


async def test_what_another_editor_wrote_is_checked_and_compared_as_what_is_typed(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, "path.write_text('import os')"))
    async with opened(EditorScreen("Edit", CODE, check=CHECK)) as (app, pilot):
        await pilot.press("ctrl+o", "ctrl+s")
        await checked(app, pilot)
        assert "module `os` is not available" in app.said()
        monkeypatch.setenv("VISUAL", editor(tmp_path, "path.write_text('x = 7')"))
        await pilot.press("ctrl+o", "ctrl+s")
        await checked(app, pilot)
        assert isinstance(app.screen, DiffConfirmScreen) and "+ x = 7" in app.seen()


@pytest.mark.parametrize(
    ("before", "written", "after"),
    [
        ("a\nb", b"\xef\xbb\xbfa\r\nc\r\n", "a\nc"),
        ("a\nb\n", b"a\r\nc\r\n", "a\nc\n"),
        ("a\nb", b"\xef\xbb\xbfa\r\nb\r\n", "a\nb"),
        ("a\r\nb", b"a\r\nc", "a\r\nc"),
        ("\ufeffa", b"\xef\xbb\xbfc", "\ufeffc"),
    ],
)
async def test_a_byte_order_mark_and_line_ends_that_another_editor_adds_are_dropped(
    opened: Opener,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    written: bytes,
    after: str,
) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, f"path.write_bytes({written!r})"))
    async with opened(EditorScreen("Edit", "")) as (app, _):
        assert edited_outside(app, before, ".txt") == after


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("pass", "the editor changed nothing"),
        ("sys.exit(3)", "ended with code 3; nothing was changed"),
        ("path.write_bytes(b'\\xff\\xfe')", "can't be read"),
        ("path.unlink()", "can't be read"),
    ],
)
async def test_nothing_is_lost_by_another_editor(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    monkeypatch.setenv("VISUAL", editor(tmp_path, code))
    async with opened(EditorScreen("Edit", CODE, check=CHECK)) as (app, pilot):
        await pilot.press("z", "ctrl+o")
        assert box_of(app).text == "z" + CODE
        assert said in app.said()
        assert not app.is_suspended


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("", "no editor is set; set $VISUAL or $EDITOR"),
        ("no-such-editor -w", "'no-such-editor' can't be started"),
        ("'open", "which is not a command"),
    ],
)
async def test_an_editor_that_cannot_be_started_is_said(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, command: str, said: str
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    async with opened(EditorScreen("Edit", CODE)) as (app, pilot):
        await pilot.press("ctrl+o")
        assert said in app.said()
        assert not app.is_suspended


async def test_a_terminal_that_cannot_be_lent_is_said(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "true")
    async with opened(EditorScreen("Edit", CODE)) as (app, pilot):
        app.can_suspend = False
        await pilot.press("ctrl+o")
        assert "can't be lent" in app.said()
