"""A session of `pydantic-monty`, fed statement by statement and suspended at each `run("…")`.

A worker that crashes or passes a limit costs only the statement that did it: the session is rebuilt
from its last image and the feeds since, with the same answers (memory images never leave the process).
"""

from __future__ import annotations

import ast
import os
import re
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pydantic_monty as monty

from recode_core.interpreter import host, prelude
from recode_core.interpreter.host import EvaluationFailed
from recode_core.interpreter.sessions import SandboxLimits, checkout, release
from recode_core.interpreter.turn import Called, Finished, Image, Raised, Turn
from recode_core.statements.expressions import NotAnExpression, parse_expression
from recode_core.values import SHOWN_LIMIT, Variable, clean

_T = TypeVar("_T")

PRINT_LIMIT = 1 << 20
"""Bytes that one feed may print."""

_IMAGE_EVERY = 1000  # feeds between two images: the price of an image against that of a recovery
_LIMIT_PASSED = re.compile(
    r"(?:feed time|turn time|memory) limit exceeded: |the worker exceeded its memory limit"
)


@dataclass(slots=True)
class _Feed:
    """What a session was fed, and how its calls were answered."""

    code: str
    inputs: dict[str, Any]
    owed: dict[str, Any]
    answers: list[monty.ExternalResult] = field(default_factory=list)


