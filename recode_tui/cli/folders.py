"""The folders of sessions, and sessions by their names."""

from __future__ import annotations

from pathlib import Path


def sessions_folder() -> Path:
    """The default folder of sessions."""
    import platformdirs

    return platformdirs.user_data_path("recode", appauthor=False) / "sessions"


def session_folders() -> tuple[Path, Path]:
    """The folders that are searched for names of sessions: the user's, and the samples."""
    from recode_tui.session_sources import samples_dir

    return sessions_folder(), samples_dir()


def find_session(name: str) -> Path:
    """The file of a session, given by its path or its name. Raises SessionError."""
    from recode_core.session.names import find

    return find(name, session_folders())
