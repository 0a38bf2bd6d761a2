"""The real command in a real terminal: what is typed, what is seen, what is left behind."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import pytest

from recode_core.events import Event, ExpansionEdited, StatementReached
from recode_core.session import Session, read
from tests.tui.terminal import AT_FIRST, Terminal

COMMAND = (sys.executable, "-c", "from recode_tui.cli import main; main()")
LASTING = "n = len([0 for i in range(10 ** 15) if i < 0])"
"""A statement that takes longer than any test."""

Recode = Callable[..., Terminal]
_E = TypeVar("_E", bound=Event)


@pytest.fixture
def recode(tmp_path: Path) -> Iterator[Recode]:
    """Starts `recode` in a terminal of its own; what it keeps goes into the test's folder."""
    env = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("DATA", "STATE", "CONFIG")}
    with ExitStack() as stack:

        def start(*arguments: object, size: tuple[int, int] = (120, 40)) -> Terminal:
            argv = [*COMMAND, *map(str, arguments)]
            return stack.enter_context(Terminal(argv, size=size, env=env))

        yield start


def test_a_run_is_stepped_edited_and_finished_and_the_terminal_is_as_it_was(
    recode: Recode, tmp_path: Path
) -> None:
    terminal = recode("debug", "--env", "household", "--task", "put:7")
    before_second_statement(terminal)
    edit(terminal, "mended = 'by hand'")
    terminal.press("s")
    terminal.wait_for("mended = 'by hand'")
    terminal.press("c")
    terminal.wait_for("✔ solved", "mended", "'by hand'")
    terminal.press("q")
    assert terminal.wait_for_exit() == 0
    assert is_restored(terminal)
    (file,) = (tmp_path / "data").rglob("*.jsonl")
    assert str(file) in terminal.text.replace("\n", "")
    session = read(file)
    assert session.timeline().end.outcome == "solved"
    assert any("mended = 'by hand'" in event.code for event in events(session, ExpansionEdited))


def test_the_title_tells_the_state_and_the_task_and_is_given_back(recode: Recode) -> None:
    terminal = recode("debug", "--env", "household", "--task", "put:7")
    terminal.wait_for("at the start")
    terminal.press("c")
    terminal.wait_for("✔ solved")
    terminal.press("q")
    assert terminal.wait_for_exit() == 0
    titles = re.findall(rb"\x1b\]2;([^\x07]*)\x07", terminal.written)
    assert any("at the start · household put:7 · recode" in title.decode() for title in titles)
    assert any(title.decode().startswith("✔ solved · put a cd in shelf · recode") for title in titles)
    assert terminal.written.index(b"\x1b[22;2t") < terminal.written.index(b"\x1b]2;")
    assert terminal.written.rindex(b"\x1b[23;2t") > terminal.written.rindex(b"\x1b]2;")
    assert titles[-1] == b""


def bells(terminal: Terminal) -> int:
    """How often the bell rang; the character also ends commands of the terminal."""
    return re.sub(rb"\x1b\][^\x07]*\x07", b"", terminal.written).count(b"\x07")


def test_the_title_can_be_left_alone_and_the_bell_rings_after_a_long_command(
    recode: Recode, tmp_path: Path
) -> None:
    config = tmp_path / "config" / "recode" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("title = false\nbell = true\nbell_after = 0\n")
    terminal = recode("debug", "--env", "household", "--task", "put:7")
    terminal.wait_for("at the start")
    assert bells(terminal) == 0
    terminal.press("c")
    terminal.wait_for("✔ solved")
    terminal.press("q")
    assert terminal.wait_for_exit() == 0
    assert bells(terminal) == 1
    assert b"\x1b]2;" not in terminal.written and b"\x1b[22;2t" not in terminal.written


def test_the_bell_does_not_ring_after_a_short_command_nor_unless_it_is_wanted(
    recode: Recode, tmp_path: Path
) -> None:
    config = tmp_path / "config" / "recode" / "config.toml"
    config.parent.mkdir(parents=True)
    for text in ("title = false\nbell = true\nbell_after = 3600\n", "title = false\nbell_after = 0\n"):
        config.write_text(text)
        terminal = recode("debug", "--env", "household", "--task", "put:7")
        terminal.wait_for("at the start")
        terminal.press("c")
        terminal.wait_for("✔ solved")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert bells(terminal) == 0


@pytest.mark.slow
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_the_demo_is_mended_along_its_tour(recode: Recode, tmp_path: Path, size: tuple[int, int]) -> None:
    terminal = recode("demo", size=size)
    terminal.wait_for("not solved", "ctrl+t  starts a tour")
    steps: tuple[tuple[tuple[str, ...], str], ...] = (
        (("ctrl+t",), "1/10"),
        (("3",), "2/10"),
        ((":blame 1", "enter"), "3/10"),
        (("4", "down", "down", "o"), "4/10"),
        ((":goto 0.8", "enter"), "5/10"),
        (("2", "]"), "6/10"),
        (("g",), "Ask again for 0.8"),
        (("enter",), "7/10"),
        (("c",), "8/10"),
        (("T",), "4 branches"),
        (("c",), "regenerate-1 is chosen"),
        (("home", "c"), "they diverge here"),
        (("escape",), "10/10"),
    )
    for keys, seen in steps:
        terminal.press(*keys)
        terminal.wait_for(seen)
    terminal.wait_for("✔ solved")
    terminal.press("q")
    assert terminal.wait_for_exit() == 0
    assert is_restored(terminal)
    (file,) = (tmp_path / "data").rglob("*.jsonl")
    assert read(file).timeline().end.outcome == "solved"


