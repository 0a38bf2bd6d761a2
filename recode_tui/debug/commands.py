"""The commands of the debugger, for the screen; the first access imports them.

The import takes as long as the rest of the screen together. The engine's thread does it while it opens the
session, and the screen creates no command before that, so that keys never wait for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recode_core.debugger.commands import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):  # asked by the import system
            raise AttributeError(name)
        return getattr(importlib.import_module("recode_core.debugger.commands"), name)
