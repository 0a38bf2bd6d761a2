"""A real `recode run` that is killed at a random moment, and resumed by the next call."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from recode_core.events import ActionFinished, Event, ExpansionReplied, Resumed
from recode_core.log import Record
from recode_core.session import Settings
from recode_core.timeline import Timeline
from recode_core.timeline.nodes import Node
from tests.support.waiting import PATIENCE
from tests.tui.vanishing import descendants, until_gone

_PROGRAM = """
import time
from recode_core.environments import guard

step = guard.step

def slowly(*arguments):
    time.sleep({pause})
    return step(*arguments)

guard.step = slowly
from recode_tui.cli import main
main()
"""


def run_until_killed(
    path: Path, settings: Settings, chance: random.Random, size: int, pause: float = 0.01
) -> bool:
    """Whether a run, new or resumed, came to its end before it was killed. `pause`: seconds of each action.

    It is killed when the file has grown by a random part of `size`; one time in four earlier. The processes
    that it started must end with it.
    """
    new = ["--env", settings.environment, "--task", settings.task, "--session", str(path)]
    arguments = ["run", "--json", *(["--resume", str(path)] if path.exists() else new)]
    command = [sys.executable, "-c", _PROGRAM.format(pause=pause), *arguments]
    has = path.stat().st_size if path.exists() else 0
    enough = has + chance.uniform(0, size) if chance.random() < 0.75 else 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        if not enough:
            time.sleep(chance.uniform(0.1, 0.5))
        while process.poll() is None and (not path.exists() or path.stat().st_size < enough):
            time.sleep(0.001)
        children = descendants(process.pid)
        process.kill()
        _, errors = process.communicate()
    assert process.returncode in (0, -signal.SIGKILL), errors
    end = time.monotonic() + PATIENCE
    assert not [pid for pid in children if until_gone(pid, end)], "a process that it started is left"
    return process.returncode == 0


def has_begun(path: Path) -> bool:
    """Whether a header was written; before that there is nothing to lose."""
    return path.exists() and b"\n" in path.read_bytes()


def happened(records: list[Record]) -> list[Event]:
    """What happened, without durations and without the marks of new processes."""
    events = [record.event for record in records if not isinstance(record.event, Resumed)]
    return [
        msgspec.structs.replace(event, seconds=0.0)
        if isinstance(event, ActionFinished | ExpansionReplied)
        else event
        for event in events
    ]


def nodes(records: list[Record]) -> list[Node]:
    """The nodes of the tree at the end."""
    return list(Timeline(records).end.nodes.values())
