"""Execution of a run: recorded, limited, from stop to stop."""

from recode_core.executor.executor import Executor
from recode_core.executor.limits import Limits, Spent
from recode_core.executor.run import Run
from recode_core.executor.tape import Tape

__all__ = ["Executor", "Limits", "Run", "Spent", "Tape"]
