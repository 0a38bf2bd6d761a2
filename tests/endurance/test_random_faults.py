"""Random faults of a policy and a world are recorded or refused, and nothing is left of them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.endurance.random_faults import Held
from tests.endurance.rounds import FAULT_SECONDS
from tests.support.waiting import PATIENCE
from tests.tui.vanishing import descendants, until_gone

GROWTH = 64.0  # megabytes: what huge texts leave between other things
SPARE = 4  # sandboxes that wait for the next session: as many as were once needed at the same time
FILES_OF_ONE = 3

RECORDED = ("CallFailed", "ExpansionRefused", "StatementFailed", "WorldFailed")
RAISED = ("BadCommand", "EnvironmentUnavailable", "PolicyUnavailable", "RecodeError")


# Slow because it has to go on for a while before a leak shows.
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="there is no list of open files")
@pytest.mark.parametrize("seconds", FAULT_SECONDS)
def test_random_faults_are_recorded_or_refused_and_leave_nothing(seconds: float) -> None:
    command = [sys.executable, "-m", "tests.endurance.random_faults", f"{seconds}", "1"]
    children: list[int] = []
    with subprocess.Popen(
        command,
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            while process.poll() is None:
                children = descendants(process.pid) or children
                time.sleep(0.5)
            out, errors = process.communicate()
        finally:
            process.kill()
    assert process.returncode == 0, errors
    assert not [pid for pid in children if until_gone(pid, time.monotonic() + PATIENCE)]
    report = json.loads(out)
    before, after = Held(**report["before"]), Held(**report["after"])
    assert after.threads <= before.threads, report
    assert after.children <= before.children + SPARE, report
    assert after.files <= before.files + SPARE * FILES_OF_ONE, report
    assert after.memory < before.memory + GROWTH, report
    missing = [name for name in (*RECORDED, *RAISED) if not report["happened"].get(name)]
    assert not missing, report
