"""The app as a whole: how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.css.query import NoMatches

from recode_tui import ending
from recode_tui.app import FAILED, Ending, RecodeApp


async def test_a_screen_that_is_taken_down_does_not_hide_why_the_app_ends(tmp_path: Path) -> None:
    app = RecodeApp(tmp_path)
    async with app.run_test():
        app.end()
        app._handle_exception(NoMatches("No nodes match 'Sessions' on HomeScreen()"))
    assert isinstance(app.return_value, Ending)
    assert app.return_value.code == ending.INTERRUPTED


async def test_a_widget_that_is_missing_in_the_midst_of_it_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(NoMatches):
        async with RecodeApp(tmp_path).run_test() as pilot:
            pilot.app._handle_exception(NoMatches("No nodes match 'Sessions' on HomeScreen()"))


async def test_outside_of_tests_a_fault_ends_the_app_with_its_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = RecodeApp(tmp_path)
    async with app.run_test():
        with monkeypatch.context() as patch:
            patch.setattr(RecodeApp, "is_headless", False)
            app._handle_exception(ZeroDivisionError("a fault"))
    assert isinstance(app.return_value, Ending)
    assert (str(app.return_value), app.return_value.code) == (FAILED, 70)
    assert "ZeroDivisionError: a fault" in app.return_value.trace
