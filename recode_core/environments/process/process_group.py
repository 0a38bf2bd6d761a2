"""A child process and its descendants: one process group, which is inspected and killed as a whole."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

_GRACE = 1.0  # seconds until a child that closed its connection must have exited
_REAPING = 5.0  # seconds to wait for a killed process, which may be stuck in the kernel


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole group, including stopped processes, and reap its leader. Idempotent."""
    if process.returncode is not None:  # the process id may have been reused
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_REAPING)


def exit_description(process: subprocess.Popen[bytes]) -> str:
    """Kill the group and say how its leader, which stopped answering, ended: "was killed by SIGSEGV"."""
    gone = os.WEXITED | os.WNOWAIT | os.WNOHANG  # not reaped, so that the process id is not reused
    until = time.monotonic() + _GRACE
    with suppress(ChildProcessError):  # another thread reaped it
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
    """Whether a process of the group is stopped; False on a system without /proc."""
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
