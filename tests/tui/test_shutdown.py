"""The program ends when a signal requests it, whatever its main thread does."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

STUBBORN = """
import os, signal, sys, time
from recode_tui import shutdown

signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):  # which nohup leaves ignored
    signal.signal(number, signal.SIG_DFL)
shutdown._WORKER_DELAY = shutdown._EXIT_DELAY = float(sys.argv[1])
shutdown._SECOND_EXIT_DELAY = 0.0

def say(text):
    os.write(1, text.encode() + b"\\n")  # a line in one piece, from either thread

with shutdown.signals_handled(), shutdown.before_forced_exit(lambda: say("last words")):
    state = "ready"
    while True:
        try:
            say(state)
            time.sleep(600)
        except KeyboardInterrupt:
            state = "asked"
"""
LONG = "600"


@contextmanager
def stubborn(grace: str) -> Iterator[subprocess.Popen[str]]:
    """A program that doesn't end when it is asked to; killed at the end of the block if it is still there."""
    with subprocess.Popen(
        [sys.executable, "-c", STUBBORN, grace], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_after_one_signal_a_program_that_does_not_end_is_ended(number: signal.Signals) -> None:
    with stubborn("0.1") as process:
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (130, "")
    assert "last words" in out.splitlines()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (signal.SIGTERM, signal.SIGTERM),
        (signal.SIGINT, signal.SIGINT),
        (signal.SIGHUP, signal.SIGTERM),
        (signal.SIGTERM, signal.SIGINT),
    ],
)
def test_a_second_signal_ends_it_at_once(first: signal.Signals, second: signal.Signals) -> None:
    with stubborn(LONG) as process:
        process.send_signal(first)
        assert process.stdout is not None
        assert process.stdout.readline() == "asked\n"
        assert process.poll() is None
        process.send_signal(second)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (130, "")
    assert "last words" in out.splitlines()


EXITING = """
import sys, threading
from recode_tui import shutdown

with shutdown.signals_handled():
    threading.Thread(target=threading.Event().wait).start()
    shutdown.terminal_gone()
    print("gone", end="")
    shutdown.exit_now(3)
"""


def test_a_thread_that_is_left_does_not_keep_the_program() -> None:
    done = subprocess.run([sys.executable, "-c", EXITING], capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stdout, done.stderr) == (3, "gone", "")


HANDLED = """
import os, signal
from recode_tui import shutdown

before = signal.getsignal(signal.SIGTERM)
files = set(os.listdir("/proc/self/fd"))
with shutdown.signals_handled():
    pass
assert signal.getsignal(signal.SIGTERM) == before
assert set(os.listdir("/proc/self/fd")) == files
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="there is no list of open files")
def test_what_was_before_is_restored() -> None:
    subprocess.run([sys.executable, "-c", HANDLED], check=True, timeout=60)
