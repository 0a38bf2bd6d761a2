"""What is exchanged in Textual's driver: its threads notice a lost terminal, and nothing waits for them."""

from __future__ import annotations

import os
import pty
import sys
import threading
from collections.abc import Iterator

import pytest
from textual import events
from textual.drivers._writer_thread import WriterThread
from textual.message import Message

from recode_tui import shutdown
from recode_tui._textual import driver
from recode_tui._textual.driver import TerminalDriver


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows when the terminal is told to be gone."""
    told: list[str] = []
    monkeypatch.setattr(shutdown, "terminal_gone", lambda: told.append("gone"))
    return told


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The two ends of a terminal, whose second one is the standard output."""
    both = [*pty.openpty()]
    with open(both[1], "w", closefd=False, encoding="utf-8") as output:
        monkeypatch.setattr(sys, "__stdout__", output)
        yield both
    for each in both:
        if each >= 0:
            os.close(each)


def close_window(ends: list[int]) -> None:
    os.close(ends[0])
    ends[0] = -1


class Driver(TerminalDriver):
    """A driver that collects what is typed."""

    def __init__(self, fileno: int) -> None:
        self.fileno = fileno
        self.exit_event = threading.Event()
        self.heard: list[Message] = []
        self._debug = False
        self._parent = os.getppid()
        self._writer_thread = None

    def process_message(self, message: Message) -> None:
        self.heard.append(message)
        self.exit_event.set()

    @property
    def keys(self) -> list[str]:
        return [message.key for message in self.heard if isinstance(message, events.Key)]


def test_a_write_that_fails_is_told_once_and_raises_nothing(ends: list[int], gone: list[str]) -> None:
    output = driver._Output()
    output.write("before\n")
    assert os.read(ends[0], 100) == b"before\r\n"
    close_window(ends)
    for _ in range(3):
        output.write("after")
    assert gone == ["gone"]


def test_a_terminal_that_another_program_made_non_blocking_is_waited_for(
    ends: list[int], gone: list[str]
) -> None:
    os.set_blocking(ends[1], False)
    output = driver._Output()
    writing = threading.Thread(target=output.write, args=("x" * 200_000,))
    writing.start()
    read = 0
    while read < 200_000:
        read += len(os.read(ends[0], 1 << 16))
    writing.join()
    assert (read, gone) == (200_000, [])


def test_text_that_the_terminal_cannot_show_is_replaced(
    ends: list[int], gone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open(ends[1], "w", closefd=False, encoding="ascii") as output:
        monkeypatch.setattr(sys, "__stdout__", output)
        driver._Output().write("a→b")
    assert (os.read(ends[0], 100), gone) == (b"a>b", [])


def test_the_end_of_the_input_ends_the_thread_that_reads_it(ends: list[int], gone: list[str]) -> None:
    close_window(ends)
    Driver(ends[1]).run_input_thread()
    assert gone == ["gone"]


def test_an_input_that_was_closed_ends_the_thread_that_reads_it(gone: list[str]) -> None:
    file = os.open(os.devnull, os.O_RDONLY)
    os.close(file)
    Driver(file).run_input_thread()
    assert gone == ["gone"]


def test_what_is_typed_arrives_and_what_is_no_text_ends_nothing(ends: list[int], gone: list[str]) -> None:
    os.write(ends[0], b"\xff\xfea\n")  # a line, since the terminal is not in the mode for single keys
    driver = Driver(ends[1])
    driver.run_input_thread()
    assert "a" in driver.keys
    assert gone == []


def test_nothing_is_queued_for_a_thread_that_has_ended(ends: list[int]) -> None:
    driver = Driver(ends[1])
    driver.write("before the app has the terminal")
    with open(ends[1], "w", closefd=False, encoding="utf-8") as output:
        driver._writer_thread = WriterThread(output)
        driver._writer_thread.start()
        driver._writer_thread.stop()
        for _ in range(100):  # more than the queue holds
            driver.write("after")


def test_only_the_driver_of_a_terminal_is_exchanged() -> None:
    from textual.drivers.headless_driver import HeadlessDriver
    from textual.drivers.linux_driver import LinuxDriver

    assert driver.driver_class(LinuxDriver) is TerminalDriver
    assert driver.driver_class(HeadlessDriver) is HeadlessDriver
