"""A child process that is killed, stopped, hangs or talks nonsense: each is told apart, and none is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recode_core.environments.process import Process, WorldTimeouts, world_timeouts
from recode_core.environments.process.timeouts import VARIABLE
from recode_core.errors import EnvironmentUnavailable, RecodeError
from tests.support.waiting import PATIENCE

CHILD = Path(__file__).with_name("child.py")
SOON = 0.5
LONG = 20.0


@pytest.fixture
def child() -> Iterator[Process]:
    process = Process("a game", CHILD, sys.executable, {"package": "install it", "data": "get it"})
    yield process
    process.close()


def is_gone(pid: int) -> bool:
    """Whether a process that isn't ours to wait for has ended; a zombie has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


def test_a_child_answers_whatever_it_prints(child: Process) -> None:
    assert child.ask("print", "100000", str, LONG) == "100000"
    assert child.ask("echo", 'line\n"two" \u2026', str, LONG) == 'line\n"two" \u2026'


def test_what_was_printed_before_an_earlier_answer_is_not_shown_as_a_cause(child: Process) -> None:
    child.ask("print", "3", str, LONG)
    with pytest.raises(EnvironmentUnavailable) as raised:
        child.ask("signal", "SIGKILL", str, LONG)
    assert "noise" not in str(raised.value)


def test_an_answer_of_a_megabyte_arrives_whole(child: Process) -> None:
    assert child.ask("big", str(2**20), str, LONG) == "x" * 2**20


def test_an_answer_without_end_is_refused(child: Process) -> None:
    with pytest.raises(EnvironmentUnavailable, match=r"more than 64 MB"):
        child.ask("big", str(65 * 2**20), str, LONG)


@pytest.mark.parametrize(
    ("verb", "argument", "said"),
    [
        ("import", "alfworld", "No module named 'alfworld'; install it"),
        ("damaged", "file x", "Damaged: file x; get it"),
        ("exit", "3", r"ended with exit code 3 at exit '3'; it printed\n  a last word"),
        ("signal", "SIGKILL", "was killed by SIGKILL at signal"),
        ("signal", "SIGSEGV", "was killed by SIGSEGV at signal"),
        ("big", "-1", "which cannot be decoded"),
    ],
)
def test_a_child_that_fails_says_how(child: Process, verb: str, argument: str, said: str) -> None:
    expected = int if verb == "big" else str
    with pytest.raises(EnvironmentUnavailable, match=said):
        child.ask(verb, argument, expected, LONG)
    with pytest.raises(EnvironmentUnavailable, match=r"has ended: "):
        child.ask("echo", "", str, LONG)


def test_a_child_that_never_returns_is_given_up(child: Process) -> None:
    with pytest.raises(EnvironmentUnavailable, match=r"didn't answer hang within 0.5 s$"):
        child.ask("hang", "", str, SOON)
    assert is_gone(child.pid)


def test_a_child_that_prints_for_ever_is_given_up(child: Process) -> None:
    with pytest.raises(EnvironmentUnavailable, match=r"didn't answer chatter within 0.5 s"):
        child.ask("chatter", "", str, SOON)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc: whether a process is stopped is not told")
def test_a_child_that_is_stopped_is_told_from_one_that_thinks(child: Process) -> None:
    child.ask("echo", "", str, LONG)
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(EnvironmentUnavailable, match=r"its process is stopped"):
        child.ask("echo", "", str, SOON)
    assert is_gone(child.pid)


def test_a_child_killed_between_two_questions_is_missed_at_the_next(child: Process) -> None:
    child.ask("echo", "", str, LONG)
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(EnvironmentUnavailable, match=r"was killed by SIGKILL at echo"):
        child.ask("echo", "", str, LONG)


def test_closing_from_another_thread_ends_the_wait_at_once(child: Process) -> None:
    threading.Timer(0.2, child.close).start()
    with pytest.raises(EnvironmentUnavailable, match=r"it was closed"):
        child.ask("hang", "", str, LONG)
    assert is_gone(child.pid)


def test_what_a_child_started_ends_with_it(child: Process) -> None:
    grandchild = child.ask("child", "", int, LONG)
    child.close()
    child.close()
    assert soon(lambda: is_gone(grandchild))


OWNER = """
import sys, os
from pathlib import Path
from recode_core.environments.process import Process
child = Process("a game", Path(sys.argv[1]), sys.executable, {})
print(child.pid, child.ask("child", "", int, 20.0), flush=True)
if sys.argv[2] == "die":
    os.kill(os.getpid(), 9)
if sys.argv[2] == "wait":
    child.ask("hang", "", str, 20.0)
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="no /proc: other processes can't be seen")
@pytest.mark.parametrize("end", ["exit", "die", "wait"])
def test_a_child_ends_when_its_owner_does(end: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(CHILD), end], stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        if end == "wait":
            owner.kill()
    assert len(pids) == 2
    assert all(soon(lambda pid=pid: is_gone(pid)) for pid in pids)  # type: ignore[misc]


def test_a_python_that_is_not_there_is_named() -> None:
    with pytest.raises(
        EnvironmentUnavailable, match=r"a game can't be started with '/no/python': No such file"
    ):
        Process("a game", CHILD, "/no/python", {})


def test_the_user_says_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    assert world_timeouts() == WorldTimeouts()
    monkeypatch.setenv(VARIABLE, "2.5")
    assert world_timeouts() == WorldTimeouts(2.5, 2.5, 2.5, 2.5)
    for wrong in ("soon", "0", "-1", "inf", "nan"):
        monkeypatch.setenv(VARIABLE, wrong)
        with pytest.raises(RecodeError, match=r"a number of seconds above 0"):
            world_timeouts()
