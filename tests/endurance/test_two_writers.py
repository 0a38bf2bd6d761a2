"""Of two programs that open a session to write it at the same moment, one does and the other says so."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import IO

import pytest

from recode_core.debugger import debug_session
from recode_core.events import Resumed
from recode_core.log import Record
from recode_core.session import Settings, read
from tests.cli.conftest import COMMAND
from tests.endurance.rounds import TWO_WRITERS
from tests.endurance.two_writers import WRITES
from tests.support.waiting import PATIENCE
from tests.tui.terminal import Terminal

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=TWO_WRITERS.parameters())
def paths(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """The unfinished sessions of all rounds, each in a folder of its own."""

    def sessions() -> Iterator[Path]:
        for seed in request.param:
            path = tmp_path / f"{seed}" / "run.jsonl"
            path.parent.mkdir()
            with debug_session.start(Settings("household", "put:7"), path) as opened:
                for _ in range(seed % 7 + 2):
                    opened.debugger.step()
                opened.debugger.note("0", "to be gone on with")
            yield path

    return sessions()


def records(path: Path) -> list[Record]:
    """The records of an undamaged session."""
    session = read(path)
    assert (session.torn, session.damage) == (0, "")
    return session.records


def check_written_by_one(path: Path, before: list[Record]) -> None:
    """Check that exactly one process has taken up the session, and nothing else was written beside it."""
    after = records(path)
    assert after[: len(before)] == before
    assert len(after) > len(before) + 1
    assert sum(isinstance(record.event, Resumed) for record in after) == 1
    assert [record.n for record in after] == list(range(len(after)))
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    debug_session.open_live(path).close()


@contextmanager
def opening(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of `two_writers`, ready to open the session."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.endurance.two_writers", str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert pipe(process.stdout).readline() == "ready\n"
            yield process
        finally:
            process.kill()


def pipe(file: IO[str] | None) -> IO[str]:
    assert file is not None
    return file


def go(*processes: subprocess.Popen[str]) -> None:
    """Let the processes go on, all at once."""
    for process in processes:
        pipe(process.stdin).write("\n")
        pipe(process.stdin).flush()


def test_one_of_two_processes_writes_and_the_other_is_told(paths: Iterator[Path]) -> None:
    for path in paths:
        before = records(path)
        with ExitStack() as stack:
            both = [stack.enter_context(opening(path)) for _ in range(2)]
            go(*both)
            said = sorted(pipe(process.stdout).readline().strip() for process in both)
            go(*both)
            for process in both:
                _, errors = process.communicate(timeout=PATIENCE)
                assert (process.returncode, errors) == (0, "")
        refusal, writer = said
        assert writer == WRITES, said
        assert f"{path} is being written by another process" in refusal
        assert "read-only" in refusal
        check_written_by_one(path, before)


def has_grown(path: Path, size: int, screen: str) -> bool:
    return path.stat().st_size > size


def follows(terminal: Terminal) -> bool:
    """Whether a screen shows that it only follows what another process writes."""
    return "following" in terminal.text.partition("\n")[0]


# Slow because it starts two real screens for each session.
def test_one_of_two_screens_writes_and_the_other_follows_it(
    paths: Iterator[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATA", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for path in paths:
        before = records(path)
        command = [*COMMAND, "debug", str(path)]
        with Terminal(command) as one, Terminal(command) as other:
            for terminal in (one, other):
                terminal.wait_for("1 Plan", "depth")
            follower, writer = sorted((one, other), key=lambda terminal: not follows(terminal))
            assert (follows(follower), follows(writer)) == (True, False), [one.text, other.text]
            follower.press("x")
            follower.wait_for("another process writes this run", "in a copy")
            grown = partial(has_grown, path, path.stat().st_size)
            writer.press("s")
            writer.until(grown, "a step")
            busy = subprocess.run(
                [*COMMAND, "run", "--resume", str(path)], capture_output=True, text=True, timeout=PATIENCE
            )
            assert (busy.returncode, "recode replay --follow" in busy.stderr) == (2, True), busy
            for terminal in (one, other):
                terminal.kill(signal.SIGTERM)
                assert terminal.wait_for_exit() == 130
        check_written_by_one(path, before)