class Interpreter:
    """One namespace. Used by one thread; only `kill` may come from another.

    `busy` counts the seconds spent in feeds; whoever wants to know sets it to 0 first. `owed` are
    bindings that go with the next feed, whatever it is.
    """

    def __init__(self, limits: SandboxLimits | None = None) -> None:
        self.limits = limits or SandboxLimits()
        self.shown: dict[str, Variable] = {}
        self.deleted: frozenset[str] = frozenset()
        self._count = 0
        self._is_feeding = False
        self.busy = 0.0
        self.owed: dict[str, Any] = {}
        self._feeds: list[_Feed] = []
        self._output = monty.CollectString(max_bytes=PRINT_LIMIT)
        self._printed = 0
        self._snapshot: monty.FunctionSnapshot | None = None
        self._session, self._pid = checkout(self.limits)
        self._look(prelude.SOURCE)
        self._image = self.image()

    @property
    def suspended(self) -> bool:
        """Whether the code waits in a call."""
        return self._snapshot is not None

    def feed(self, code: str, inputs: dict[str, Any] | None = None) -> Turn:
        """Bind `inputs`, then run `code` until it calls `run`, ends or fails."""
        if len(self._feeds) >= _IMAGE_EVERY:
            self._image, self._feeds = self.image(), []
        inputs = {**self.owed, **(inputs or {})}
        self._feeds.append(_Feed(code, inputs, self.owed))
        self.owed = {}
        self._output, self._printed = monty.CollectString(max_bytes=PRINT_LIMIT), 0
        self._count += 1
        return self._drive(lambda: self._session.feed_start(code, inputs=inputs, print_callback=self._output))

    def answer(self, value: str) -> Turn:
        """Go on with `value` as what the suspended call returned."""
        return self._resume({"return_value": clean(value)})

    def answer_error(self, error: Exception) -> Turn:
        """Go on with an exception raised by the suspended call."""
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

    def names(self) -> frozenset[str]:
        """The names of the namespace."""
        return frozenset(self._look("__rc_names(__rc_locals())")) - self.deleted

    def variables(self, names: Sequence[str], limit: int = SHOWN_LIMIT) -> tuple[Variable, ...]:
        """Those of `names` that exist, in the order asked for; not while suspended."""
        code = f"__rc_show(__rc_locals(), {tuple(names)!r}, False, {limit})"
        found = dict(self._look(code))
        return tuple(
            host.as_variable(name, found[name]) for name in names if name in found.keys() - self.deleted
        )

    def evaluate(self, expression: str, limit: int = SHOWN_LIMIT) -> Variable:
        """The value of an expression, on a copy: the run is not touched.

        Raises EvaluationFailed with the error's text.
        """
        self._check(expression)
        session = self._copy()
        try:
            code = f"__rc_v((\n{expression}\n), {limit})"
            turn = session.feed_start(code, print_callback=monty.CollectString())
        except monty.MontyError as error:
            raise EvaluationFailed(str(error), host.type_and_message(error)[0]) from None
        else:
            if not isinstance(turn, monty.MontyComplete):
                raise host.why_not(turn, expression)
            return host.as_variable(expression, turn.output)
        finally:
            release(session)

    def _check(self, expression: str) -> None:
        try:
            tree = parse_expression(expression)
        except NotAnExpression as error:
            raise EvaluationFailed(str(error)) from None
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if gone := sorted(names & self.deleted):
            raise EvaluationFailed(f"name '{gone[0]}' is not defined", "NameError")

    def image(self) -> Image:
        """Everything, to come back to in this process; not while suspended."""
        assert self._snapshot is None, "a call is suspended"
        state = self._surviving(lambda: self._session.dump())
        return Image(state, self._count, dict(self.shown), self.deleted, self.owed)

    def load(self, image: Image) -> None:
        """Become what `image` was; the old session is given back only when the new one stands."""
        session, pid = checkout(self.limits)
        session.load_session(image.state)
        release(self._session)
        self._session, self._pid, self._snapshot = session, pid, None
        self._image, self._feeds, self.owed = image, [], image.owed
        self._count, self.shown, self.deleted = image.count, dict(image.shown), image.deleted

    def kill(self) -> None:
        """End the feed in progress, from any thread; it fails as lost. Without one this does nothing."""
        if self._is_feeding:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    def close(self) -> None:
        """Give the worker back. Idempotent."""
        release(self._session)

    def _look(self, code: str) -> Any:
        """Run a piece of the engine's own, which changes nothing that generated code can see."""
        assert self._snapshot is None, "a call is suspended: evaluate on a copy instead"
        self._pay()
        self._count += 1
        return self._surviving(lambda: self._session.feed_run(code, print_callback=monty.CollectString()))

    def _pay(self) -> None:
        if self.owed:
            self.feed("None")

    def _surviving(self, work: Callable[[], _T]) -> _T:
        """Do `work` between feeds; a worker that died meanwhile is replaced first."""
        try:
            return work()
        except (monty.MontyError, RuntimeError):  # RuntimeError: the session is known to be gone
            self._rebuild(self._feeds)
            return work()

    def _resume(self, answer: monty.ExternalResult) -> Turn:
        snapshot, self._snapshot = self._snapshot, None
        assert snapshot is not None, "nothing is suspended"
        self._feeds[-1].answers.append(answer)
        return self._drive(lambda: snapshot.resume(answer))

    def _drive(self, go: Callable[[], monty.SyncSnapshot]) -> Turn:
        self._is_feeding = True
        began = time.perf_counter()
        try:
            return self._turn(go())
        except (monty.MontyError, ValueError, TypeError, OverflowError) as error:
            return self._raised(error)
        finally:
            self._is_feeding = False
            self.busy += time.perf_counter() - began

    def _turn(self, turn: monty.SyncSnapshot) -> Turn:
        while True:
            match turn:
                case monty.MontyComplete():
                    return Finished(turn.output)
                case monty.FunctionSnapshot(function_name="run", is_os_function=False):
                    self._snapshot = turn
                    at = turn.position
                    if at.filename == f"<python-input-{self._count - 1}>":
                        return Called(turn.args, turn.kwargs, at.start, at.end)
                    return Called(turn.args, turn.kwargs, None, None)
                case monty.FunctionSnapshot():
                    turn = turn.resume({"exception": host.refusal(turn)})
                case monty.NameLookupSnapshot():
                    turn = turn.resume()
                case monty.FutureSnapshot():
                    raise ValueError("nothing can be awaited here")

    def _raised(self, error: Exception) -> Raised:
        if isinstance(error, monty.MontyCrashedError) or _LIMIT_PASSED.match(host.message_of(error)):
            self._recover()
            return self._loss(error)
        frames = (
            error.traceback() if isinstance(error, monty.MontyRuntimeError | monty.MontySyntaxError) else []
        )
        for frame in frames[:1]:  # the outermost: the one in what was fed just now
            place = (frame.line, frame.column, frame.end_line, frame.end_column)
            return Raised(*host.type_and_message(error), *place)
        return Raised(*host.type_and_message(error))

    def _loss(self, error: Exception) -> Raised:
        """A loss in words that are the same whenever it happens: what was measured is left out."""
        kind, message = host.type_and_message(error)
        if kind == "TimeoutError":
            message = f"the statement ran for more than {self.limits.seconds:g} s"
        elif kind == "MemoryError":
            message = f"the statement used more than {self.limits.memory_mb} MB, or printed more than 1 MB"
        return Raised(kind, message, lost=True)

    def _recover(self) -> None:
        """Put a new session where the last feed began."""
        owed = self._feeds[-1].owed
        self._rebuild(self._feeds[:-1])
        self.owed = owed

    def _rebuild(self, feeds: list[_Feed]) -> None:
        shown, deleted, owed = self.shown, self.deleted, self.owed
        self.load(self._image)
        for feed in feeds:
            self._count += 1
            _repeat(self._session, feed)
        self._feeds, self.shown, self.deleted, self.owed = feeds, shown, deleted, owed

    def _copy(self) -> monty.MontySession:
        """A session like this one, at rest: a call that waits in it is broken off."""
        if self._snapshot is None:
            self._pay()
            state = self.image().state
            session = checkout(self.limits)[0]
            session.load_session(state)
            return session
        session = checkout(self.limits)[0]
        turn = session.load_snapshot(self._snapshot.dump(), print_callback=monty.CollectString())
        assert isinstance(turn, monty.FunctionSnapshot)
        with suppress(monty.MontyError):
            turn.resume({"exception": KeyboardInterrupt()})
            # the code caught it and went on: what it was at the statement's start must do
            release(session)
            session = checkout(self.limits)[0]
            session.load_session(self._image.state)
            for feed in self._feeds[:-1]:
                _repeat(session, feed)
        return session


def _repeat(session: monty.MontySession, feed: _Feed) -> None:
    """Feed again, with the answers of the first time."""
    answers = iter(feed.answers)
    with suppress(monty.MontyError, ValueError, TypeError, OverflowError):
        turn = session.feed_start(feed.code, inputs=feed.inputs, print_callback=monty.CollectString())
        while not isinstance(turn, monty.MontyComplete):
            match turn:
                case monty.FunctionSnapshot(function_name="run", is_os_function=False):
                    turn = turn.resume(next(answers))
                case monty.FunctionSnapshot():
                    turn = turn.resume({"exception": host.refusal(turn)})
                case monty.NameLookupSnapshot():
                    turn = turn.resume()
                case monty.FutureSnapshot():
                    return
