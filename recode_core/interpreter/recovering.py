"""A session of `pydantic-monty` that is rebuilt when its worker is lost.

It is fed statement by statement and suspended at each `run("…")`.
A worker that crashes or passes a limit costs only the statement that did it: the session is rebuilt
from its last image and the feeds since, with the same answers (memory images never leave the process).
A worker that somebody else ends costs nothing: its feed is done once more.
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
from recode_core.interpreter._monty import GONE, was_ended
from recode_core.interpreter.budget import Budget, OverBudget, Reached, advance
from recode_core.interpreter.feeds import FEED_ERRORS, Feed, repeat, repeat_all
from recode_core.interpreter.host import NotSaved
from recode_core.interpreter.sessions import SandboxLimits, Worker, checkout
from recode_core.interpreter.turn import Called, Finished, Image, Raised, Turn
from recode_core.values import Variable, clean

_T = TypeVar("_T")

PRINT_LIMIT = 1 << 20
"""Bytes that one feed may print."""

_IMAGE_EVERY = 1000  # feeds between two images: the price of an image against that of a recovery


class RecoveringSession:
    """A session that outlives its worker. Used by one thread; only `kill` may come from another.

    `busy` counts the seconds spent in feeds; whoever wants to know sets it to 0 first. `pending_inputs` are
    bindings that go with the next feed, whatever it is. Raises SandboxUnavailable where no worker can be
    had, or a lost one can't be rebuilt.
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
        self._worker, state = self._begin()
        self._count = 1
        self._image = self._saved(state)

    def _begin(self) -> tuple[Worker, bytes]:
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
        """Whether the code waits in a call."""
        return self._snapshot is not None

    def feed(self, code: str, inputs: dict[str, Any] | None = None) -> Turn:
        """Bind `inputs`, then run `code` until it calls `run`, ends or fails; load the libraries it names."""
        for library in libraries.needed(code, self._libraries):
            if isinstance(turn := self._feed(libraries.source(library)), Raised):
                return turn
            self._libraries |= {library}
        return self._feed(code, inputs)

    def _feed(self, code: str, inputs: dict[str, Any] | None = None) -> Turn:
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

    def answer(self, value: str) -> Turn:
        """Go on with `value` as what the suspended call returned."""
        self._budget.requests = 0
        return self._resume({"return_value": clean(value)})

    def answer_error(self, error: Exception) -> Turn:
        """Go on with an exception raised by the suspended call, which counts as a refused request."""
        try:
            self._budget.charge("run() with other arguments than one string")
        except OverBudget as over:
            self._snapshot = None
            return self._raised(over)
        return self._resume({"exception": error})

    def rewind(self) -> None:
        """Break off the suspended feed: everything is again as it was before it."""
        assert self._snapshot is not None, "nothing is suspended"
        self._recover()

    def printed(self) -> str:
        """What the current feed printed since this was last asked."""
        text = self._output.output
        new, self._printed = text[self._printed :], len(text)
        return new

    def image(self) -> Image:
        """Everything, to come back to in this process; not while suspended.

        Raises NotSaved where the sandbox holds too much for it.
        """
        assert self._snapshot is None, "a call is suspended"
        if not self._is_savable:
            raise NotSaved("the sandbox holds too much to be saved within its memory limit")
        try:
            return self._saved(self._surviving(lambda: self._worker.session.dump()))
        except monty.MontyError as error:
            self._is_savable = False  # each try costs the worker
            raise NotSaved(f"the sandbox can't be saved: {_monty.type_and_message(error)[1]}") from None

    def _saved(self, state: bytes) -> Image:
        return Image(state, self._count, dict(self.shown), self.deleted, self.pending_inputs, self._libraries)

    def _renew_image(self) -> None:
        """Take an image, so that a recovery is short; where none can be had, try again later."""
        self._is_savable = True
        try:
            self._image, self._feeds = self.image(), []
            self._next_image = _IMAGE_EVERY
        except NotSaved:
            self._next_image = 2 * len(self._feeds)

    def load(self, image: Image) -> None:
        """Become what `image` was; the old session is given back only when the new one stands.

        Raises NotSaved where the image doesn't fit into the sandbox.
        """
        worker = self._loaded(image)
        self._worker.release()
        self._worker, self._snapshot = worker, None
        self._image, self._feeds, self.pending_inputs = image, [], image.pending_inputs
        self._is_savable, self._next_image = True, _IMAGE_EVERY
        self._count, self.shown, self.deleted = image.count, dict(image.shown), image.deleted
        self._libraries = image.libraries

    def _loaded(self, image: Image) -> Worker:
        try:
            return checkout(self.limits, lambda session: session.load_session(image.state))[0]
        except (monty.MontyError, RuntimeError) as error:
            _, message = _monty.type_and_message(error)
            raise NotSaved(f"the sandbox can't be brought back: {message}") from None

    def kill(self) -> None:
        """End the feed in progress, from any thread; it fails as lost. Without one this does nothing."""
        if self._is_feeding:
            self._is_killed = True
            with suppress(ProcessLookupError):
                os.kill(self._worker.pid, signal.SIGKILL)

    def close(self) -> None:
        """Give the worker back. Idempotent."""
        self._worker.release()

    def _flush(self) -> None:
        if self.pending_inputs:
            self.feed("None")

    def _surviving(self, work: Callable[[], _T]) -> _T:
        """Do `work` between feeds, once more if the worker had died; whatever it raises, all is sound."""
        try:
            return work()
        except (monty.MontyError, RuntimeError) as error:
            self._rebuild(self._feeds)
            if not isinstance(error, GONE):
                raise
        try:
            return work()
        except (monty.MontyError, RuntimeError):
            self._rebuild(self._feeds)
            raise

    def _resume(self, answer: monty.ExternalResult) -> Turn:
        snapshot, self._snapshot = self._snapshot, None
        assert snapshot is not None, "nothing is suspended"
        self._feeds[-1].answers.append(answer)
        return self._drive(lambda: snapshot.resume(answer))

    def _drive(self, go: Callable[[], monty.SyncSnapshot]) -> Turn:
        self._is_feeding, self._is_killed = True, False
        feeding.begin(self)
        self._budget.start()
        try:
            return self._turn(self._reach(go))
        except (*FEED_ERRORS, RuntimeError) as error:
            return self._raised(error)
        finally:
            self._is_feeding = False
            feeding.end(self)
            self.busy += self._budget.stop()

    def _reach(self, go: Callable[[], monty.SyncSnapshot]) -> Reached:
        """Go on to the next action or the end; from the feed's start again, if somebody ended the worker."""
        try:
            return advance(go(), self._budget)
        except GONE as error:
            if self._is_killed or not was_ended(error):
                raise
        return self._redo()

    def _redo(self) -> Reached:
        """Feed the last feed again, in a new session, with the answers that it was given."""
        feed = self._feeds[-1]
        self._rebuild(self._feeds[:-1])
        self._feeds.append(feed)
        self.pending_inputs, self._count = {}, self._count + 1
        self._output = monty.CollectString(max_bytes=PRINT_LIMIT)
        self._budget = Budget(self.limits.seconds)
        self._budget.start()
        return repeat(self._worker.session, feed, self._budget, self._output)

    def _turn(self, reached: Reached) -> Turn:
        if isinstance(reached, monty.MontyComplete):
            return Finished(reached.output)
        self._snapshot, at = reached, reached.position
        if at.filename == f"<python-input-{self._count - 1}>":
            return Called(reached.args, reached.kwargs, at.start, at.end)
        return Called(reached.args, reached.kwargs, None, None)

    def _raised(self, error: Exception) -> Raised:
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
        """Put a new session where the last feed began."""
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
            repeat_all(self._worker.session, feeds, self.limits.seconds)
        except NotSaved as error:
            raise SandboxUnavailable(f"the sandbox was lost and can't be rebuilt: {error}") from None
        except SandboxUnavailable:
            self._worker.release()  # whoever goes on tries again
            raise
        finally:
            self._feeds, self.shown, self.deleted, self.pending_inputs = feeds, shown, deleted, pending_inputs
            self._libraries = loaded
            self._is_savable, self._next_image = saving
        self._count += len(feeds)
