"""A conversation with one client: its requests are read, and the urgent ones answered at once."""

from __future__ import annotations

import threading
import time

import msgspec

from recode_core.dap import messages
from recode_core.dap.client import Client
from recode_core.dap.debugger_thread import DebuggerThread
from recode_core.dap.messages import Arguments, Incoming, arguments_of
from recode_core.dap.openers import SessionOpener
from recode_core.dap.pending_request import PendingRequest
from recode_core.dap.progress import ProgressReports
from recode_core.dap.transport import FramingError, Transport
from recode_core.errors import RecodeError

_TICK = 0.1  # seconds; a move that takes longer is acknowledged before it ends
_POLL = 5  # ticks between two checks of files


class _CancelArguments(Arguments, frozen=True):
    """The request or the progress to cancel."""

    request_id: int | None = None
    progress_id: str | None = None


class Conversation:
    """Serves one client. `serve` returns when the client has left; its session is closed then."""

    def __init__(self, transport: Transport, opener: SessionOpener) -> None:
        self._transport = transport
        self._client = Client(transport)
        self._worker = DebuggerThread(self._client, opener)
        self._progress = ProgressReports(self._client)
        self._over = threading.Event()
        self._is_initialized = False

    def serve(self) -> None:
        """Answer requests until the client leaves. Raises FramingError if it sends something else."""
        ticker = threading.Thread(target=self._tick, name="ticker", daemon=True)
        self._worker.start()
        ticker.start()
        try:
            while not self._over.is_set() and (content := self._transport.read()) is not None:
                self._take(content)
        except OSError:  # the connection was lost
            pass
        except FramingError as error:
            self._client.output("important", f"recode: {error}\n")
            raise
        finally:
            self._worker.stop()
            self._over.set()
            ticker.join()

    # the reader

    def _take(self, content: bytes) -> None:
        try:
            request = msgspec.json.decode(content, type=Incoming)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            self._client.output("important", f"recode: a message is not of the protocol: {error}\n")
            return
        if request.type != "request":
            return
        urgent = {
            "initialize": self._initialize,
            "pause": self._pause,
            "cancel": self._cancel,
            "threads": self._threads,
            "terminate": self._terminate,
            "disconnect": self._disconnect,
        }
        job, command = PendingRequest(self._client, request), request.command
        try:
            if not self._is_initialized and command not in ("initialize", "disconnect"):
                raise RecodeError(f"{command}: expected the request initialize first")
            if (handle := urgent.get(command)) is not None:
                handle(job)
            else:
                self._worker.submit(job)
        except RecodeError as error:
            job.fail(str(error))

    def _initialize(self, job: PendingRequest) -> None:
        if self._is_initialized:
            raise RecodeError("initialize: this was requested before")
        self._client.properties = arguments_of(job.request, messages.InitializeArguments)
        self._is_initialized = True
        job.succeed(messages.CAPABILITIES)
        self._worker.load()

    def _pause(self, job: PendingRequest) -> None:
        if not self._worker.pause():
            raise RecodeError("pause: nothing is running")
        job.succeed()

    def _cancel(self, job: PendingRequest) -> None:
        """Cancel a request that has not begun, or the one whose progress is shown."""
        arguments = arguments_of(job.request, _CancelArguments)
        if arguments.request_id is not None:
            self._worker.cancel(arguments.request_id)
        if arguments.progress_id is not None and arguments.progress_id == self._progress.id:
            self._worker.abort()
        job.succeed()

    def _threads(self, job: PendingRequest) -> None:
        if (target := self._worker.target) is None:
            raise RecodeError("threads: no session is open; expected launch or attach first")
        job.succeed({"threads": target.threads})

    def _terminate(self, job: PendingRequest) -> None:
        def ended() -> None:
            job.succeed()
            self._client.event("terminated")

        self._worker.end(ended)

    def _disconnect(self, job: PendingRequest) -> None:
        self._worker.stop()
        job.succeed()
        self._over.set()

    # the ticker

    def _tick(self) -> None:
        ticks = 0
        while not self._over.wait(_TICK):
            ticks += 1
            job, target = self._worker.running, self._worker.target
            if job is None:
                self._progress.end()
                if target is not None and ticks % _POLL == 0:
                    self._worker.check_files()
                continue
            if job.move is not None and time.monotonic() - job.began >= _TICK:
                job.succeed(job.move.body)
            self._progress.update(job.began, target.debugger.waits_for if target is not None else None)
