"""Environments that live in a process of their own, whatever they print, swap, leak or hang on."""

from recode_core.environments.process.interpreter import interpreter
from recode_core.environments.process.patience import Patience, patience
from recode_core.environments.process.planned import Planned
from recode_core.environments.process.process import Process

__all__ = ["Patience", "Planned", "Process", "interpreter", "patience"]
