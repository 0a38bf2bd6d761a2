"""Every command of the debugger, a module for each kind."""

from recode_core.debugger.commands import (
    changes,
    help,
    marks,
    moves,
    prompts,
    questions,
    session,
    trials,
)
from recode_core.debugger.commands.console import COMMANDS, AssertionFailed, BadCommand, Command, Console

__all__ = [
    "COMMANDS",
    "AssertionFailed",
    "BadCommand",
    "Command",
    "Console",
    "changes",
    "help",
    "marks",
    "moves",
    "prompts",
    "questions",
    "session",
    "trials",
]