@pytest.mark.slow
def test_a_window_that_changes_its_size_during_a_run_is_drawn_anew(recode: Recode) -> None:
    terminal = recode("debug", "--env", "household", "--task", "put:7", "--statement-seconds", 600)
    run_for_long(terminal)
    terminal.resize(80, 24)
    terminal.until(lambda seen: "│import re" not in seen and "1 Plan" in seen and "5 Timeline" not in seen)
    assert all(len(line) <= 80 for line in terminal.text.split("\n"))
    assert "◐ continue" in terminal.wait_for("◐ continue", "2 Code", "p pause")
    terminal.resize(120, 40)
    terminal.wait_for("◐ continue", "3 Environment", "4 Variables", "5 Timeline")
    terminal.resize(30, 8)
    terminal.wait_for("make the terminal")
    terminal.resize(120, 40)
    terminal.wait_for("◐ continue", "5 Timeline")
    break_off(terminal)
    terminal.press("q")
    assert terminal.wait_for_exit() == 0


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_from_its_file(recode: Recode, tmp_path: Path) -> None:
    file = tmp_path / "killed.jsonl"
    terminal = recode("debug", "--env", "household", "--task", "put:7", "--session", file)
    before_second_statement(terminal)
    terminal.kill(signal.SIGKILL)
    assert terminal.wait_for_exit() == -signal.SIGKILL
    begun = len(events(read(file), StatementReached))
    again = recode("debug", file)
    again.wait_for("before a statement", "▶ obj = 'cd'")
    again.press("c")
    again.wait_for("✔ solved")
    again.press("q")
    assert again.wait_for_exit() == 0
    assert read(file).timeline().end.outcome == "solved"
    assert len(events(read(file), StatementReached)) > begun


# Slow because it starts the real command in a terminal and waits until its process is gone.
@pytest.mark.slow_variants
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_during_a_run_leaves_terminal_and_session_whole(
    recode: Recode, tmp_path: Path, number: signal.Signals
) -> None:
    file = tmp_path / "ended.jsonl"
    terminal = recode("debug", "--env", "household", "--task", "put:7", "--session", file)
    terminal.wait_for("at the start", "5 Timeline")
    run_for_long(terminal)
    terminal.kill(number)
    assert terminal.wait_for_exit() == 130
    assert is_restored(terminal)
    shown = terminal.text.replace("\n", "")
    assert f"session: {file}" in shown
    assert f"go on with: recode debug {file}" in shown
    session = read(file)
    assert not session.torn
    assert "0.1" in session.timeline().end.nodes
    again = recode("replay", file)
    again.wait_for("1 Plan", LASTING[:20])


@pytest.mark.slow
def test_a_terminal_that_is_too_small_is_told_how_large_it_must_be(recode: Recode) -> None:
    terminal = recode("demo", size=(30, 8))
    terminal.wait_for("make the terminal")
    terminal.press("q")
    assert terminal.wait_for_exit() == 0
    assert is_restored(terminal)


def before_second_statement(terminal: Terminal) -> None:
    """Step to where the root's first statement has run."""
    terminal.wait_for("at the start", "1 Plan")
    terminal.press("s")
    terminal.wait_for("before the model")
    terminal.press("s")
    terminal.wait_for("▶ import re")
    terminal.press("s")
    terminal.wait_for("▶ obj = 'cd'")


def edit(terminal: Terminal, more: str) -> None:
    """Put a line before the statement under the cursor."""
    terminal.press("e")
    terminal.wait_for("Edit the statement", "accept")
    terminal.press(more, "enter")
    terminal.wait_for(f"1  {more}", "2  obj = 'cd'")
    terminal.press("ctrl+s")
    terminal.wait_for("Accept the edit?")
    terminal.press("enter")
    terminal.until(lambda seen: "Accept the edit?" not in seen and more in seen)


def run_for_long(terminal: Terminal) -> None:
    """Be in the middle of a statement that does not end."""
    before_second_statement(terminal)
    edit(terminal, LASTING)
    terminal.press("c")
    terminal.wait_for("◐ continue")


def break_off(terminal: Terminal) -> None:
    """End the running command: the first ctrl+c asks it to pause, the second doesn't."""
    terminal.press("ctrl+c")
    terminal.wait_for("pausing")
    terminal.press("ctrl+c")
    terminal.wait_for("‖")


def is_restored(terminal: Terminal) -> bool:
    """Whether the terminal is as it was: the first screen, a cursor, no mouse and no other reports."""
    return terminal.modes == AT_FIRST


def events(session: Session, kind: type[_E]) -> list[_E]:
    """What happened, of one kind."""
    return [record.event for record in session.records if isinstance(record.event, kind)]
