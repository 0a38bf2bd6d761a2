"""Execution of a run from stop to stop: recorded, and within limits."""

from recode_core.executor.executor import Executor
from recode_core.executor.limits import Limits, Spent
from recode_core.executor.recorder import Recorder
from recode_core.executor.run import Run

__all__ = ["Executor", "Limits", "Recorder", "Run", "Spent"]
