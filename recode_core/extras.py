"""The command that installs an extra into the Python that runs."""

from __future__ import annotations

import shlex
import sys


def install_command(extra: str) -> str:
    """The command for an extra of recode. A bare `pip` may be that of another Python."""
    return f"{shlex.quote(sys.executable)} -m pip install 'recode[{extra}]'"
