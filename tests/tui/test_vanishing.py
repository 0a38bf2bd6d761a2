"""A terminal that goes away takes the program with it: no process, no lock, and a session to go on with.

By default a few terminals are closed; `RECODE_LONG_TESTS=1` closes 100 at random moments.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from recode_core.session import read
from tests.tui.terminal import Terminal
from tests.tui.vanishing import How, after, in_a_run, moments, vanish

IS_LONG = os.environ.get("RECODE_LONG_TESTS") == "1"
SAMPLE = next((Path(__file__).parents[2] / "sessions").glob("*.jsonl"))
RUN = ["debug", "--env", "household", "--task", "puttwo:3:large"]


@pytest.mark.parametrize("how", ["hangup", "no signal", "nohup"])
def test_a_terminal_that_goes_in_a_run_leaves_a_session_to_go_on_with(tmp_path: Path, how: How) -> None:
    left = vanish(tmp_path, RUN, how, in_a_run())
    assert left.is_nothing, left
    (file,) = tmp_path.rglob("*.jsonl")
    assert read(file).tree().root is not None


def on(screen: str, terminal: Terminal) -> None:
    terminal.wait_for(screen)


@pytest.mark.parametrize(
    ("arguments", "screen", "how"),
    [
        ([], "Sessions", "nohup"),
        (["demo"], "at the start", "no signal"),
        (["replay", str(SAMPLE)], "1 Plan", "nohup"),
    ],
)
def test_a_terminal_that_goes_at_rest_leaves_nothing(
    tmp_path: Path, arguments: list[str], screen: str, how: How
) -> None:
    left = vanish(tmp_path, arguments, how, lambda terminal: on(screen, terminal))
    assert (left.code, left.is_nothing) == (130, True), left


@pytest.mark.parametrize(
    ("arguments", "how", "seconds", "is_run"), list(moments(SAMPLE, 100 if IS_LONG else 2, seed=7))
)
def test_a_terminal_that_goes_at_a_random_moment_leaves_nothing(
    tmp_path: Path, arguments: list[str], how: How, seconds: float, is_run: bool
) -> None:
    left = vanish(tmp_path, arguments, how, in_a_run(seconds) if is_run else after(seconds))
    assert left.is_nothing, left


def test_a_terminated_screen_says_where_the_session_is_and_how_to_go_on(tmp_path: Path) -> None:
    file = tmp_path / "my run.jsonl"

    def ready(terminal: Terminal) -> None:
        in_a_run()(terminal)
        terminal.kill(signal.SIGTERM)
        assert terminal.wait_for_exit() == 130
        shown = terminal.text
        assert f"session: {file}" in shown
        assert f"go on with: recode debug '{file}'" in shown
        assert "interrupted" in shown

    assert vanish(tmp_path, [*RUN, "--session", str(file)], "hangup", ready).is_nothing


def test_a_deleted_session_is_told_on_the_screen_and_written_again(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"

    def ready(terminal: Terminal) -> None:
        terminal.wait_for("at the start", "1 Plan")
        file.unlink()
        terminal.press("s")
        terminal.wait_for("was deleted")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert f"session: {tmp_path / 'run-2.jsonl'}" in terminal.text

    assert vanish(tmp_path, [*RUN, "--session", str(file)], "hangup", ready).is_nothing
    assert len(read(tmp_path / "run-2.jsonl").records) > 1
