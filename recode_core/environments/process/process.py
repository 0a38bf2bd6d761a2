"""A child process that answers requests.

Requests and answers use a socket rather than the standard streams, so that a library's output can't be
mistaken for an answer; the output is kept for error messages. The child leads a process group, which is
killed as a whole: when it is closed, when it fails, and when this process exits or dies.
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
_LARGEST = 64 * 2**20  # bytes of an answer
_PRINTED = 4096  # bytes of the child's output that are kept
_LINES = 4  # lines of the output in an error message
_SHOWN = 60  # characters of a request in an error message


class Process:
    """A child process in which a game's module answers. `ask` is for one thread, `close` for any.

    `name` and `remedies`, the advice for each `Lack`, are for error messages; `variables` are added to the
    child's environment variables. Raises EnvironmentUnavailable if `python` can't be started.
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
        self._lock = threading.RLock()
        self._channel, child_end = socket.socketpair()
        self._output, output = os.pipe()
        os.set_blocking(self._output, False)
        self._printed = b""
        try:
            self._process = subprocess.Popen(
                [python, str(_WORKER), str(child_end.fileno()), str(module)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[child_end.fileno()],
                start_new_session=True,
                env={**os.environ, **(variables or {})},
            )
        except OSError as error:
            self._release()
            raise EnvironmentUnavailable(
                f"{name} can't be started with {python!r}: {error.strerror}"
            ) from error
        finally:
            child_end.close()
            os.close(output)
        self._at_exit = weakref.finalize(self, process_group.end, self._process)

    @property
    def pid(self) -> int:
        """The child's process id, which is also the id of its group."""
        return self._process.pid

    def ask(self, verb: str, argument: str, answer: type[_T], seconds: float) -> _T:
        """Send a request and return the answer, decoded as `answer`; `seconds` is the time-out.

        Raises EnvironmentUnavailable, after which the child has ended.
        """
        description = f"{verb} {argument[:_SHOWN]!r}" if argument else verb
        with self._lock:
            if self._ended:
                raise EnvironmentUnavailable(f"{self._name} has ended: {self._ended}")
            line = self._exchange(WorkerRequest(verb, argument), description, seconds)
            self._read_output()
            self._printed = b""  # output before an answer doesn't explain a later failure
            try:
                received = read(line)
                if isinstance(received, WorkerFault):
                    self._fail(self._advised(received))
                return msgspec.json.decode(received.value, type=answer)
            except msgspec.DecodeError as error:
                self._fail(
                    f"it answered {description} with {line[:_SHOWN]!r}, which cannot be decoded: {error}"
                )

    def close(self) -> None:
        """Kill the child, even while it works; a pending `ask` raises at once. Idempotent."""
        self._ended = self._ended or "it was closed"
        process_group.end(self._process)
        with suppress(OSError):
            self._channel.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._at_exit()
            self._release()

    def _release(self) -> None:
        if self._channel.fileno() >= 0:
            self._channel.close()
            os.close(self._output)

    def _exchange(self, request: WorkerRequest, description: str, seconds: float) -> bytes:
        """Send a request and collect the line that comes back."""
        until = time.monotonic() + seconds
        self._channel.settimeout(seconds)
        try:
            self._channel.sendall(msgspec.json.encode(request) + b"\n")
            return self._line(until, description)
        except TimeoutError:
            stopped = ": its process is stopped" if process_group.is_stopped(self.pid) else ""
            self._fail(f"it didn't answer {description} within {seconds:g} s{stopped}")
        except OSError:
            self._fail(f"its process {process_group.exit_description(self._process)} at {description}")

    def _line(self, until: float, description: str) -> bytes:
        """Receive a line. Raises TimeoutError, or ConnectionError if the child is gone."""
        received = bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(self._channel, selectors.EVENT_READ)
            printing = ready.register(self._output, selectors.EVENT_READ)
            while not received.endswith(b"\n"):
                found = ready.select(max(0, until - time.monotonic()))
                if not found or time.monotonic() > until:  # a child may print without end
                    raise TimeoutError
                if any(key is printing for key, _ in found) and not self._read_output():
                    ready.unregister(self._output)
                if any(key is not printing for key, _ in found):
                    part = self._channel.recv(2**16)
                    if not part:
                        raise ConnectionResetError
                    received += part
                if len(received) > _LARGEST:
                    self._fail(f"it answered {description} with more than {_LARGEST >> 20} MB")
        return bytes(received)

    def _read_output(self) -> bool:
        """Read the child's output without waiting for more; False at its end."""
        with suppress(BlockingIOError):
            while part := os.read(self._output, 2**16):
                self._printed = (self._printed + part)[-_PRINTED:]
            return False
        return True

    def _fail(self, why: str) -> NoReturn:
        """Kill the child and raise EnvironmentUnavailable with the last lines of its output."""
        why = self._ended or why
        self._read_output()
        self.close()
        self._ended = why
        lines = self._printed.decode(errors="replace").strip().splitlines()[-_LINES:]
        printed = "".join(f"\n  {line}" for line in lines)
        raise EnvironmentUnavailable(f"{self._name}: {why}" + (f"; it printed{printed}" if printed else ""))

    def _advised(self, fault: WorkerFault) -> str:
        advice = self._remedies.get(fault.lack)
        return f"{fault.why}; {advice}" if advice else fault.why
