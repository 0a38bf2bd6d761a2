"""Finding sessions by name."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from recode_core.errors import SessionError

LAST = "last"
"""An alias of the newest session, unless a session has this name."""

_SHOWN = 8  # matches of an ambiguous name


def find(name: str, folders: Sequence[Path]) -> Path:
    """The file or folder at a path, or the session with a name in one of the folders.

    The extension may be omitted, and a unique prefix is enough; `last` is the newest session of the first
    folder. Raises SessionError with the matches of an ambiguous name, or with similar names for an unknown
    one.
    """
    if os.path.exists(name) or Path(name).name != name:  # noqa: PTH110 (it raises for no name)
        return Path(name)
    known, stem = names(folders), name.removesuffix(".jsonl").rstrip("…")
    if stem in known:
        return known[stem]
    if name == LAST and folders:
        return _newest(folders[0])
    matches = [each for each in known if each.startswith(stem)]
    if len(matches) == 1:
        return known[matches[0]]
    if matches:
        more = f" and {len(matches) - _SHOWN} more" if len(matches) > _SHOWN else ""
        found = ", ".join(sorted(matches, reverse=True)[:_SHOWN])
        raise SessionError(f"ambiguous session name {name!r} (matches: {found}{more}); type more of it")
    from difflib import get_close_matches  # only for a wrong name

    near = get_close_matches(stem, known, n=3, cutoff=0.5)
    advice = f"did you mean {' or '.join(near)}?" if near else "`recode sessions` lists them"
    raise SessionError(f"{name} cannot be read: No such file or session; {advice}")


def names(folders: Sequence[Path]) -> dict[str, Path]:
    """The sessions of folders by name; earlier folders take precedence. No file is read."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        try:
            found |= {path.stem: path for path in folder.glob("*.jsonl") if path.name[0] != "."}
        except OSError:  # unreadable or deleted
            continue
    return found


def _newest(folder: Path) -> Path:
    from recode_core.session.catalog import scan  # it reads sessions

    for entry in scan(folder):
        if entry.header is not None:
            return entry.path
    raise SessionError(f"no last session: {folder} has none")
