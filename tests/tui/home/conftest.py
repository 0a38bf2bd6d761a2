"""Folders of sessions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.tui.home.home_pilot import SAMPLES, write_session, write_solved


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of sessions, which does not exist yet."""
    return tmp_path / "sessions"


@pytest.fixture
def three(folder: Path) -> Path:
    """A solved session, an older unfinished one, and a file that is not a session."""
    write_solved(folder, "solved", hour=18)
    write_session(folder, "begun", "heat:1", hour=17, policy="human")
    shutil.copy(SAMPLES.parent / "LICENSE", folder / "licence.jsonl")
    return folder
