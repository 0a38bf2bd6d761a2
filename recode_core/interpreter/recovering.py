"""A session of `pydantic-monty` that is rebuilt when its worker is lost.

Code is fed statement by statement and suspended at each `run("…")`. If a worker crashes or exceeds a limit,
only the current statement fails: the session is rebuilt from its last image and the feeds since, with the
recorded results of their calls. Images are kept in memory only. If a worker is ended from outside, its feed
is repeated.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import pydantic_monty as monty

from recode_core.errors import SandboxUnavailable
from recode_core.interpreter import _monty, feeding, libraries, prelude
from recode_core.interpreter._monty import PROCESS_ENDED, was_killed
from recode_core.interpreter.budget import Budget, OverBudget, Reached, advance
from recode_core.interpreter.feed_result import Called, FeedResult, Finished, Image, Raised
from recode_core.interpreter.feeds import FEED_ERRORS, Feed, feed_again, feed_all_again
from recode_core.interpreter.host import NotSaved
from recode_core.interpreter.sessions import SandboxLimits, Worker, checkout
from recode_core.values import Variable, clean

_T = TypeVar("_T")

PRINT_LIMIT = 1 << 20
"""Maximum size of the prints of a feed, in bytes."""

_IMAGE_EVERY = 1000  # feeds between two images: fewer make recovery faster and feeds slower


class RecoveringSession:
    """A session that is rebuilt when its worker is lost, for use in one thread.

    `shown` are the variables as the log showed them last, `deleted` the deleted names. `busy` counts the
    seconds spent in feeds; callers may set it to 0. `pending_inputs` are bound by the next feed. Only `kill`
    may be called from another thread. Raises SandboxUnavailable if no worker can be started or a lost one
    cannot be rebuilt.
    """

    def __init__(self, limits: SandboxLimits) -> None:
        self.limits = limits
        self.shown: dict[str, Variable] = {}
        self.deleted: frozenset[str] = frozenset()
        self._libraries: frozenset[str] = frozenset()
        self._count = 0
        self._is_feeding = False
        self._is_killed = False
        self.busy = 0.0
        self.pending_inputs: dict[str, Any] = {}
        self._feeds: list[Feed] = []
        self._next_image = _IMAGE_EVERY
        self._is_savable = True
        self._budget = Budget(self.limits.seconds)
        self._output = monty.CollectString(max_bytes=PRINT_LIMIT)
        self._printed = 0
        self._snapshot: monty.FunctionSnapshot | None = None
        self._worker, state = self._start()
        self._count = 1
        self._image = self._image_of(state)

    def _start(self) -> tuple[Worker, bytes]:
        def prepare(session: monty.MontySession) -> bytes:
            session.feed_run(prelude.SOURCE, print_callback=monty.CollectString())
            return session.dump()

        try:
            return checkout(self.limits, prepare)
        except monty.MontyError as error:
            raise SandboxUnavailable(
                f"the sandbox can't start within {self.limits.seconds:g} s and {self.limits.memory_mb} MB: "
                f"{_monty.type_and_message(error)[1]}; raise --statement-seconds or --memory-mb"
            ) from error

    @property
    def suspended(self) -> bool:
        """Whether code is suspended in a call."""
        return self._snapshot is not None

    def feed(self, code: str, inputs: dict[str, Any] | None = None) -> FeedResult:
        """Bind `inputs` and run `code` until it calls `run`, ends or fails. Libraries are loaded before."""
        for library in libraries.needed(code, self._libraries):
            if isinstance(result := self._feed(libraries.source(library)), Raised):
                return result
            self._libraries |= {library}
        return self._feed(code, inputs)

    def _feed(self, code: str, inputs: dict[str, Any] | None = None) -> FeedResult:
        if len(self._feeds) >= self._next_image:
            self._renew_image()
        inputs = {**self.pending_inputs, **(inputs or {})}
        feed = Feed(code, inputs, self.pending_inputs)
        self._feeds.append(feed)
        self.pending_inputs = {}
        self._output, self._printed = monty.CollectString(max_bytes=PRINT_LIMIT), 0
        self._count += 1
        self._budget = Budget(self.limits.seconds)
        start = self._worker.session.feed_start
        return self._drive(lambda: start(code, inputs=inputs, print_callback=self._output))

    def answer(self, value: str) -> FeedResult:
        """Resume the suspended call with its result."""
        self._budget.requests = 0
        return self._resume({"return_value": clean(value)})

    def answer_error(self, error: Exception) -> FeedResult:
        """Resume the suspended call with an exception; counts as a refused request."""
        try:
            self._budget.charge("run() with other arguments than one string")
        except OverBudget as over:
            self._snapshot = None
            return self._failure(over)
        return self._resume({"exception": error})

    def rewind(self) -> None:
        """Abandon the suspended feed and restore the state before it."""
        assert self._snapshot is not None, "nothing is suspended"
        self._recover()

    def printed(self) -> str:
        """The prints of the current feed since the last call."""
        text = self._output.output
        new, self._printed = text[self._printed :], len(text)
        return new

    def image(self) -> Image:
        """The state of the interpreter, for `load` in this process. Not while suspended.

        Raises NotSaved if it is too large.
        """
        assert self._snapshot is None, "a call is suspended"
        if not self._is_savable:
            raise NotSaved("the sandbox is too large to be saved within its memory limit")
        try:
            return self._image_of(self._with_rebuild(lambda: self._worker.session.dump()))
        except monty.MontyError as error:
            self._is_savable = False  # every attempt ends the worker
            raise NotSaved(f"the sandbox can't be saved: {_monty.type_and_message(error)[1]}") from None

    def _image_of(self, state: bytes) -> Image:
        return Image(state, self._count, dict(self.shown), self.deleted, self.pending_inputs, self._libraries)

    def _renew_image(self) -> None:
        """Save an image, so that a recovery takes less time. If that fails, it is tried again later."""
        self._is_savable = True
        try:
            self._image, self._feeds = self.image(), []
            self._next_image = _IMAGE_EVERY
        except NotSaved:
            self._next_image = 2 * len(self._feeds)

    def load(self, image: Image) -> None:
        """Restore the state of an image. The old worker is released once the new one is ready.

        Raises NotSaved if the image does not fit into the sandbox.
        """
        worker = self._load_worker(image)
        self._worker.release()
        self._worker, self._snapshot = worker, None
        self._image, self._feeds, self.pending_inputs = image, [], image.pending_inputs
        self._is_savable, self._next_image = True, _IMAGE_EVERY
        self._count, self.shown, self.deleted = image.count, dict(image.shown), image.deleted
        self._libraries = image.libraries

    def _load_worker(self, image: Image) -> Worker:
        try:
            return checkout(self.limits, lambda session: session.load_session(image.state))[0]
        except (monty.MontyError, RuntimeError) as error:
            _, message = _monty.type_and_message(error)
            raise NotSaved(f"the sandbox cannot be restored: {message}") from None

    def kill(self) -> None:
        """End the running feed, if there is one, from any thread. It fails as after a crash."""
        if self._is_feeding:
            self._is_killed = True
            with suppress(ProcessLookupError):
                os.kill(self._worker.pid, signal.SIGKILL)

    def close(self) -> None:
        """Release the worker. Idempotent."""
        self._worker.release()

    def _flush(self) -> None:
        if self.pending_inputs:
            self.feed("None")

    def _with_rebuild(self, work: Callable[[], _T]) -> _T:
        """Call `work` between feeds; if the worker has died, rebuild it and call `work` again.

        The session can be used whatever it raises.
        """
        try:
            return work()
        except (monty.MontyError, RuntimeError) as error:
            self._rebuild(self._feeds)
            if not isinstance(error, PROCESS_ENDED):
                raise
        try:
            return work()
        except (monty.MontyError, RuntimeError):
            self._rebuild(self._feeds)
            raise

    def _resume(self, answer: monty.ExternalResult) -> FeedResult:
        snapshot, self._snapshot = self._snapshot, None
        assert snapshot is not None, "nothing is suspended"
        self._feeds[-1].answers.append(answer)
        return self._drive(lambda: snapshot.resume(answer))

    def _drive(self, go: Callable[[], monty.SyncSnapshot]) -> FeedResult:
        self._is_feeding, self._is_killed = True, False
        feeding.begin(self)
        self._budget.start()
        try:
            return self._result_of(self._run_to_call(go))
        except (*FEED_ERRORS, RuntimeError) as error:
            return self._failure(error)
        finally:
            self._is_feeding = False
            feeding.end(self)
            self.busy += self._budget.stop()

    def _run_to_call(self, go: Callable[[], monty.SyncSnapshot]) -> Reached:
        """Run to the next call or the end. If the worker is ended from outside, repeat the feed."""
        try:
            return advance(go(), self._budget)
        except PROCESS_ENDED as error:
            if self._is_killed or not was_killed(error):
                raise
        return self._feed_again()

    def _feed_again(self) -> Reached:
        """Repeat the last feed in a rebuilt session, with the recorded results of its calls."""
        feed = self._feeds[-1]
        self._rebuild(self._feeds[:-1])
        self._feeds.append(feed)
        self.pending_inputs, self._count = {}, self._count + 1
        self._output = monty.CollectString(max_bytes=PRINT_LIMIT)
        self._budget = Budget(self.limits.seconds)
        self._budget.start()
        return feed_again(self._worker.session, feed, self._budget, self._output)

    def _result_of(self, reached: Reached) -> FeedResult:
        if isinstance(reached, monty.MontyComplete):
            return Finished(reached.output)
        self._snapshot, at = reached, reached.position
        if at.filename == f"<python-input-{self._count - 1}>":
            return Called(reached.args, reached.kwargs, at.start, at.end)
        return Called(reached.args, reached.kwargs, None, None)

    def _failure(self, error: Exception) -> Raised:
        crash = _monty.crash_of(
            error,
            is_alive=self._worker.is_alive,
            elapsed=self._budget.elapsed,
            seconds=self.limits.seconds,
            memory_mb=self.limits.memory_mb,
        )
        if crash is not None:
            self._recover()
            return crash
        self._feeds[-1].error = type(_monty.inner(error)).__name__
        return _monty.failure_of(error, f"<python-input-{self._count - 1}>")

    def _recover(self) -> None:
        """Rebuild the session in its state before the last feed."""
        pending_inputs = self._feeds[-1].pending_inputs
        self._rebuild(self._feeds[:-1])
        self.pending_inputs = pending_inputs

    def _rebuild(self, feeds: list[Feed]) -> None:
        shown, deleted, pending_inputs, loaded = (
            self.shown,
            self.deleted,
            self.pending_inputs,
            self._libraries,
        )
        saving = self._is_savable, self._next_image
        try:
            self.load(self._image)
            feed_all_again(self._worker.session, feeds, self.limits.seconds)
        except NotSaved as error:
            raise SandboxUnavailable(f"the sandbox was lost and can't be rebuilt: {error}") from None
        except SandboxUnavailable:
            self._worker.release()  # the next use rebuilds it
            raise
        finally:
            self._feeds, self.shown, self.deleted, self.pending_inputs = feeds, shown, deleted, pending_inputs
            self._libraries = loaded
            self._is_savable, self._next_image = saving
        self._count += len(feeds)
