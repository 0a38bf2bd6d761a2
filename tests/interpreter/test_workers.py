"""Workers that somebody else ends, and workers whose host ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pydantic_monty as monty
import pytest

from recode_core.interpreter import Called, Finished, Interpreter
from recode_core.interpreter._monty import PROCESS_ENDED
from recode_core.interpreter.sessions import SandboxLimits, checkout
from recode_core.interpreter.watchdog import Watchdog
from tests.support.waiting import PATIENCE, wait_until


def _end(pid: int, number: int = signal.SIGTERM) -> None:
    os.kill(pid, number)
    wait_until(lambda: not _runs(pid))


def _runs(pid: int) -> bool:
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip()[:1] not in ("", "Z")


def test_a_worker_that_was_ended_while_its_code_waited_costs_nothing(interpreter: Interpreter) -> None:
    interpreter.feed("keep = []\nNone")
    assert isinstance(
        interpreter.feed("print('a')\nx = run('one')\nprint(x)\ny = x + run('two')\nNone"), Called
    )
    assert isinstance(interpreter.answer("1"), Called)
    assert interpreter.printed() == "a\n1\n"
    _end(interpreter._worker.pid)
    assert interpreter.answer("2") == Finished(None)
    assert interpreter.printed() == ""
    assert interpreter.feed("(keep, y)") == Finished(([], "12"))


def test_a_worker_that_was_ended_between_feeds_costs_nothing(interpreter: Interpreter) -> None:
    interpreter.feed("x = 1\nNone")
    _end(interpreter._worker.pid, signal.SIGKILL)
    assert interpreter.feed("x") == Finished(1)
    _end(interpreter._worker.pid)
    assert interpreter.names() == {"x"}
    _end(interpreter._worker.pid)
    assert interpreter.evaluate("x + 1").value == "2"


def test_the_place_of_a_call_is_known_after_a_look_that_met_a_dead_worker(interpreter: Interpreter) -> None:
    interpreter.feed("x = 1\nNone")
    _end(interpreter._worker.pid)
    interpreter.names()
    turn = interpreter.feed("y = run('a')\nNone")
    assert isinstance(turn, Called)
    assert (turn.start, turn.end) == (4, 12)


@pytest.mark.skipif(os.name != "posix", reason="the watchdog is a shell")
def test_the_watchdog_ends_what_is_in_use_and_nothing_else() -> None:
    sleepers = [subprocess.Popen(["sleep", "600"]) for _ in range(3)]
    try:
        guard = Watchdog()
        for sleeper in sleepers:
            guard.watch(sleeper.pid)
        guard.forget(sleepers[1].pid)
        guard.forget(999_999_999)
        guard.watch(sleepers[0].pid)
        guard.close()
        assert [sleepers[at].wait(PATIENCE) for at in (0, 2)] == [-signal.SIGKILL] * 2
        assert sleepers[1].poll() is None
    finally:
        for sleeper in sleepers:
            sleeper.kill()
            sleeper.wait()


BUSY = """
from recode_core.interpreter import Interpreter, SandboxLimits
from recode_tui import shutdown

interpreter = Interpreter(SandboxLimits(seconds=3000))
with shutdown.signals_handled():
    print(interpreter._worker.pid, flush=True)
    try:
        interpreter.feed("while True: pass")
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it takes a /proc to see what is busy")
@pytest.mark.parametrize(
    ("number", "said"),
    [(signal.SIGKILL, ""), (signal.SIGTERM, "interrupted\n"), (signal.SIGINT, "interrupted\n")],
)
def test_a_busy_worker_ends_with_its_host(number: int, said: str) -> None:
    host = subprocess.Popen([sys.executable, "-c", textwrap.dedent(BUSY)], stdout=subprocess.PIPE, text=True)
    with host:
        assert host.stdout is not None
        worker = int(host.stdout.readline())
        wait_until(lambda: _is_busy(worker))
        host.send_signal(number)
        assert host.stdout.read() == said
        host.wait(PATIENCE)
    wait_until(lambda: not _runs(worker))


def _is_busy(pid: int) -> bool:
    """Whether a worker has computed for more than its start takes (in ticks of 10 ms)."""
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11]
    return int(ticks) > 10


FIRST_USE = """
import threading
from recode_core.interpreter import Interpreter

made, together = [], threading.Barrier(8)

def make():
    together.wait()
    made.append(Interpreter())

threads = [threading.Thread(target=make) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(made))
for interpreter in made:
    interpreter.close()
"""


def test_the_first_sandboxes_may_be_made_by_several_threads_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_USE], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.stdout, done.stderr) == ("8\n", "")


def test_a_worker_that_is_ended_while_it_is_made_ready_gets_a_successor() -> None:
    pids: list[int] = []

    def prepare(session: monty.MontySession) -> object:
        assert session.worker_pid is not None
        pids.append(session.worker_pid)
        if len(pids) == 1:
            _end(pids[0])
        return session.feed_run("6 * 7")

    worker, value = checkout(SandboxLimits(), prepare)
    worker.release()
    assert (value, len(pids), worker.pid) == (42, 2, pids[1])


def test_where_every_worker_is_ended_it_gives_up() -> None:
    def prepare(session: monty.MontySession) -> object:
        assert session.worker_pid is not None
        _end(session.worker_pid)
        return session.feed_run("6 * 7")

    with pytest.raises(PROCESS_ENDED):
        checkout(SandboxLimits(), prepare)
