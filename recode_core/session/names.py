"""Sessions by the names that they are listed under."""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from recode_core.errors import SessionError
from recode_core.session.catalog import listed

LAST = "last"
"""The name of the newest session, unless one is called so."""

_SHOWN = 8  # matches of an ambiguous name


def find(name: str, folders: Sequence[Path]) -> Path:
    """The file or folder of that path, or the session of that name in one of the folders.

    A name may lack its ending, or be the beginning of just one; `last` is the newest session of the first
    folder. Raises SessionError with the matches of an ambiguous name, or those nearest to an unknown one.
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
        raise SessionError(f"{name!r} is the beginning of several sessions: {found}{more}; write more of it")
    near = get_close_matches(stem, known, n=3, cutoff=0.5)
    advice = f"did you mean {' or '.join(near)}?" if near else "recode sessions lists them"
    raise SessionError(f"{name} cannot be read: No such file, and no session of that name; {advice}")


def names(folders: Sequence[Path]) -> dict[str, Path]:
    """The sessions of these folders by name; of equal names the one in the earlier folder. None is read."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        try:
            found |= {path.stem: path for path in folder.glob("*.jsonl") if path.name[0] != "."}
        except OSError:  # it cannot be read, or is gone
            continue
    return found


def _newest(folder: Path) -> Path:
    for entry in listed(folder):
        if entry.header is not None:
            return entry.path
    raise SessionError(f"there is no last session: {folder} holds none")
