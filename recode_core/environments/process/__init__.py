"""Environments in child processes, which contain what a library prints, patches or leaks, and its hangs."""

from recode_core.environments.process.interpreter import interpreter
from recode_core.environments.process.plan_policy import PlanPolicy
from recode_core.environments.process.process import Process
from recode_core.environments.process.timeouts import WorldTimeouts, world_timeouts

__all__ = ["PlanPolicy", "Process", "WorldTimeouts", "interpreter", "world_timeouts"]
