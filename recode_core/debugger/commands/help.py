"""Help on the commands, from the table that parses them."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Self

from recode_core.debugger.breakpoints import KINDS
from recode_core.debugger.commands.command import (
    BaseCommand,
    InvalidArguments,
    single_argument,
    usage_error,
)
from recode_core.debugger.outcomes import HelpShown, Outcome
from recode_core.suggest import unknown_name

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger

TERMS = {
    "NODE": "The id of a node in the tree, as `where` and `recode show` list it. 0 is the root, 0.7.2 the "
    "third statement in the code of 0.7, 0.7@2.0 the first in its second expansion, 0.3#2.0 a placeholder "
    "in pass 2 of loop 0.3.",
    "RECORD": "The number of a record, as `[main] record 41` prints it.",
    "PATTERN": "A glob that matches the whole text (* and ?), or a /regular expression/ found anywhere in "
    "it.",
    "EXPR": "Python. A bare name is a variable of the run, event.x a field of the record at the cursor, "
    "episode.x one of score, steps, calls, tokens, cost_usd, outcome and solved.",
    "after N": "Ignore the first N hits. With `if`, only stops where EXPR holds are hits.",
    "log, once": "Print the hit and continue; stop one time only.",
    "<<END": "The text of the lines that follow, up to a line END. Any word can stand for END.",
    "branches": "A change in the past starts a branch, named after its command: edit-1, retry-2. Candidates "
    "and the continuations that blame tries stay as branches too: candidate-1, probe-1.",
}
"""The words of the command language. `help`, `recode debug --help` and the documentation read this table."""

UNDO_MEANINGS = {
    "cursor back": "moves the cursor back",
    "inverse": "reverts the change",
    "earlier branch": "returns to the run before the change; costs are not refunded",
    "": "not needed or not possible",
}
"""The effect of `undo` on a command, by the `undo` of its class."""


class Help(BaseCommand, frozen=True):
    """Explain a command, or list all of them."""

    usage: ClassVar = "help [COMMAND]"
    help: ClassVar = "list the commands, or explain one"

    command: str = ""

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(single_argument(text, "a command") if text else "")

    def arguments(self) -> str:
        return shlex.quote(self.command) if self.command else ""

    def execute(self, debugger: Debugger) -> Outcome:
        from recode_core.debugger.commands import COMMANDS

        lines = command_help(COMMANDS, self.command) if self.command else command_list(COMMANDS)
        return HelpShown(tuple(lines))


def command_list(commands: Mapping[str, type[BaseCommand]]) -> Iterator[str]:
    """The help on all commands, and the words in their usage."""
    width = max(map(len, commands))
    yield from (f"{name:{width}}  {found.help}" for name, found in commands.items())
    yield from (f"{term}: {text}" for term, text in TERMS.items())


def command_help(commands: Mapping[str, type[BaseCommand]], name: str) -> Iterator[str]:
    """The help on a command. Raises BadCommand for an unknown one."""
    found = commands.get(name)
    if found is None:
        why = unknown_name(InvalidArguments, "command", name, commands)
        raise usage_error(Help, why)
    yield found.usage
    yield f"  {found.help}"
    yield f"  undo: {UNDO_MEANINGS[found.undo]}"
    if name == "break":
        yield from (f"  {kind}: {each.pattern or 'no pattern'}" for kind, each in KINDS.items())
    yield from (f"  {term}: {text}" for term, text in TERMS.items() if term in found.usage)
