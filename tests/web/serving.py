"""`recode serve` in a process of its own, and the processes that it starts."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.support.waiting import PATIENCE, wait_until
from tests.tui.vanishing import descendants, until_gone


@dataclass(frozen=True)
class Served:
    """A server that runs. `address` is that of its page."""

    process: subprocess.Popen[str]
    address: str

    @property
    def origin(self) -> str:
        return re.match(r"http://[^/]+", self.address)[0]  # type: ignore[index]

    @property
    def websocket(self) -> str:
        return f"{self.address.replace('http', 'ws', 1)}ws?width=120&height=40"

    def apps(self) -> list[int]:
        """The processes of the server, with all that they started."""
        return [*descendants(self.process.pid)]

    def wait_for_apps(self, *, gone: bool = False) -> list[int]:
        """Wait until there is an app, or none any more."""
        wait_until(lambda: bool(self.apps()) != gone)
        return self.apps()

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """End the server; returns its exit code and what it printed. All it started is gone then."""
        family = self.apps()
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=PATIENCE)
        assert not [pid for pid in family if until_gone(pid, monotonic() + PATIENCE)]
        return self.process.returncode, out, err


@contextmanager
def serving(folder: Path, *arguments: object) -> Iterator[Served]:
    """A server on a free port, whose sessions and settings are in a folder."""
    env = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("DATA", "STATE", "CONFIG")}
    process = subprocess.Popen(
        [sys.executable, "-m", "recode_tui", "serve", "--port", "0", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
        env={**os.environ, **env},
    )
    with process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert "http://" in said, process.communicate()
            yield Served(process, said.split()[-1])
        finally:
            process.kill()
