"""A child process that answers requests.

We talk over a socket that is none of its standard streams, so nothing that a library prints can be taken
for an answer; what it prints is kept for the error message. The child leads a process group, which is
ended as a whole: when it is closed, when it fails, and when we exit or die.
"""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import threading
import time
import weakref
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn, TypeVar

import msgspec

from recode_core.environments.process import process_group
from recode_core.environments.process.protocol import Lack, WorkerFault, WorkerRequest, read
from recode_core.errors import EnvironmentUnavailable

_T = TypeVar("_T")

_WORKER = Path(__file__).with_name("worker.py")
_MOST = 64 * 2**20  # bytes of an answer
_PRINTED = 4096  # bytes of what the child printed that are kept
_LINES = 4  # of them, in an error message
_SHOWN = 60  # characters of a request in an error message


class Process:
    """A child that a game's module answers in. One thread asks; any may close.

    `name` is what errors call it, `remedies` what they advise for what is lacking.
    """

    def __init__(
        self,
        name: str,
        module: Path,
        python: str,
        remedies: Mapping[Lack, str],
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._name = name
        self._remedies = remedies
        self._ended = ""
        self._answering = threading.RLock()
        self._channel, theirs = socket.socketpair()
        self._output, output = os.pipe()
        os.set_blocking(self._output, False)
        self._printed = b""
        try:
            self._process = subprocess.Popen(
                [python, str(_WORKER), str(theirs.fileno()), str(module)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env={**os.environ, **(variables or {})},
            )
        except OSError as error:
            self._release()
            raise EnvironmentUnavailable(
                f"{name} can't be started with {python!r}: {error.strerror}"
            ) from error
        finally:
            theirs.close()
            os.close(output)
        self._at_exit = weakref.finalize(self, process_group.end, self._process)

    @property
    def pid(self) -> int:
        """The child's number, which is its group's too."""
        return self._process.pid

    def ask(self, verb: str, argument: str, answer: type[_T], seconds: float) -> _T:
        """What the child answers. Raises EnvironmentUnavailable; the child is gone then."""
        asked = f"{verb} {argument[:_SHOWN]!r}" if argument else verb
        with self._answering:
            if self._ended:
                raise EnvironmentUnavailable(f"{self._name} is not there any more: {self._ended}")
            line = self._exchange(WorkerRequest(verb, argument), asked, seconds)
            self._hear()
            self._printed = b""  # before an answer it was no cause of a failure after it
            try:
                told = read(line)
                if isinstance(told, WorkerFault):
                    self._fail(self._advised(told))
                return msgspec.json.decode(told.value, type=answer)
            except msgspec.DecodeError as error:
                self._fail(f"it answered {asked} with {line[:_SHOWN]!r}, which can't be read: {error}")

    def close(self) -> None:
        """End the child, whatever it is doing; who waits for its answer gets an error at once."""
        self._ended = self._ended or "it was closed"
        process_group.end(self._process)
        with suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        with self._answering:
            self._at_exit()
            self._release()

    def _release(self) -> None:
        if self._channel.fileno() >= 0:
            self._channel.close()
            os.close(self._output)

    def _exchange(self, request: WorkerRequest, asked: str, seconds: float) -> bytes:
        """Send a request and collect the line that comes back."""
        until = time.monotonic() + seconds
        self._channel.settimeout(seconds)
        try:
            self._channel.sendall(msgspec.json.encode(request) + b"\n")
            return self._line(until, asked)
        except TimeoutError:
            stopped = ": its process is stopped" if process_group.is_stopped(self.pid) else ""
            self._fail(f"it didn't answer {asked} within {seconds:g} s{stopped}")
        except OSError:
            self._fail(f"its process {process_group.how_it_ended(self._process)} at {asked}")

    def _line(self, until: float, asked: str) -> bytes:
        """Raises TimeoutError, and ConnectionError where the child is gone."""
        received = bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(self._channel, selectors.EVENT_READ)
            printing = ready.register(self._output, selectors.EVENT_READ)
            while not received.endswith(b"\n"):
                found = ready.select(max(0, until - time.monotonic()))
                if not found or time.monotonic() > until:  # a child may print for ever
                    raise TimeoutError
                if any(key is printing for key, _ in found) and not self._hear():
                    ready.unregister(self._output)
                if any(key is not printing for key, _ in found):
                    part = self._channel.recv(2**16)
                    if not part:
                        raise ConnectionResetError
                    received += part
                if len(received) > _MOST:
                    self._fail(f"it answered {asked} with more than {_MOST >> 20} MB")
        return bytes(received)

    def _hear(self) -> bool:
        """Take what was printed; False when nothing can come any more."""
        with suppress(BlockingIOError):
            while part := os.read(self._output, 2**16):
                self._printed = (self._printed + part)[-_PRINTED:]
            return False
        return True

    def _fail(self, why: str) -> NoReturn:
        """Raise that the child is lost, with what it printed last. It is ended."""
        why = self._ended or why
        self._hear()
        self.close()
        self._ended = why
        lines = self._printed.decode(errors="replace").strip().splitlines()[-_LINES:]
        printed = "".join(f"\n  {line}" for line in lines)
        raise EnvironmentUnavailable(f"{self._name}: {why}" + (f"; it printed{printed}" if printed else ""))

    def _advised(self, fault: WorkerFault) -> str:
        advice = self._remedies.get(fault.lack)
        return f"{fault.why}; {advice}" if advice else fault.why
