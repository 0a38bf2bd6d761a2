"""Errors of `pydantic-monty`, in types of ours: did the code fail, or did the sandbox crash?

Whoever is outside of this module asks for a type or a field, never for words. The library tells most of it by
the type of its exceptions. For the rest there are only words, and they are read here and nowhere else; a test
fails when a new version words them in another way (`tests/interpreter/test_errors.py`).
"""

from __future__ import annotations

import pydantic_monty as monty

from recode_core.interpreter.budget import OverBudget
from recode_core.interpreter.turn import Raised
from recode_core.values import MESSAGE_LIMIT, clean, shortened

GONE = (monty.MontyCrashedError, RuntimeError)
"""What using a session raises whose process has ended; RuntimeError where that is known already."""

# A function that the library's own code calls (a sort key, say) can't be suspended. The exception for that is
# a NotImplementedError, as for much else, so only its words tell; code may raise it again as another type.
_NO_SUSPENSION = "'run' cannot suspend in this synchronous context"


def was_ended(error: BaseException) -> bool:
    """Whether somebody else ended the worker, and not the limit of time."""
    return isinstance(error, GONE) and not (isinstance(error, monty.MontyCrashedError) and error.timed_out)


def crash_of(
    error: BaseException, *, is_alive: bool, elapsed: float, seconds: float, memory_mb: int
) -> Raised | None:
    """The crash that an error stands for: the sandbox broke off, or its process has ended.

    None where the code failed, and left the session sound. `elapsed` are the seconds that the feed took. The
    words for a crash are the same whenever it happens: what was measured is left out.
    """
    kind, message = type_and_message(error)
    if isinstance(error, OverBudget):
        return Raised(error.type, message, state_lost=True)
    if isinstance(error, monty.MontyCrashedError) or (isinstance(error, GONE) and not is_alive):
        message = "the interpreter's process ended while it ran this statement"
        return Raised("InterpreterCrashed", message, state_lost=True)
    match inner(error):
        case TimeoutError() if elapsed >= seconds or not is_alive:  # code that raises one has time left
            message = f"the statement ran for more than {seconds:g} s"
        case MemoryError() if not is_raised_by_code(error) or not is_alive:
            message = f"the statement used more than {memory_mb} MB, or printed more than 1 MB"
        case _ if is_alive:
            return None
    return Raised(kind, message, state_lost=True)


def failure_of(error: BaseException, feed: str) -> Raised:
    """The exception that code in the feed of that name raised, with its place."""
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
    """The exception that the sandbox's own code would see."""
    return error.exception() if isinstance(error, monty.MontyError) else error


def type_and_message(error: BaseException) -> tuple[str, str]:
    """The type and the message of an error; the message is shortened."""
    found = inner(error)
    return type(found).__name__, shortened(clean(str(found)), MESSAGE_LIMIT)


def is_raised_by_code(error: BaseException) -> bool:
    """Whether an error comes of a `raise` (or goes through an `except`) in the code, not of a limit.

    A limit of the sandbox cannot be caught, and has no frame or that of the operation that met it. Nothing
    but the source before that place tells the two apart.
    """
    if not isinstance(error, monty.MontyRuntimeError) or not (frames := error.traceback()):
        return False
    last = frames[-1]
    before = (last.source_line or "")[: last.column - 1].split()
    return before[-1:] in (["raise"], ["except"])


def _place_of(error: BaseException) -> tuple[int, int, int, int]:
    """Line, column, end line and end column of an error in what was fed just now; 0 where unknown."""
    if not isinstance(error, monty.MontyRuntimeError | monty.MontySyntaxError):
        return (0, 0, 0, 0)
    frames = error.traceback()[:1]  # the outermost
    return next(((at.line, at.column, at.end_line, at.end_column) for at in frames), (0, 0, 0, 0))


def _is_elsewhere(error: BaseException, feed: str) -> bool:
    """Whether the outermost place of an error is in another feed than the one of that name."""
    frames = error.traceback()[:1] if isinstance(error, monty.MontyRuntimeError) else []
    return any(at.filename != feed for at in frames)


def _inner_line(error: BaseException) -> str:
    """The line of the innermost function that an error was raised in; empty where that is none."""
    frames = error.traceback()[1:] if isinstance(error, monty.MontyRuntimeError) else []
    return (frames[-1].source_line or "") if frames else ""
