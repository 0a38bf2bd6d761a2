"""Commands for the session: its branches, undo and redo, its file."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from recode_core import graph
from recode_core.debugger.commands.command import BaseCommand, InvalidArguments, single_argument
from recode_core.debugger.outcomes import (
    BranchesListed,
    FileWritten,
    Outcome,
    QuitRequested,
    Restarted,
    ReuseSet,
    reverted,
    stop_reached,
    undo_listed,
)
from recode_core.files import write_new

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger

SCRIPT_SUFFIX = ".recode"


class ListBranches(BaseCommand, frozen=True):
    """List the branches."""

    usage: ClassVar = "branches"
    help: ClassVar = "list the branches with the record and the reason of each fork"

    def execute(self, debugger: Debugger) -> Outcome:
        return BranchesListed(debugger.log, debugger.branch)


class SwitchBranch(BaseCommand, frozen=True):
    """To the end of a branch."""

    usage: ClassVar = "switch BRANCH"
    help: ClassVar = "to the end of a branch"
    undo: ClassVar = "cursor back"

    branch: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(single_argument(text))

    def arguments(self) -> str:
        return shlex.quote(self.branch)

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.switch(self.branch)
        return stop_reached(debugger)


class _OnHistory(BaseCommand, frozen=True):
    """A command that takes a step in the undo history, or with `is_list` lists the steps."""

    is_list: bool = False

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        if text not in ("", "list"):
            raise InvalidArguments(f"expected list or nothing, not {text!r}")
        return cls(text == "list")

    def arguments(self) -> str:
        return "list" if self.is_list else ""


class Undo(_OnHistory, frozen=True):
    """Revert the last command, or list the commands that would be reverted."""

    usage: ClassVar = "undo [list]"
    help: ClassVar = "revert the last command, or list what undo would revert"

    def execute(self, debugger: Debugger) -> Outcome:
        before, steps = debugger.position, debugger.parts.history.undoable
        if self.is_list:
            return undo_listed(debugger, "undo", steps)
        debugger.undo()
        return reverted(debugger, "undone", steps[0].command, before)


class Redo(_OnHistory, frozen=True):
    """Redo the last undone command, or list the commands that would be repeated."""

    usage: ClassVar = "redo [list]"
    help: ClassVar = "redo the last undone command, or list what redo would repeat"

    def execute(self, debugger: Debugger) -> Outcome:
        before, steps = debugger.position, debugger.parts.history.redoable
        if self.is_list:
            return undo_listed(debugger, "redo", steps)
        debugger.redo()
        return reverted(debugger, "redone", steps[0].command, before)


class SetReuse(BaseCommand, frozen=True):
    """Switch the reuse of expansions with the same prompt on or off."""

    usage: ClassVar = "reuse on|off"
    help: ClassVar = "after a change, reuse expansions with the same prompt instead of calling the policy"

    on: bool

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        if text not in ("on", "off"):
            raise InvalidArguments(f"expected on or off, not {text!r}")
        return cls(text == "on")

    def arguments(self) -> str:
        return "on" if self.on else "off"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.parts.live_run().reuse = self.on
        return ReuseSet(self.on)


class Rerun(BaseCommand, frozen=True):
    """Run the same settings again."""

    usage: ClassVar = "rerun"
    help: ClassVar = "run the same settings again, in a new session"

    def execute(self, debugger: Debugger) -> Outcome:
        fresh = debugger.files.rerun()
        return Restarted(fresh, stop_reached(fresh), str(debugger.path))


class _ToFile(BaseCommand, frozen=True):
    """A command that writes a file."""

    path: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(single_argument(text))

    def arguments(self) -> str:
        return shlex.quote(self.path)


class Save(_ToFile, frozen=True):
    """Write a copy of the session."""

    usage: ClassVar = "save FILE"
    help: ClassVar = "write a copy of the session"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.files.save(Path(self.path))
        return FileWritten("saved", self.path)


class Export(_ToFile, frozen=True):
    """Export the tree as a graph, or the session as a script."""

    usage: ClassVar = "export FILE"
    help: ClassVar = (
        "export the tree with its branches as .graphml or .json, or the changes as a .recode script"
    )

    def execute(self, debugger: Debugger) -> Outcome:
        path = Path(self.path)
        if path.suffix == SCRIPT_SUFFIX:
            write_new(path, debugger.files.script())
        else:
            graph.write(debugger.log, path)
        return FileWritten("exported", self.path)


class Quit(BaseCommand, frozen=True):
    """Quit the debugger."""

    usage: ClassVar = "quit"
    help: ClassVar = "quit the debugger"

    def execute(self, debugger: Debugger) -> Outcome:
        return QuitRequested()
