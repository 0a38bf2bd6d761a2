"""Fixtures of all tests of the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App

from recode_tui.app import RecodeApp


@pytest.fixture(autouse=True)
def raised_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an app raise its unhandled exceptions in the test, as apps of Textual do."""
    monkeypatch.setattr(RecodeApp, "handle_error", App._handle_exception)


@pytest.fixture(autouse=True)
def user_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the app remembers, it remembers for the length of a test."""
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
