"""What the sandbox asks of its host besides actions, and is refused; and values as it shows them."""

from __future__ import annotations

import pydantic_monty as monty

from recode_core.values import Variable


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


def why_not(turn: monty.SyncSnapshot, expression: str) -> str:
    """Why an expression that is only looked at can't be evaluated."""
    if isinstance(turn, monty.FunctionSnapshot) and turn.function_name == "run":
        return f"{expression!r} would act in the world; only look at variables here"
    if isinstance(turn, monty.FunctionSnapshot):
        return str(refusal(turn))
    if isinstance(turn, monty.NameLookupSnapshot):
        return f"name '{turn.variable_name}' is not defined"
    return f"{expression!r} can't be evaluated here"
