"""The commands of the debugger: one table for the `:` line, scripts, the screen and the Python API."""

from __future__ import annotations

from typing import get_args

from recode_core.debugger.commands.annotations import (
    AddBreakpoint,
    DeleteBreakpoint,
    DisableBreakpoint,
    EnableBreakpoint,
    ListBreakpoints,
    Note,
    Watch,
)
from recode_core.debugger.commands.changes import (
    Accept,
    Edit,
    Observe,
    Prompt,
    ReplaceAction,
    Reply,
    Retry,
    SetLimit,
    SetVariable,
    Skip,
)
from recode_core.debugger.commands.command import BadCommand, BaseCommand, Line, WrongWords, misused
from recode_core.debugger.commands.help import Help
from recode_core.debugger.commands.moves import Back, Continue, Finish, GoTo, Next, Step, Until
from recode_core.debugger.commands.prompts import UsePrompts
from recode_core.debugger.commands.queries import (
    Assert,
    AssertionFailed,
    Diff,
    ListVariables,
    Possible,
    Print,
    VariableHistory,
    VariableOrigin,
    When,
    Where,
)
from recode_core.debugger.commands.session import (
    Export,
    ListBranches,
    Quit,
    Redo,
    Rerun,
    Save,
    SetReuse,
    Switch,
    Undo,
)
from recode_core.debugger.commands.trials import FindBlame, Graft, Regenerate

Command = (
    Edit
    | Prompt
    | Reply
    | Skip
    | Accept
    | Retry
    | SetVariable
    | ReplaceAction
    | Observe
    | SetLimit
    | Help
    | AddBreakpoint
    | ListBreakpoints
    | EnableBreakpoint
    | DisableBreakpoint
    | DeleteBreakpoint
    | Watch
    | Note
    | Step
    | Next
    | Finish
    | Continue
    | Until
    | Back
    | GoTo
    | UsePrompts
    | Print
    | Where
    | ListVariables
    | Possible
    | VariableHistory
    | When
    | VariableOrigin
    | Diff
    | Assert
    | ListBranches
    | Switch
    | Undo
    | Redo
    | SetReuse
    | Rerun
    | Save
    | Export
    | Quit
    | Regenerate
    | Graft
    | FindBlame
)
"""Everything that can be done, as values."""

COMMANDS: dict[str, type[Command]] = {kind.name(): kind for kind in get_args(Command)}
"""Every command by its name."""


def parse(line: str, block: str | None = None) -> Command:
    """The command that a line says; `block` is the text that follows it. Raises BadCommand."""
    if "\0" in line:
        raise BadCommand(f"{line!r} is no command: it holds a null character")
    name, _, rest = line.strip().partition(" ")
    command = COMMANDS.get(name)
    if command is None:
        raise BadCommand(f"{name!r} is no command; help explains them: {', '.join(COMMANDS)}")
    if block is not None and "<<" not in command.usage:
        raise misused(command, f"{name} takes no text between <<END and END")
    try:
        return command.parse(rest.strip(), block)
    except WrongWords as error:
        raise misused(command, error) from None


__all__ = [
    "COMMANDS",
    "Accept",
    "AddBreakpoint",
    "Assert",
    "AssertionFailed",
    "Back",
    "BadCommand",
    "BaseCommand",
    "Command",
    "Continue",
    "DeleteBreakpoint",
    "Diff",
    "DisableBreakpoint",
    "Edit",
    "EnableBreakpoint",
    "Export",
    "FindBlame",
    "Finish",
    "GoTo",
    "Graft",
    "Help",
    "Line",
    "ListBranches",
    "ListBreakpoints",
    "ListVariables",
    "Next",
    "Note",
    "Observe",
    "Possible",
    "Print",
    "Prompt",
    "Quit",
    "Redo",
    "Regenerate",
    "ReplaceAction",
    "Reply",
    "Rerun",
    "Retry",
    "Save",
    "SetLimit",
    "SetReuse",
    "SetVariable",
    "Skip",
    "Step",
    "Switch",
    "Undo",
    "Until",
    "UsePrompts",
    "VariableHistory",
    "VariableOrigin",
    "Watch",
    "When",
    "Where",
    "parse",
]
