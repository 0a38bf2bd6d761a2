"""A real `recode run` in a process of its own, which asks its policy only when the test lets it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from tests.support.waiting import PATIENCE, wait_until

_POLICY = """
import os
import time

from recode_core.environments import guard
from recode_core.policies.policy import FreePolicy


class Gated(FreePolicy):
    model = "gated"

    def __init__(self, expert):
        self.sampling = {}
        self._expert = expert
        self._calls = 0

    def expand(self, request, stream):
        self._calls += 1
        while os.stat(os.environ["GATE"]).st_size < self._calls:
            time.sleep(0.002)
        return self._expert.expand(request, stream)

    def abort(self):
        pass


def gated(settings, environment):
    return Gated(guard.expert(environment, settings.task))
"""


class GatedRun:
    """`recode run` of household put:7 with its expert, recorded in `path`. Each call waits for `let`."""

    def __init__(self, folder: Path, path: Path) -> None:
        self.path = path
        self._gate = folder / "gate"
        self._gate.touch()
        about = folder / "site" / "gated-1.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: gated\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text("[recode.policies]\ngated = gated_policy:gated\n")
        (folder / "site" / "gated_policy.py").write_text(_POLICY)
        paths = (str(folder / "site"), os.environ.get("PYTHONPATH", ""))
        command = [sys.executable, "-c", "from recode_tui.cli import main; main()", "run", "--env"]
        self.process = subprocess.Popen(
            [*command, "household", "--task", "put:7", "--policy", "gated", "--session", str(path)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "GATE": str(self._gate)},
            stdout=subprocess.DEVNULL,
        )

    def __enter__(self) -> GatedRun:
        self.wait_for(b"expansion_requested")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()

    def wait_for(self, text: bytes, count: int = 1) -> None:
        """Wait until the file has a text that often."""

        def has() -> bool:
            assert self.process.poll() in (None, 0), "the run has failed"
            return self.path.exists() and self.path.read_bytes().count(text) >= count

        wait_until(has)

    def let(self, calls: int = 1) -> None:
        """Let the policy answer further calls."""
        with self._gate.open("a") as gate:
            gate.write("." * calls)

    def finish(self) -> None:
        """Let the run go on to its end."""
        self.let(100)
        assert self.process.wait(PATIENCE) == 0

    def kill(self) -> None:
        """Kill the process, as `kill -9` does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
