"""A terminal: the real command in a real pty, its keys as bytes, its screen as text.

It understands what a screen of ours sends: text, the cursor's place, erasing, modes. It answers the one
question that Textual asks as terminals of today do.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType

from rich.cells import cell_len

KEYS = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "home": b"\x1b[H",
    "end": b"\x1b[F",
    "page down": b"\x1b[6~",
    "ctrl+a": b"\x01",
    "ctrl+c": b"\x03",
    "ctrl+k": b"\x0b",
    "ctrl+q": b"\x11",
    "ctrl+s": b"\x13",
    "ctrl+t": b"\x14",
}
PATIENCE = 120.0  # seconds: a busy machine is no fault

_PIECE = re.compile(
    rb"\x1b\[(?P<private>[?>=<]?)(?P<numbers>[0-9;:]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\|\x1b[()][0-9A-Za-z]|\x1b[@-Z\\^_=>78]"
    rb"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])|(?P<text>[^\x00-\x1f\x7f]+)"
)
_WRAP, _CURSOR, _ALTERNATE, _SYNCHRONIZED = 7, 25, 1049, 2026
AT_FIRST = frozenset({_WRAP, _CURSOR})
"""The private modes that are on before any program changes them."""


class Screen:
    """The screen of a terminal. `modes` are the private modes that are on."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.columns, self.rows = size
        self.modes: set[int] = set(AT_FIRST)
        self._lines = self._blank()
        self._beneath = self._blank()
        self._x = self._y = 0
        self._left = 0, 0
        self._rest = b""

    @property
    def text(self) -> str:
        """The screen, a line a row."""
        return "\n".join("".join(line).rstrip() for line in self._lines)

    def answer(self, data: bytes) -> None:
        """Answer a question of the program; nobody does unless this is overridden."""

    def take(self, data: bytes) -> None:
        """Show what a program writes."""
        data, at = self._rest + data, 0
        while (piece := _PIECE.match(data, at)) is not None:
            text = piece["text"]
            if text is not None and piece.end() == len(data) and (cut := _torn(text)):
                self._write(text[:-cut].decode())
                at = piece.end() - cut
                break
            at = piece.end()
            if text is not None:
                self._write(text.decode(errors="replace"))
            elif piece["control"] is not None:
                self._control(piece["control"])
            elif piece["final"] is not None:
                numbers = [int(n) if n.isdigit() else 0 for n in piece["numbers"].split(b";")]
                self._command(piece["private"] + piece["middle"] + piece["final"], numbers)
        self._rest = data[at:]

    def _command(self, name: bytes, numbers: list[int]) -> None:
        match name:
            case b"?h":
                self._turn_on(numbers)
            case b"?l":
                self._turn_off(numbers)
            case b"?$p" if numbers == [_SYNCHRONIZED]:
                self.answer(b"\x1b[?2026;2$y")
            case b"H":
                row, column = ([*numbers, 1] if numbers != [0] else [1, 1])[:2]
                self._y, self._x = min(row, self.rows) - 1, min(column, self.columns) - 1
            case b"J":
                self._lines = self._blank()
            case b"K":
                self._lines[self._y][self._x :] = [" "] * (self.columns - self._x)

    def _turn_on(self, modes: list[int]) -> None:
        if _ALTERNATE in modes and _ALTERNATE not in self.modes:
            self._beneath, self._lines = self._lines, self._blank()
            self._left = self._x, self._y
        self.modes |= set(modes)

    def _turn_off(self, modes: list[int]) -> None:
        if _ALTERNATE in modes and _ALTERNATE in self.modes:
            self._lines = self._beneath
            self._x, self._y = self._left
        self.modes -= set(modes)

    def _control(self, character: bytes) -> None:
        match character:
            case b"\r":
                self._x = 0
            case b"\n":
                self._next_line()
            case b"\b":
                self._x = max(0, self._x - 1)

    def _write(self, text: str) -> None:
        for character in text:
            width = cell_len(character)
            if self._x + width > self.columns:
                if _WRAP not in self.modes:
                    return
                self._x = 0
                self._next_line()
            if width:
                self._lines[self._y][self._x : self._x + width] = [character, *[""] * (width - 1)]
            self._x += width

    def _next_line(self) -> None:
        if self._y == self.rows - 1:
            self._lines = [*self._lines[1:], [" "] * self.columns]
        self._y = min(self._y + 1, self.rows - 1)

    def _blank(self) -> list[list[str]]:
        return [[" "] * self.columns for _ in range(self.rows)]


