"""Fixtures of all tests of the screen."""

from __future__ import annotations

import pytest
from textual.app import App

from recode_tui.app import RecodeApp


@pytest.fixture(autouse=True)
def raised_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an app raise its unhandled exceptions in the test, as apps of Textual do."""
    monkeypatch.setattr(RecodeApp, "handle_error", App._handle_exception)
