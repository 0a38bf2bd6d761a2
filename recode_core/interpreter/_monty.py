"""Translate errors of `pydantic-monty`: an exception in the code, or a crash of the sandbox.

Only this module depends on the wording of the library's errors; other modules use types and fields. The
library mostly uses exception types. Where it does not, the message is parsed here, and a test fails if a new
version words it differently (`tests/interpreter/test_errors.py`).
"""

from __future__ import annotations

import pydantic_monty as monty

from recode_core.interpreter.budget import OverBudget
from recode_core.interpreter.feed_result import Raised
from recode_core.values import MESSAGE_LIMIT, clean, shortened

PROCESS_ENDED = (monty.MontyCrashedError, RuntimeError)
"""Exceptions for using a session whose process has ended; RuntimeError if that was noticed before."""

# `run` cannot be suspended in a function that the library itself calls, such as a sort key. It raises a
# NotImplementedError then, as for many other reasons, so the message is compared. Code may catch the
# exception and raise another type with this message.
_NO_SUSPENSION = "'run' cannot suspend in this synchronous context"


def was_killed(error: BaseException) -> bool:
    """Whether a worker was ended from outside, and not by the time limit."""
    return isinstance(error, PROCESS_ENDED) and not (
        isinstance(error, monty.MontyCrashedError) and error.timed_out
    )


def crash_of(
    error: BaseException, *, is_alive: bool, elapsed: float, seconds: float, memory_mb: int
) -> Raised | None:
    """The crash for an error: the sandbox stopped the code at a limit, or its process has ended.

    None if the code raised an exception and the session can still be used. `elapsed` is the duration of the
    feed in seconds. The message of a crash contains no measured values, so that it is always the same.
    """
    kind, message = type_and_message(error)
    if isinstance(error, OverBudget):
        return Raised(error.type, message, state_lost=True)
    if isinstance(error, monty.MontyCrashedError) or (isinstance(error, PROCESS_ENDED) and not is_alive):
        message = "the interpreter's process ended while it ran this statement"
        return Raised("InterpreterCrashed", message, state_lost=True)
    match inner(error):
        case TimeoutError() if elapsed >= seconds or not is_alive:  # else the code raised it itself
            message = f"the statement ran for more than {seconds:g} s"
        case MemoryError() if not is_raised_by_code(error) or not is_alive:
            message = f"the statement used more than {memory_mb} MB, or printed more than 1 MB"
        case _ if is_alive:
            return None
    return Raised(kind, message, state_lost=True)


def failure_of(error: BaseException, feed: str) -> Raised:
    """The failure for an exception that code raised in the feed `feed`."""
    kind, message = type_and_message(error)
    return Raised(
        kind,
        message,
        *_place_of(error),
        is_elsewhere=_is_elsewhere(error, feed),
        inner=_inner_line(error),
        cannot_act=_NO_SUSPENSION in message,
    )


def inner(error: BaseException) -> BaseException:
    """The exception as the code in the sandbox would see it."""
    return error.exception() if isinstance(error, monty.MontyError) else error


def type_and_message(error: BaseException) -> tuple[str, str]:
    """The type and the message of an error; the message is shortened."""
    found = inner(error)
    return type(found).__name__, shortened(clean(str(found)), MESSAGE_LIMIT)


def is_raised_by_code(error: BaseException) -> bool:
    """Whether the code raised an error itself, by `raise` or again by `except`, so that it is no limit.

    An error of the sandbox at a limit has no traceback, or ends at the operation that reached the limit. The
    source text before that position is the only way to tell.
    """
    if not isinstance(error, monty.MontyRuntimeError) or not (frames := error.traceback()):
        return False
    last = frames[-1]
    before = (last.source_line or "")[: last.column - 1].split()
    return before[-1:] in (["raise"], ["except"])


def _place_of(error: BaseException) -> tuple[int, int, int, int]:
    """Line, column, end line and end column of an error in the last feed; 0 if unknown."""
    if not isinstance(error, monty.MontyRuntimeError | monty.MontySyntaxError):
        return (0, 0, 0, 0)
    frames = error.traceback()[:1]  # the outermost
    return next(((at.line, at.column, at.end_line, at.end_column) for at in frames), (0, 0, 0, 0))


def _is_elsewhere(error: BaseException, feed: str) -> bool:
    """Whether the outermost position of an error is in another feed than `feed`."""
    frames = error.traceback()[:1] if isinstance(error, monty.MontyRuntimeError) else []
    return any(at.filename != feed for at in frames)


def _inner_line(error: BaseException) -> str:
    """The line of the innermost function that raised an error; empty if no function did."""
    frames = error.traceback()[1:] if isinstance(error, monty.MontyRuntimeError) else []
    return (frames[-1].source_line or "") if frames else ""
