"""The session file: a header line, then one record per line. It is the source of truth about a run.

The names below are imported when they are first used: finding a session needs neither its header nor a
sandbox.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recode_core.session.header import AppliedProtocol, Header, Settings, new_header
    from recode_core.session.ids import new_id
    from recode_core.session.reading import Session, read
    from recode_core.session.writing import Writer

__all__ = ["AppliedProtocol", "Header", "Session", "Settings", "Writer", "new_header", "new_id", "read"]

_MODULES = {
    "AppliedProtocol": "header",
    "Header": "header",
    "Session": "reading",
    "Settings": "header",
    "Writer": "writing",
    "new_header": "header",
    "new_id": "ids",
    "read": "reading",
}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
