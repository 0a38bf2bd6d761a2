"""The first frame of a program, and its frames after keys, by `pty_latency.py` in `../shared/tools`."""

from __future__ import annotations

import compileall
import json
import statistics
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from tests.bench.figures import CannotMeasure

ROOT = Path(__file__).parents[2]
TOOLS = ROOT.parent / "shared" / "tools"
MINIMAL = (sys.executable, str(TOOLS / "minimal_app.py"))
"""The smallest Textual app."""

Measured = dict[str, dict[str, float]]


@cache
def recode() -> tuple[str, ...]:
    """The command, with its modules compiled, as they are once it is installed."""
    for package in ("recode_core", "recode_tui"):
        compileall.compile_dir(ROOT / package, quiet=1)
    return (sys.executable, "-c", "from recode_tui.cli import main; main()")


def measured(command: tuple[str, ...], *options: str) -> Measured:
    """What the tool finds out about a program, in milliseconds. Raises CannotMeasure."""
    found: Measured = _run(command, *options)
    return found


def first_frame(command: tuple[str, ...], *options: str) -> float:
    """Milliseconds from the start of a program to its first frame. Raises CannotMeasure."""
    found: float = _run(command, "--startup-only", "1", *options)["startup"]["sync_frame"]["p50"]
    return found


def median(runs: list[Measured], *path: str) -> float:
    """The median of one figure."""
    outer, inner = path
    return statistics.median(run[outer][inner] for run in runs)


def _run(command: tuple[str, ...], *options: str) -> Any:
    if not TOOLS.is_dir():
        raise CannotMeasure("there is no ../shared/tools")
    with tempfile.NamedTemporaryFile("r", suffix=".json") as file:
        tool = [sys.executable, str(TOOLS / "pty_latency.py"), "--json", file.name, *options]
        subprocess.run([*tool, "--", *command], check=True, stdout=subprocess.DEVNULL)
        return json.loads(file.read())
