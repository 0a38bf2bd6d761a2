"""Session files hold prompts and observations, which concern nobody but their owner."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recode_core import episode
from recode_core.debugger import debug_session
from recode_core.session import Settings, read
from recode_core.session.folder import import_file, save

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other systems have no modes")


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_session_and_its_copies_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "run.jsonl"
        with episode.start(Settings("household", "put:7"), path) as played:
            played.run()
        session = read(path)
        kept = save(tmp_path, "kept", session.header, session.records)
        with debug_session.open_readonly(path) as seen:
            seen.save(tmp_path / "saved.jsonl")
        copies = [path, kept, import_file(path, tmp_path / "others"), tmp_path / "saved.jsonl"]
        assert [oct(mode(each)) for each in copies] == ["0o600"] * 4
    finally:
        os.umask(before)
