"""What the sandbox asks of its host besides actions, and is refused; values and errors as it shows them."""

from __future__ import annotations

import pydantic_monty as monty

from recode_core.errors import RecodeError
from recode_core.values import Variable


class EvaluationFailed(RecodeError):
    """An expression could not be evaluated on a copy; `type` is that of the error in it, if there was one."""

    def __init__(self, message: str, type: str = "") -> None:
        super().__init__(message)
        self.type = type


def as_variable(name: str, shown: tuple[str, str, int]) -> Variable:
    """A variable from what the sandbox says of a value: type, text, length or -1."""
    kind, text, length = shown
    return Variable(name, kind, text, None if length < 0 else length)


def refusal(call: monty.FunctionSnapshot) -> Exception:
    """What the sandbox is told when it asks its host for anything but `run`."""
    if not call.is_os_function:
        return NameError(f"name '{call.function_name}' is not defined")
    if call.function_name == "import":
        return ModuleNotFoundError(f"No module named '{call.args[0]}'")
    return PermissionError(f"{call.function_name} is not allowed in the sandbox")


def why_not(turn: monty.SyncSnapshot, expression: str) -> EvaluationFailed:
    """Why an expression that is only looked at can't be evaluated."""
    if isinstance(turn, monty.FunctionSnapshot) and turn.function_name == "run":
        return EvaluationFailed(f"{expression!r} would act in the world; only look at variables here")
    if isinstance(turn, monty.FunctionSnapshot):
        refused = refusal(turn)
        return EvaluationFailed(str(refused), type(refused).__name__)
    if isinstance(turn, monty.NameLookupSnapshot):
        return EvaluationFailed(f"name '{turn.variable_name}' is not defined", "NameError")
    return EvaluationFailed(f"{expression!r} can't be evaluated here")


def message_of(error: Exception) -> str:
    """What an error says, without its traceback."""
    return str(error.exception()) if isinstance(error, monty.MontyError) else str(error)


def type_and_message(error: Exception) -> tuple[str, str]:
    """The type and the message of an error, as the sandbox's own code would see them."""
    if isinstance(error, monty.MontyCrashedError):
        return "InterpreterCrashed", "the interpreter's process ended while it ran this statement"
    inner = error.exception() if isinstance(error, monty.MontyError) else error
    return type(inner).__name__, str(inner)
