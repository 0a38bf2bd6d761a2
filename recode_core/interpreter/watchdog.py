"""A watchdog that ends the workers of the sandbox when this process dies, even by SIGKILL.

An idle worker notices that its input is closed, and exits. A busy one does not, and would use a CPU until its
time limit. The watchdog is a shell that reads the ids of busy workers from a pipe. The pipe is closed when
this process ends, and the shell then ends the workers.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import threading
from contextlib import suppress

# The list contains busy workers only, so an id that the system has reused is not on it for long.
_SCRIPT = """
trap '' HUP INT TERM
busy=' '
while read -r sign pid; do
    case $busy in *" $pid "*) busy="${busy%%" $pid "*} ${busy#*" $pid "}" ;; esac
    if [ "$sign" = + ]; then busy="$busy$pid "; fi
done
set -- $busy
if [ $# -gt 0 ]; then kill -9 "$@" 2>/dev/null; fi
"""
_EXIT_TIMEOUT = 5.0  # seconds to wait for the end of the shell, so that it is not left as a zombie


class Watchdog:
    """The watchdog of this process. It starts with the first worker; without a shell it does nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shell: subprocess.Popen[bytes] | None = None
        self._is_started = False

    def watch(self, pid: int) -> None:
        """Add a worker to the list."""
        self._send(f"+ {pid}\n")

    def forget(self, pid: int) -> None:
        """Remove a worker from the list."""
        self._send(f"- {pid}\n")

    def close(self) -> None:
        """End the watchdog and the workers on its list. Idempotent."""
        with self._lock:
            shell, self._shell = self._shell, None
        if shell is not None and shell.stdin is not None:
            with suppress(OSError):
                shell.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                shell.wait(_EXIT_TIMEOUT)

    def _send(self, line: str) -> None:
        with self._lock:
            if not self._is_started:
                self._is_started = True
                self._shell = _start_shell()
                atexit.register(self.close)
            if self._shell is None or self._shell.stdin is None:
                return
            try:
                self._shell.stdin.write(line.encode())
            except OSError:  # the shell was ended from outside; continue without it
                self._shell = None


def _start_shell() -> subprocess.Popen[bytes] | None:
    if os.name != "posix":
        return None
    try:
        return subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # ctrl+c and a hang-up of the terminal must not end it
        )
    except OSError:
        return None
