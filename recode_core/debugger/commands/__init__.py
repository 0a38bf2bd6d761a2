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
    EditCode,
    EditPrompt,
    EditReply,
    Observe,
    ReplaceAction,
    Retry,
    SetLimit,
    SetVariable,
    Skip,
)
from recode_core.debugger.commands.command import (
    BadCommand,
    BaseCommand,
    InvalidArguments,
    Line,
    split_first,
    usage_error,
)
from recode_core.debugger.commands.help import Help
from recode_core.debugger.commands.moves import Back, Continue, Finish, GoTo, Next, Step, Until
from recode_core.debugger.commands.prompts import UsePrompts
from recode_core.debugger.commands.queries import (
    Assert,
    AssertionFailed,
    DiffBranches,
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
    SwitchBranch,
    Undo,
)
from recode_core.debugger.commands.trials import FindBlame, Graft, Regenerate
from recode_core.suggest import unknown_name
from recode_core.values import clean

Command = (
    EditCode
    | EditPrompt
    | EditReply
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
    | DiffBranches
    | Assert
    | ListBranches
    | SwitchBranch
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
"""All commands, as values."""

COMMANDS: dict[str, type[Command]] = {kind.name(): kind for kind in get_args(Command)}
"""Every command by its name."""


def parse(line: str, block: str | None = None) -> Command:
    """Parse a line and the `block` of text that follows it. Raises BadCommand.

    Lone surrogates, which no file can hold, become `?`.
    """
    line, block = clean(line), None if block is None else clean(block)
    if "\0" in line:
        raise BadCommand(f"invalid command {line!r}: it contains a null character")
    name, rest = split_first(line)
    command = COMMANDS.get(name)
    if command is None:
        raise unknown_name(BadCommand, "command", name, COMMANDS, " (`help` explains them)")
    if block is not None and "<<" not in command.usage:
        raise usage_error(command, f"`{name}` takes no block of text between <<END and END")
    try:
        return command.parse(rest.strip(), block)
    except InvalidArguments as error:
        raise usage_error(command, error) from None


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
    "DiffBranches",
    "DisableBreakpoint",
    "EditCode",
    "EditPrompt",
    "EditReply",
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
    "Quit",
    "Redo",
    "Regenerate",
    "ReplaceAction",
    "Rerun",
    "Retry",
    "Save",
    "SetLimit",
    "SetReuse",
    "SetVariable",
    "Skip",
    "Step",
    "SwitchBranch",
    "Undo",
    "Until",
    "UsePrompts",
    "VariableHistory",
    "VariableOrigin",
    "Watch",
    "When",
    "Where",
    "parse",
    "split_first",
]
