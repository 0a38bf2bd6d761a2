"""What the commands are, told from the table that they are parsed by."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar, Self

from recode_core.debugger.breakpoints import KINDS
from recode_core.debugger.commands.command import BaseCommand, misused, one_word
from recode_core.debugger.outcomes import Explained, Outcome

if TYPE_CHECKING:
    from recode_core.debugger.debugger import Debugger

_WORDS = (
    "NODE: a place in the tree, as where and show name it. 0 is the root, 0.7.2 the third statement in the "
    "code of 0.7, 0.7@2.0 the first in its second expansion, 0.3#2.0 a placeholder in pass 2 of loop 0.3",
    "PATTERN: a text with * and ? for any, or a /regular expression/",
    "EXPR: Python over the variables at the cursor, event.x (the record) and episode.x (the run so far)",
)
_UNDONE = {
    "cursor back": "puts the cursor back",
    "inverse": "takes it back",
    "earlier branch": "goes back to how the run was before; what was spent is spent",
    "": "not needed or not possible",
}


class Help(BaseCommand, frozen=True):
    """Explain a command, or list all of them."""

    usage: ClassVar = "help [COMMAND]"
    help: ClassVar = "what there is to type, or what one command does"

    command: str = ""

    @classmethod
    def parse(cls, text: str, block: str | None) -> Self:
        return cls(one_word(text, "a command") if text else "")

    def words(self) -> str:
        return shlex.quote(self.command) if self.command else ""

    def execute(self, debugger: Debugger) -> Outcome:
        from recode_core.debugger.commands import COMMANDS

        lines = _explained(COMMANDS, self.command) if self.command else _listed(COMMANDS)
        return Explained(tuple(lines))


def _listed(commands: Mapping[str, type[BaseCommand]]) -> Iterator[str]:
    width = max(map(len, commands))
    yield from (f"{name:{width}}  {found.help}" for name, found in commands.items())
    yield from _WORDS


def _explained(commands: Mapping[str, type[BaseCommand]], name: str) -> Iterator[str]:
    found = commands.get(name)
    if found is None:
        raise misused(Help, f"{name!r} is no command; there are {', '.join(commands)}")
    yield found.usage
    yield f"  {found.help}"
    yield f"  undo: {_UNDONE[found.undo]}"
    if name == "break":
        yield from (f"  {kind}: {each.pattern or 'no pattern'}" for kind, each in KINDS.items())
    yield from (f"  {text}" for text in _WORDS if text.partition(":")[0] in found.usage)
