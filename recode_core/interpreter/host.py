"""What the sandbox asks of its host besides actions, and is refused; values and errors as it shows them."""

from __future__ import annotations

import pydantic_monty as monty

from recode_core.errors import RecodeError
from recode_core.values import MESSAGE_LIMIT, Variable, clean, shortened


class EvaluationFailed(RecodeError):
    """An expression could not be evaluated on a copy; `type` is that of the error in it, if there was one."""

    def __init__(self, message: str, type: str = "") -> None:
        super().__init__(message)
        self.type = type


class NotSaved(RecodeError):
    """The sandbox holds too much to be saved within its memory limit; it stands as before."""


def as_variable(name: str, shown: tuple[str, str, int]) -> Variable:
    """A variable from what the sandbox says of a value: type, text, length or -1."""
    kind, text, length = shown
    return Variable(name, kind, text, None if length < 0 else length)


def not_shown(name: str) -> Variable:
    """A variable that the sandbox has no time or memory left to show."""
    return Variable(name, "object", "<it cannot be shown within the sandbox's limits>")


def asked(call: monty.FunctionSnapshot) -> str:
    """What the sandbox asks its host for, as part of a message."""
    if call.is_os_function and call.function_name == "import":
        return f"the module {call.args[0]!r:.80}"
    return f"{call.function_name}()"


def refusal(call: monty.FunctionSnapshot) -> Exception:
    """What the sandbox is told when it asks its host for anything but `run`."""
    if not call.is_os_function:
        return NameError(f"name '{call.function_name}' is not defined")
    if call.function_name == "import":
        return ModuleNotFoundError(f"No module named '{call.args[0]}'")
    return PermissionError(f"{call.function_name} is not allowed in the sandbox")


def why_not(turn: monty.SyncSnapshot, expression: str) -> EvaluationFailed:
    """Why an expression that is only looked at can't be evaluated."""
    expression = shortened(expression, 200)
    if isinstance(turn, monty.FunctionSnapshot) and turn.function_name == "run":
        return EvaluationFailed(f"{expression!r} would act in the world; only look at variables here")
    if isinstance(turn, monty.FunctionSnapshot):
        refused = refusal(turn)
        return EvaluationFailed(str(refused), type(refused).__name__)
    if isinstance(turn, monty.NameLookupSnapshot):
        return EvaluationFailed(f"name '{turn.variable_name}' is not defined", "NameError")
    return EvaluationFailed(f"{expression!r} can't be evaluated here")


def inner(error: BaseException) -> BaseException:
    """The exception that the sandbox's own code would see."""
    return error.exception() if isinstance(error, monty.MontyError) else error


def type_and_message(error: BaseException) -> tuple[str, str]:
    """The type and the message of an error; the message is shortened."""
    found = inner(error)
    return type(found).__name__, shortened(clean(str(found)), MESSAGE_LIMIT)


def is_raised_by_code(error: BaseException) -> bool:
    """Whether an error comes of a `raise` (or goes through an `except`) in the code, not of a limit.

    A limit of the sandbox cannot be caught, and has no frame or that of the operation that met it.
    """
    if not isinstance(error, monty.MontyRuntimeError) or not (frames := error.traceback()):
        return False
    last = frames[-1]
    before = (last.source_line or "")[: last.column - 1].split()
    return before[-1:] in (["raise"], ["except"])


def place_of(error: BaseException) -> tuple[int, int, int, int]:
    """Line, column, end line and end column of an error in what was fed just now; 0 where unknown."""
    if not isinstance(error, monty.MontyRuntimeError | monty.MontySyntaxError):
        return (0, 0, 0, 0)
    frames = error.traceback()[:1]  # the outermost
    return next(((at.line, at.column, at.end_line, at.end_column) for at in frames), (0, 0, 0, 0))


def is_elsewhere(error: BaseException, feed: str) -> bool:
    """Whether the outermost place of an error is in another feed than the one of that name."""
    frames = error.traceback()[:1] if isinstance(error, monty.MontyRuntimeError) else []
    return any(at.filename != feed for at in frames)


def inner_line(error: BaseException) -> str:
    """The line of the innermost function that an error was raised in; empty where that is none."""
    frames = error.traceback()[1:] if isinstance(error, monty.MontyRuntimeError) else []
    return (frames[-1].source_line or "") if frames else ""
