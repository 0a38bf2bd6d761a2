"""Folders of sessions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.tui.home.home_pilot import SAMPLES, made, solved


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the sessions of the test are; it does not exist yet."""
    return tmp_path / "sessions"


@pytest.fixture
def three(folder: Path) -> Path:
    """A solved session, an older one that was broken off, and a file that is none."""
    solved(folder, "solved", hour=18)
    made(folder, "begun", "heat:1", hour=17, policy="human")
    shutil.copy(SAMPLES.parent / "LICENSE", folder / "licence.jsonl")
    return folder
