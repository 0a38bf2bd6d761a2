"""Hostile expansions end within their limits, and twice alike; the run goes on after them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from recode_core.events import Event, ExpansionRefused, StatementFailed
from recode_core.executor import Limits
from recode_core.interpreter import SandboxLimits
from recode_core.testing import ROOT, RunHarness
from tests.executor.alike import EchoWorld
from tests.executor.hostile import HOSTILE
from tests.support.markers import first_quick

NARROW = SandboxLimits(seconds=0.3, memory_mb=48)
MOST_TEXT = 12_000_000
"""Bytes of all records together: 5,000 statements of a loop are recorded, each with what it printed."""


def ends(events: list[Event]) -> list[tuple[str, str]]:
    """How expansions and statements ended.

    How far a loop came in its time is not the same twice, nor which of two limits it met first.
    """
    refused = [("refused", event.rule) for event in events if isinstance(event, ExpansionRefused)]
    failed = [event.failure for event in events if isinstance(event, StatementFailed)]
    return refused + [
        ("over", "") if f.lost or f.type == "TimeoutError" else (f.type, f.message) for f in failed
    ]


def run_twice(code: str) -> list[list[Event]]:
    """The events of two runs of `code`, whose repair sets a variable."""
    runs = []
    for _ in range(2):
        scripts = {ROOT: [code, "done = 6 * 7"], "unknown_thing()": "pass"}
        limits = Limits(steps=20, repairs=1, rewrites=1)
        with RunHarness(scripts, EchoWorld(()), limits=limits, sandbox=NARROW) as run:
            run.to_end()
            if not run.interpreter.suspended:  # in an action beyond the limit of steps
                run.values()
            runs.append([record.event for record in run.log.records])
    return runs


@pytest.mark.parametrize("name", first_quick(HOSTILE))
def test_a_hostile_expansion_ends_and_does_so_twice_alike(name: str) -> None:
    passwords = Path("/etc/passwd").read_bytes() if Path("/etc/passwd").exists() else b"root:"
    first, second = run_twice(HOSTILE[name])
    assert ends(first) == ends(second)
    text = msgspec.json.encode(first)
    assert len(text) < MOST_TEXT
    assert passwords.split(b"\n")[0] not in text
