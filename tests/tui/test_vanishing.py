"""A terminal that goes away takes the program with it: no process, no lock, and a session to go on with.

By default a few terminals are closed; the slow tests close 100 at random moments.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from recode_core.session import read
from tests.tui.terminal import Terminal
from tests.tui.vanishing import How, after, in_a_run, moments, vanish

SAMPLE = next((Path(__file__).parents[2] / "sessions").glob("*.jsonl"))
RUN = ["debug", "--env", "household", "--task", "puttwo:3:large"]


@pytest.mark.slow_variants
@pytest.mark.parametrize("how", ["hangup", "no signal", "nohup"])
def test_a_terminal_that_goes_in_a_run_leaves_a_session_to_go_on_with(tmp_path: Path, how: How) -> None:
    left = vanish(tmp_path, RUN, how, in_a_run())
    assert left.is_nothing, left
    (file,) = tmp_path.rglob("*.jsonl")
    assert read(file).timeline().end.root is not None


def on(screen: str, terminal: Terminal) -> None:
    terminal.wait_for(screen)


@pytest.mark.slow_variants
@pytest.mark.parametrize(
    ("arguments", "screen", "how"),
    [
        ([], "Sessions", "nohup"),
        (["demo"], "not solved", "no signal"),
        (["replay", str(SAMPLE)], "1 Plan", "nohup"),
    ],
)
def test_a_terminal_that_goes_at_rest_leaves_nothing(
    tmp_path: Path, arguments: list[str], screen: str, how: How
) -> None:
    left = vanish(tmp_path, arguments, how, lambda terminal: on(screen, terminal))
    assert (left.code, left.is_nothing) == (130, True), left


@pytest.mark.parametrize(
    ("arguments", "how", "seconds", "is_run"),
    [
        pytest.param(*moment, marks=[pytest.mark.slow] if number else [])
        for number, moment in enumerate(moments(SAMPLE, 100, seed=7))
    ],
)
def test_a_terminal_that_goes_at_a_random_moment_leaves_nothing(
    tmp_path: Path, arguments: list[str], how: How, seconds: float, is_run: bool
) -> None:
    left = vanish(tmp_path, arguments, how, in_a_run(seconds) if is_run else after(seconds))
    assert left.is_nothing, left


def asks_or_has_left(seen: str) -> bool:
    return "Leave the debugger?" in seen or "session: " in seen


def test_a_deleted_session_is_told_on_the_screen_and_written_again(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"

    def ready(terminal: Terminal) -> None:
        terminal.wait_for("at the start", "1 Plan")
        file.unlink()
        terminal.press("s")
        terminal.wait_for("was deleted")
        terminal.press("q")
        if "Leave the debugger?" in terminal.until(asks_or_has_left):  # the step was not quite over
            terminal.press("y")
        assert terminal.wait_for_exit() == 0
        assert f"session: {tmp_path / 'run-2.jsonl'}" in terminal.text

    assert vanish(tmp_path, [*RUN, "--session", str(file)], "hangup", ready).is_nothing
    assert len(read(tmp_path / "run-2.jsonl").records) > 1


# Slow because it starts the real command in a terminal and waits until its process is gone.
@pytest.mark.slow_variants
@pytest.mark.parametrize(("how", "code", "outcome"), [("nohup", 0, "solved"), ("hangup", 130, None)])
def test_a_run_without_the_screen_goes_on_without_its_terminal_if_it_ignores_the_signal(
    tmp_path: Path, how: How, code: int, outcome: str | None
) -> None:
    file = tmp_path / "run.jsonl"
    arguments = ["run", "--env", "household", "--task", "put:7", "--session", str(file)]

    def ready(terminal: Terminal) -> None:
        terminal.until(lambda _: file.exists() and b"action_finished" in file.read_bytes(), "an action")

    left = vanish(tmp_path, arguments, how, ready)
    assert (left.code, left.is_nothing) == (code, True), left
    assert read(file).timeline().end.outcome == outcome
