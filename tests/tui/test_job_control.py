"""Ctrl+z under a shell with job control: the app stops, and `fg` brings it back with everything on it."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.tui.terminal import AT_FIRST, Terminal
from tests.tui.test_terminal import COMMAND, break_off, run_for_long

CTRL_Z = "\x1a"
FULL_SCREEN = 1049
Shell = Callable[..., Terminal]


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """Starts a shell in a terminal, and `recode` from its prompt."""
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "STATE", "CONFIG")}
    with ExitStack() as stack:

        def start(*arguments: str, before: str = "", **env: str) -> Terminal:
            made = Terminal(["sh", "-i"], env={**folders, "ENV": "", "PS1": "ready> ", **env})
            terminal = stack.enter_context(made)
            terminal.wait_for("ready>")
            terminal.press(f"{before} {shlex.join([*COMMAND, *arguments])}", "enter")
            return terminal

        yield start


def stopped(terminal: Terminal) -> None:
    """Wait until the shell says so, on a terminal that is as it was."""
    terminal.until(lambda seen: "Stopped" in seen and seen.rstrip().endswith("ready>"), "Stopped")
    assert terminal.modes == AT_FIRST


def begun(terminal: Terminal) -> str:
    """The first picture of the debugger, once all of it is there."""
    panels = ("1 Plan", "Here will be the tree", "4 Variables", "0 of 80 steps", "stop 0 of 0")
    return terminal.wait_for("at the start", *panels, "s step", "? help")


def job(terminal: Terminal) -> int:
    """The process group in the foreground."""
    return os.tcgetpgrp(terminal._fd)


@pytest.mark.slow
def test_a_run_under_way_goes_on_after_it_was_stopped_and_brought_back(shell: Shell) -> None:
    terminal = shell("debug", "--env", "household", "--task", "put:7", "--statement-seconds", "600")
    run_for_long(terminal)
    terminal.press(CTRL_Z)
    stopped(terminal)
    terminal.press("bg", "enter")  # where it can't draw, so that it stops again
    terminal.until(lambda seen: seen.count("ready>") == 3)
    terminal.press("fg", "enter")
    terminal.wait_for(
        "◐ continue", "1 Plan", "2 Code", "3 Environment", "4 Variables", "5 Timeline", "p pause"
    )
    assert "ready>" not in terminal.text
    break_off(terminal)
    terminal.press("q")
    terminal.wait_for("session:", "ready>")
    assert terminal.modes == AT_FIRST


def test_a_script_that_started_it_stops_with_it(shell: Shell) -> None:
    terminal = shell(
        "debug", "--env", "household", "--task", "put:7", before="sh -c '\"$@\"; echo over' script"
    )
    seen = begun(terminal)
    terminal.press(CTRL_Z)
    stopped(terminal)
    terminal.press("fg", "enter")
    terminal.until(lambda now: now == seen, "the same picture")
    terminal.press("q")
    terminal.wait_for("over", "ready>")


@pytest.mark.slow_variants
@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP, signal.SIGCONT])
def test_a_signal_from_elsewhere_stops_and_continues_it_as_well(shell: Shell, number: signal.Signals) -> None:
    terminal = shell("debug", "--env", "household", "--task", "put:7")
    seen = begun(terminal)
    group = job(terminal)
    os.killpg(group, number)
    if number != signal.SIGCONT:
        terminal.until(lambda now: "Stopped" in now, "Stopped")
        terminal.press("fg", "\n")  # after SIGSTOP the terminal is still in the app's mode
    terminal.until(lambda now: now == seen and FULL_SCREEN in terminal.modes, "the same picture")
    terminal.press("s", "s")
    terminal.wait_for("▶ import re")
    terminal.press("q")
    terminal.wait_for("session:", "ready>")
    assert terminal.modes == AT_FIRST


@pytest.mark.slow
def test_an_editor_that_is_stopped_stops_the_app_that_waits_for_it(shell: Shell, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nkill -TSTP 0\nprintf 'n = 7' > \"$1\"\n")
    editor.chmod(0o700)
    terminal = shell("debug", "--env", "household", "--task", "put:7", EDITOR=str(editor), VISUAL="")
    terminal.wait_for("at the start", "1 Plan")
    terminal.press("s", "s")
    terminal.wait_for("▶ import re")
    terminal.press("\x05")  # ctrl+e
    stopped(terminal)
    terminal.press("fg", "enter")
    terminal.wait_for("Accept the edit?")
    terminal.press("enter")
    terminal.wait_for("▶ n = 7", "? help")


@pytest.mark.slow
def test_without_a_shell_above_it_says_that_nothing_could_bring_it_back(tmp_path: Path) -> None:
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "STATE", "CONFIG")}
    with Terminal([*COMMAND, "debug", "--env", "household", "--task", "put:7"], env=folders) as terminal:
        terminal.wait_for("at the start", "1 Plan")
        terminal.press(CTRL_Z)
        terminal.wait_for("ctrl+z needs a shell")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


@pytest.mark.slow
def test_a_text_that_is_edited_is_kept_when_the_app_fails(tmp_path: Path) -> None:
    """A fault in the editor itself stands for any other."""
    failing = (
        "from recode_tui.widgets.text_box import TextBox\n"
        "TextBox.action_dedent = lambda self: 1 / 0\n"
        "from recode_tui.cli import main; main()"
    )
    folders = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "STATE", "CONFIG")}
    with Terminal(
        [sys.executable, "-c", failing, "debug", "--env", "household", "--task", "put:7"], env=folders
    ) as terminal:
        terminal.wait_for("at the start", "1 Plan")
        terminal.press("s", "s")
        terminal.wait_for("▶ import re")
        terminal.press("e")
        terminal.wait_for("Edit the statement")
        terminal.press("kept = 1", "enter")
        terminal.wait_for("1  kept = 1")
        terminal.press("\x1b[Z")
        assert terminal.wait_for_exit() == 70
    (file,) = (tmp_path / "state").rglob("unsaved-*.txt")
    assert file.read_text() == "kept = 1\nimport re"
    assert file.stat().st_mode & 0o777 == 0o600
    assert str(file) in terminal.text.replace("\n", "")
