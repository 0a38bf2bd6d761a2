"""Requests of the sandbox to its host that are refused, and the conversion of shown values."""

from __future__ import annotations

import pydantic_monty as monty

from recode_core.errors import RecodeError
from recode_core.values import Variable, shortened


class EvaluationFailed(RecodeError):
    """An expression could not be evaluated. `type` is the type of the exception that it raised, or empty."""

    def __init__(self, message: str, type: str = "") -> None:
        super().__init__(message)
        self.type = type


class NotSaved(RecodeError):
    """The sandbox is too large to be saved within its memory limit. It is unchanged."""


def as_variable(name: str, shown: tuple[str, str, int]) -> Variable:
    """The variable for a shown value: its type, its text, and its full length or -1."""
    kind, text, length = shown
    return Variable(name, kind, text, None if length < 0 else length)


def not_shown(name: str) -> Variable:
    """The variable for a value that the sandbox cannot show within its limits."""
    return Variable(name, "object", "<it cannot be shown within the sandbox's limits>")


def request_text(call: monty.FunctionSnapshot) -> str:
    """A request of the sandbox, as part of a message."""
    if call.is_os_function and call.function_name == "import":
        return f"the module {call.args[0]!r:.80}"
    return f"{call.function_name}()"


def refusal(call: monty.FunctionSnapshot) -> Exception:
    """The exception that refuses a request other than `run`."""
    if not call.is_os_function:
        return NameError(f"name '{call.function_name}' is not defined")
    if call.function_name == "import":
        return ModuleNotFoundError(f"No module named '{call.args[0]}'")
    return PermissionError(f"{call.function_name} is not allowed in the sandbox")


def evaluation_failure(snapshot: monty.SyncSnapshot, expression: str) -> EvaluationFailed:
    """The error for an expression that makes a request to the host instead of giving a value."""
    expression = shortened(expression, 200)
    if isinstance(snapshot, monty.FunctionSnapshot) and snapshot.function_name == "run":
        return EvaluationFailed(f"{expression!r} would act in the world; only variables can be read here")
    if isinstance(snapshot, monty.FunctionSnapshot):
        refused = refusal(snapshot)
        return EvaluationFailed(str(refused), type(refused).__name__)
    if isinstance(snapshot, monty.NameLookupSnapshot):
        return EvaluationFailed(f"name '{snapshot.variable_name}' is not defined", "NameError")
    return EvaluationFailed(f"{expression!r} can't be evaluated here")
