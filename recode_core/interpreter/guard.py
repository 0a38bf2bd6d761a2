"""A watchdog that ends the sandbox's workers when this process dies, however it dies.

A worker that waits for its next request sees that its input is closed, and exits. One that is busy
does not look, and would burn a CPU until its time limit. The watchdog is a shell that reads which
workers are in use from a pipe; the pipe ends with this process, SIGKILL included.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import threading
from contextlib import suppress

# Only workers in use are on the list, so a process id that is used again is never on it for long.
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
_PATIENCE = 5.0  # seconds that the shell has to end; it is only not to be left as a zombie


class Guard:
    """The watchdog of this process, started with the first worker. Without a shell there is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shell: subprocess.Popen[bytes] | None = None
        self._is_started = False

    def watch(self, pid: int) -> None:
        """A worker is in use."""
        self._tell(f"+ {pid}\n")

    def forget(self, pid: int) -> None:
        """A worker is in use no longer."""
        self._tell(f"- {pid}\n")

    def close(self) -> None:
        """End the watchdog, and the workers still in use. Idempotent."""
        with self._lock:
            shell, self._shell = self._shell, None
        if shell is not None and shell.stdin is not None:
            with suppress(OSError):
                shell.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                shell.wait(_PATIENCE)

    def _tell(self, line: str) -> None:
        with self._lock:
            if not self._is_started:
                self._is_started = True
                self._shell = _started()
                atexit.register(self.close)
            if self._shell is None or self._shell.stdin is None:
                return
            try:
                self._shell.stdin.write(line.encode())
            except OSError:  # somebody ended it: go on without
                self._shell = None


def _started() -> subprocess.Popen[bytes] | None:
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
            start_new_session=True,  # ctrl+c, and the end of the terminal, are not for it
        )
    except OSError:
        return None
