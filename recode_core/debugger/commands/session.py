"""The session: its branches, what was done last, its file."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from recode_core import graph
from recode_core.debugger.commands.command import BaseCommand, WrongWords, one_word
from recode_core.debugger.outcomes import (
    Branches,
    Ended,
    Outcome,
    Restarted,
    ReuseSet,
    Written,
    arrived,
)

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger


class ListBranches(BaseCommand, frozen=True):
    """The branches."""

    usage: ClassVar = "branches"
    help: ClassVar = "the branches, each with where and why it began"

    def execute(self, debugger: Debugger) -> Outcome:
        return Branches(debugger.log, debugger.branch)


class Switch(BaseCommand, frozen=True):
    """To the end of a branch."""

    usage: ClassVar = "switch BRANCH"
    help: ClassVar = "to the end of a branch"
    undo: ClassVar = "cursor back"

    branch: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(one_word(text))

    def words(self) -> str:
        return shlex.quote(self.branch)

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.switch(self.branch)
        return arrived(debugger)


class Undo(BaseCommand, frozen=True):
    """Revert the last command."""

    usage: ClassVar = "undo"
    help: ClassVar = "revert the last command"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.undo()
        return arrived(debugger)


class Redo(BaseCommand, frozen=True):
    """Do again what was undone last."""

    usage: ClassVar = "redo"
    help: ClassVar = "do again what was undone last"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.redo()
        return arrived(debugger)


class SetReuse(BaseCommand, frozen=True):
    """Whether expansions with the same prompt are reused."""

    usage: ClassVar = "reuse on|off"
    help: ClassVar = "whether expansions with the same prompt are taken over after a change"

    on: bool

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        if text not in ("on", "off"):
            raise WrongWords(f"reuse is on or off, not {text!r}")
        return cls(text == "on")

    def words(self) -> str:
        return "on" if self.on else "off"

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.parts.live_run().reuse = self.on
        return ReuseSet(self.on)


class Rerun(BaseCommand, frozen=True):
    """Run the same settings again."""

    usage: ClassVar = "rerun"
    help: ClassVar = "the same settings again, in a new session"

    def execute(self, debugger: Debugger) -> Outcome:
        fresh = debugger.files.rerun()
        return Restarted(fresh, arrived(fresh), str(debugger.path))


class Save(BaseCommand, frozen=True):
    """Write a copy of the session."""

    usage: ClassVar = "save FILE"
    help: ClassVar = "write a copy of the session"

    path: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(one_word(text))

    def words(self) -> str:
        return shlex.quote(self.path)

    def execute(self, debugger: Debugger) -> Outcome:
        debugger.files.save(Path(self.path))
        return Written("saved", self.path)


class Export(BaseCommand, frozen=True):
    """Write the tree as a graph."""

    usage: ClassVar = "export FILE"
    help: ClassVar = "write the tree with its branches, by the file's ending: .graphml, .json"

    path: str

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(one_word(text))

    def words(self) -> str:
        return shlex.quote(self.path)

    def execute(self, debugger: Debugger) -> Outcome:
        graph.write(debugger.log, Path(self.path))
        return Written("exported", self.path)


class Quit(BaseCommand, frozen=True):
    """Leave."""

    usage: ClassVar = "quit"
    help: ClassVar = "end"

    def execute(self, debugger: Debugger) -> Outcome:
        return Ended()