class Terminal(Screen):
    """A program with its terminal. `written` is all that it wrote.

    The program ignores the signals in `ignoring` from its start, as under nohup.
    """

    def __init__(
        self,
        argv: Iterable[str],
        *,
        size: tuple[int, int] = (120, 40),
        env: Mapping[str, str] | None = None,
        ignoring: Iterable[signal.Signals] = (),
    ) -> None:
        super().__init__(size)
        self.exit_code: int | None = None
        self.written = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whatever the tests were started to ignore
            for number in ignoring:
                signal.signal(number, signal.SIG_IGN)
            _become([*argv], size, {**os.environ, "TERM": "xterm-256color", **(env or {})})
        self._tell_size()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self.exit_code is None:
            self.kill(signal.SIGKILL)
            self.wait_for_exit()
        self.close_window()

    # what a person does

    def press(self, *keys: str) -> None:
        """Press keys, as a terminal sends them: a name of `KEYS`, or a text that is typed."""
        for key in keys:
            os.write(self._fd, KEYS.get(key, key.encode()))

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        self.columns, self.rows = columns, rows
        self._lines, self._beneath = self._blank(), self._blank()
        self._x, self._y = min(self._x, columns), min(self._y, rows - 1)
        self._tell_size()

    def kill(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def close_window(self) -> None:
        """Take the terminal away from the program. Idempotent."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    # what a person sees

    def until(self, holds: Callable[[str], bool], what: str = "") -> str:
        """The screen, once something holds for it."""
        end = time.monotonic() + PATIENCE
        while not holds(self.text):
            left = end - time.monotonic()
            if left < 0 or not self._read(left):
                raise AssertionError(f"{what or holds} was never seen; the screen is:\n{self.text}")
        return self.text

    def wait_for(self, *texts: str) -> str:
        """The screen, once all of these are on it."""
        return self.until(lambda seen: all(text in seen for text in texts), " and ".join(map(repr, texts)))

    def read_until(self, end: float) -> None:
        """Take what the program writes to a moment of the monotonic clock, or until it has ended."""
        while (left := end - time.monotonic()) > 0 and self._read(left):
            pass

    def wait_for_exit(self) -> int:
        """The exit code, once the program has ended; a signal's number below zero."""
        end = time.monotonic() + PATIENCE
        if self._fd >= 0:
            self.read_until(end)
        while self.exit_code is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.exit_code = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise AssertionError(f"it has not ended in {PATIENCE:g} s; the screen is:\n{self.text}")
            else:
                time.sleep(0.01)
        return self.exit_code

    # the wire

    def answer(self, data: bytes) -> None:
        os.write(self._fd, data)

    def _tell_size(self) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))

    def _read(self, seconds: float) -> bool:
        """Take what the program writes next; False once nobody can write any more."""
        try:
            if select.select([self._fd], [], [], seconds)[0]:
                data = os.read(self._fd, 1 << 16)
                self.written += data
                self.take(data)
                return bool(data)
        except OSError:  # all who could write have closed it
            return False
        return True


def _become(argv: list[str], size: tuple[int, int], env: dict[str, str]) -> None:
    """Be the program, in the child of the fork."""
    for name in ("COLUMNS", "LINES"):
        env.pop(name, None)
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    try:
        os.execvpe(argv[0], argv, env)
    except OSError as error:
        sys.stderr.write(f"{argv[0]}: {error}\n")
    os._exit(127)


def _torn(text: bytes) -> int:
    """How many bytes at the end of a text are the beginning of a character."""
    for back in range(1, min(4, len(text) + 1)):
        byte = text[-back]
        if byte >= 0xC0:
            needed = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if back < needed else 0
        if byte < 0x80:
            return 0
    return 0
