"""The engine of the ReCode debugger: run agents, debug them, open recorded sessions.

Examples:
    >>> import recode_core as recode
    >>> recode.run("household", "put:7", policy="expert").solved
    True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recode_core.version import __version__

if TYPE_CHECKING:
    from recode_core.api import RunResult, debug, open, run, run_async

__all__ = ["RunResult", "__version__", "debug", "open", "run", "run_async"]


def __getattr__(name: str) -> object:
    """Load the API when it is first used: commands that don't need it start faster."""
    if name in __all__:
        from recode_core import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
