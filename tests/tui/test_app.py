"""How the app exits."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.css.query import NoMatches

from recode_tui import shutdown
from recode_tui.app import CRASHED, AppExit, RecodeApp

HANDLE_ERROR = RecodeApp.handle_error


async def test_an_unmounted_screen_does_not_hide_why_the_app_exits(tmp_path: Path) -> None:
    app = RecodeApp(tmp_path)
    async with app.run_test():
        app.interrupt()
        app._handle_exception(NoMatches("No nodes match 'Sessions' on HomeScreen()"))
    assert isinstance(app.return_value, AppExit)
    assert app.return_value.code == shutdown.INTERRUPTED


async def test_a_missing_widget_in_a_running_app_is_raised(tmp_path: Path) -> None:
    with pytest.raises(NoMatches):
        async with RecodeApp(tmp_path).run_test() as pilot:
            pilot.app._handle_exception(NoMatches("No nodes match 'Sessions' on HomeScreen()"))


async def test_an_unhandled_exception_ends_the_app_with_its_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RecodeApp, "handle_error", HANDLE_ERROR)
    app = RecodeApp(tmp_path)
    async with app.run_test():
        app._handle_exception(ZeroDivisionError("a fault"))
    assert isinstance(app.return_value, AppExit)
    assert (app.return_value.message, app.return_value.code) == (CRASHED, 70)
    assert "ZeroDivisionError: a fault" in app.return_value.trace
