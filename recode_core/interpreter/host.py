"""What the sandbox asks of its host besides actions, and is refused; values as it shows them."""

from __future__ import annotations

import pydantic_monty as monty

from recode_core.errors import RecodeError
from recode_core.values import Variable, shortened


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
