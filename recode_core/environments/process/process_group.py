"""A child process and all that it starts: one process group, which is looked at and ended as one."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

_GRACE = 1.0  # seconds for a child that closed its end to be gone
_REAPING = 5.0  # seconds; a process that the kernel holds on to is left to it


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole group, stopped processes too, and take the leader's exit code. Idempotent."""
    if process.returncode is not None:  # its number may be another's by now
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_REAPING)


def how_it_ended(process: subprocess.Popen[bytes]) -> str:
    """What became of a leader that answers no more; the group is ended."""
    gone = os.WEXITED | os.WNOWAIT | os.WNOHANG  # it stays a zombie, so that its number stays its own
    until = time.monotonic() + _GRACE
    with suppress(ChildProcessError):  # another thread ended it
        while process.returncode is None and os.waitid(os.P_PID, process.pid, gone) is None:
            if time.monotonic() > until:
                end(process)
                return "closed the connection"
            time.sleep(0.01)
    end(process)
    code = process.returncode
    if code is None or code >= 0:
        return f"ended with exit code {code}"
    return f"was killed by {_name(-code)}"


def is_stopped(group: int) -> bool:
    """Whether a process of the group is stopped, where the system tells."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if state == "T" and int(its_group) == group:
                return True
    return False


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
