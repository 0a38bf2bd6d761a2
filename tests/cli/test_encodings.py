"""The output of commands in encodings that lack the signs of the screen."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND
from tests.support.waiting import PATIENCE

FAILING = """\
edit 0 <<END
a = 1
1 / 0
END
"""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_done_and_failed_differ_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    """A plain run, a script with a failure, and its tree."""

    def run(*arguments: object, stdin: str = "") -> str:
        env = {**os.environ, "PYTHONIOENCODING": encoding, "XDG_DATA_HOME": str(tmp_path)}
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            capture_output=True,
            env=env,
            input=stdin.encode(),
            timeout=PATIENCE,
        )
        assert b"Traceback" not in done.stderr, done.stderr
        return done.stdout.decode(encoding)

    file = tmp_path / "failed.jsonl"
    settings = ("--env", "household", "--task", "put:7", "--session", file)
    script = f"step\nstep\n{FAILING}continue\n"
    output = run("debug", *settings, "--batch", "-", stdin=script)
    assert "?" not in output
    tree = [line.lstrip("|` ") for line in run("show", file).splitlines()]
    assert "+ a = 1" in tree
    assert any(line.startswith("x 1 / 0") for line in tree), tree
    assert not any(line.startswith("?") for line in tree)
    assert "?" not in run("sessions")
