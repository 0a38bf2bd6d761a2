"""Execution of a run from stop to stop: recorded, and within limits.

The names below are imported when they are first used: who only needs the limits does not import an executor.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recode_core.executor.executor import Executor
    from recode_core.executor.limits import Limits, Spent
    from recode_core.executor.recorder import Recorder
    from recode_core.executor.run import Run

__all__ = ["Executor", "Limits", "Recorder", "Run", "Spent"]

_MODULES = {
    "Executor": "executor",
    "Limits": "limits",
    "Recorder": "recorder",
    "Run": "run",
    "Spent": "limits",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
